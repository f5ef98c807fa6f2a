"""Is it a time at which letters are read? Asked of the planned time alone: of no other can a text be judged."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ...models import Holiday, Mailing
from ...states import MailingStatus, Pace
from ..pacing import HOME
from .finding import Finding

# A letter of the night looks like an alarm, or like a machine.
EVENING, MORNING = time(21), time(7)


def about_time(mailing: Mailing) -> list[Finding]:
    if mailing.send_at is None:
        return []
    return clashes(mailing.send_at, pace=mailing.pace) + _passed(mailing)


def clashes(at: datetime, *, pace: str = Pace.AT_ONCE) -> list[Finding]:
    """What speaks against a moment, in Dushanbe. One query."""
    there = at.astimezone(HOME)
    found = []
    if holiday := Holiday.objects.on(there.date()):
        name = holiday.name_tg if get_language() == "tg" and holiday.name_tg else holiday.name
        text = _("That day is a holiday, or off for one (%(name)s): press rooms are empty.")
        found.append(Finding("warning", text % {"name": name}))
    if pace != Pace.MORNING and not MORNING <= there.time() < EVENING:
        text = _("It is night in Dushanbe then: %(time)s.")
        found.append(Finding("warning", text % {"time": f"{there:%H:%M}"}))
    return found


def _passed(mailing: Mailing) -> list[Finding]:
    if mailing.status == MailingStatus.SCHEDULED or mailing.send_at > timezone.now():
        return []
    return [Finding("warning", _("The planned time has passed. Choose another one."))]


def about_comments(mailing: Mailing) -> list[Finding]:
    count = mailing.comments.open().count()
    if not count:
        return []
    text = ngettext("%(count)s comment is not settled.", "%(count)s comments are not settled.", count)
    return [Finding("warning", text % {"count": count})]
