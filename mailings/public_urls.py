from django.urls import path

from .views import hooks, measuring, preferences, public

app_name = "public"
urlpatterns = [
    path("w/<str:token>/", public.web_copy, name="web-copy"),
    path("w/<str:token>/<int:pk>/", public.web_file, name="web-file"),
    path("u/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/", preferences.own_data, name="own-data"),
    path("hooks/<str:provider>/", hooks.receive, name="hook"),
    path("l/<str:token>/", measuring.link, name="link"),
    path("o/<str:token>.gif", measuring.picture, name="picture"),
]
