from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from core import navigation

        from . import receivers  # noqa: F401
        from .roles import Right

        navigation.register(
            navigation.Entry("accounts:user-list", _("People"), "user-plus", 80, "/people/", right=Right.ACCOUNTS)
        )
        navigation.register(
            navigation.Entry(
                "accounts:lockdown", _("Lock down"), "shield-alert", 95, "/lockdown/", right=Right.LOCK_DOWN
            )
        )
