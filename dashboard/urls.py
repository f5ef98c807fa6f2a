from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("", views.today, name="today"),
    path("guide/", views.guide_page, name="guide"),
    path("guide/<str:name>/", views.guide_page, name="guide-page"),
]
