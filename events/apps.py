from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import navigation, panels


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from crm import timeline
        from mailings.models import companions
        from mailings.pipeline.mailbox.returns import register_finder
        from mailings.pipeline.mailbox.takers import register_taker
        from mailings.states import IncomingKind

        from . import receivers  # noqa: F401
        from .actions import interview_answers, requests_mail
        from .actions.calendar_answers import take
        from .actions.invitations import InvitationCompanion
        from .pipeline import desk_returns, desk_timeline
        from .timeline import SOURCE

        timeline.register(SOURCE)
        timeline.register(desk_timeline.SOURCE)
        companions.register(InvitationCompanion())
        register_finder("events", desk_returns.find)
        register_taker("events", IncomingKind.CALENDAR, take)
        register_taker("requests", IncomingKind.CALENDAR, interview_answers.take)
        for kind in (IncomingKind.REPLY, IncomingKind.AUTO_REPLY):
            register_taker("requests", kind, requests_mail.take)
        right = "events.view"
        navigation.register(navigation.Entry("events:event-list", _("Events"), "calendar-days", 32, "/events/", right))
        label = pgettext_lazy("event", "Door")
        door = navigation.Entry("events:door-list", label, "user-check", 33, "/events/door/", "events.check_in")
        navigation.register(door)
        panels.register("crm.contact", panels.Panel(_("Invitations"), "events:contact-panel", right))
        right = "requests.view"
        panels.register("crm.contact", panels.Panel(_("Press requests"), "events:request-panel", right))
        panels.register(
            "crm.organisation", panels.Panel(_("Press requests"), "events:request-organisation-panel", right)
        )

        entry = navigation.Entry
        navigation.register(entry("events:request-list", _("Interviews"), "mic", 45, "/events/requests/", right))
        asked = "/events/requests/asked/"
        navigation.register(
            entry("events:question-list", _("Asked of our speakers"), "mic", 46, asked, "organisation.own")
        )
