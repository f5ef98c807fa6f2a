from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<str:name>/", views.inbox, name="inbox-letter"),
    path("inbox/<str:name>/body/", views.letter, name="letter"),
]
