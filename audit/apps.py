from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self):
        navigation.register(
            navigation.Entry("audit:entry-list", _("Journal"), "scroll-text", 85, "/journal/", right="audit.view")
        )
