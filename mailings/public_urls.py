from django.urls import path

from .views import hooks, public

app_name = "public"
urlpatterns = [
    path("w/<str:token>/", public.web_copy, name="web-copy"),
    path("w/<str:token>/<int:pk>/", public.web_file, name="web-file"),
    path("hooks/<str:provider>/", hooks.receive, name="hook"),
    path("u/<str:token>/", public.unsubscribe, name="unsubscribe"),
]
