from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job-list"),
    path("<int:pk>/", views.detail, name="job-detail"),
    path("<int:pk>/stop/", views.stop, name="job-stop"),
]
