"""Tags of the press desk."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def due_words(at: datetime) -> str:
    """«сегодня, 18:00», «завтра, 12:00», «12 июня»: as people say when something is due."""
    here, today = timezone.localtime(at), timezone.localdate()
    days, time = (here.date() - today).days, date_format(here, "TIME_FORMAT")
    if days in _NEAR:
        return _NEAR[days]() % {"time": time}
    return date_format(here, "MONTH_DAY_FORMAT" if here.year == today.year else "DATE_FORMAT")


_NEAR = {
    -1: lambda: _("yesterday, %(time)s"),
    0: lambda: _("today, %(time)s"),
    1: lambda: _("tomorrow, %(time)s"),
}


@register.filter
def span(length: timedelta) -> str:
    """«9 часов», «40 минут», «3 дня»: about how long."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
