from django.urls import path

from .views import measuring, public

app_name = "public"
urlpatterns = [
    path("w/<str:token>/", public.web_copy, name="web-copy"),
    path("w/<str:token>/<int:pk>/", public.web_file, name="web-file"),
    path("l/<str:token>/", measuring.link, name="link"),
    path("o/<str:token>.gif", measuring.picture, name="picture"),
    path("u/<str:token>/", public.unsubscribe, name="unsubscribe"),
]
