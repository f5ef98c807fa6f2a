from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, panels


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from crm import timeline

        from . import receivers  # noqa: F401
        from .pipeline import desk_timeline

        timeline.register(desk_timeline.SOURCE)
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
