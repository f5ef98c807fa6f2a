from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, panels


class MailingsConfig(AppConfig):
    name = "mailings"

    def ready(self):
        from crm import timeline
        from crm.actions.segments import register_use
        from crm.models import register_activity

        from . import receivers
        from .timeline import CAME, HANDED, SOURCE, activity

        timeline.register(SOURCE)
        timeline.register(HANDED)
        timeline.register(CAME)
        register_activity(activity)
        right = "mailings.view"
        navigation.register(navigation.Entry("mailings:mailing-list", _("Mailings"), "send", 30, "/mailings/", right))
        navigation.register(
            navigation.Entry("mailings:occasion-list", _("Greetings"), "gift", 35, "/mailings/greetings/", right)
        )
        navigation.register(
            navigation.Entry("mailings:incoming-list", _("Came in"), "inbox", 32, "/mailings/incoming/", right)
        )
        navigation.register(
            navigation.Entry("mailings:report-across", _("Reports"), "chart-column", 60, "/mailings/reports/", right)
        )
        navigation.register(
            navigation.Entry(
                "mailings:account-list", _("Sending accounts"), "at-sign", 85, "/mailings/accounts/", "accounts.manage"
            )
        )
        panels.register("crm.contact", panels.Panel(_("Mailings"), "mailings:contact-panel", right))
        panels.register("crm.contact", panels.Panel(_("Handed over"), "mailings:handover-panel", "contacts.view"))
        register_use(receivers.that_use)
