from django.urls import path

from .views import experts, requests_public

app_name = "press"
urlpatterns = [
    path("press/", requests_public.ask, name="request"),
    path("speak/<str:token>/", experts.answer, name="speaker-answer"),
]
