from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from . import receivers  # noqa: F401

        rights = ("requests.view", "organisation.own")
        navigation.register(
            navigation.Entry("events:request-list", _("Interviews"), "mic", 45, "/events/requests/", rights)
        )
