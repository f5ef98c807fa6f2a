from django.urls import path

from .views import public

app_name = "public-events"
urlpatterns = [
    path("calendar/<str:token>/", public.staff_calendar, name="staff-calendar"),
]
