from django.urls import path

from .views import experts, joining, public, requests_public

app_name = "public-events"
urlpatterns = [
    path("r/<str:token>/", public.rsvp, name="rsvp"),
    path("r/<str:token>/calendar/", public.rsvp_calendar, name="rsvp-calendar"),
    path("r/<str:token>/square/", public.rsvp_square, name="rsvp-square"),
    path("take-part/<str:token>/", joining.join, name="join"),
    path("calendar/<str:token>/", public.staff_calendar, name="staff-calendar"),
    # The press desk
    path("press/", requests_public.ask, name="request"),
    path("speak/<str:token>/", experts.answer, name="speaker-answer"),
]
