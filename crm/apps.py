from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class CRMConfig(AppConfig):
    name = "crm"

    def ready(self):
        from accounts.roles import Right

        navigation.register(navigation.Entry("crm:contact-list", _("Contacts"), "users", 20, "/contacts/"))
        navigation.register(navigation.Entry("crm:export-list", _("Exports"), "download", 84, right=Right.AUDIT))
