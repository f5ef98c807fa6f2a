"""What the world may open without an account. A proxy can publish this list alone."""

from django.urls import include, path

urlpatterns = [
    path("", include("mailings.public_urls")),
    path("", include("events.public_urls")),
]
