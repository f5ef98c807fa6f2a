from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self):
        navigation.register(navigation.Entry("dashboard:today", _("Today"), "sun", 10))
        navigation.register(
            navigation.Entry("dashboard:guide", _("Guide"), "circle-question-mark", 95, prefix="/guide/")
        )
