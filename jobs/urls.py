from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("<int:pk>/", views.detail, name="job-detail"),
    path("<int:pk>/stop/", views.stop, name="job-stop"),
]
