from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from . import receivers  # noqa: F401

        entry = navigation.Entry
        navigation.register(
            entry("events:request-list", _("Interviews"), "mic", 45, "/events/requests/", "requests.view")
        )
        asked = "/events/requests/asked/"
        navigation.register(
            entry("events:question-list", _("Asked of our speakers"), "mic", 46, asked, "organisation.own")
        )
