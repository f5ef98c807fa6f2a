from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self):
        from accounts.views.sign_in import SignIn
        from core import navigation

        from .accounts import ACCOUNTS

        SignIn.demo_accounts = ACCOUNTS
        navigation.register(navigation.Entry("demo:inbox", _("Mail catcher"), "inbox", 90, "/demo/"))
