from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, panels


class CRMConfig(AppConfig):
    name = "crm"

    def ready(self):
        from .timeline import own
        from .views import bulk_jobs, import_jobs

        own.register_all()
        bulk_jobs.register_all()
        import_jobs.register_all()
        rights = ("contacts.view", "organisation.own")
        navigation.register(navigation.Entry("crm:contact-list", _("Contacts"), "users", 20, "/contacts/", rights))
        navigation.register(navigation.Entry("crm:export-list", _("Exports"), "download", 84, right="audit.view"))
        represents = panels.Panel(_("Represents"), "crm:representation-panel", "accounts.manage", of="organisation.own")
        panels.register("accounts.user", represents)
        panels.register("crm.contact", panels.Panel(_("Segments"), "crm:contact-segments", "contacts.view"))
        panels.register("crm.contact", panels.Panel(_("Changes"), "crm:contact-history", "audit.history"))
        panels.register("crm.organisation", panels.Panel(_("History"), "crm:organisation-history", "audit.history"))
