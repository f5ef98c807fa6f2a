from django.urls import path

from .views import requests_public

app_name = "press"
urlpatterns = [
    path("press/", requests_public.ask, name="request"),
]
