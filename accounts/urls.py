from django.contrib.auth.views import LogoutView
from django.urls import path

from core.rights import requires

from . import views
from .roles import Right

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", requires(Right.DESK)(LogoutView.as_view()), name="sign-out"),
    path("settings/", views.personal_settings, name="settings"),
]
