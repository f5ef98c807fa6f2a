"""What events tell of a contact: what they were invited to, what they answered, whether they came."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Right
from crm.timeline import Item, Question, Source

from .models import InvitationEvent
from .states import Attendance, Fact, Rsvp

INVITED = "invited"
_ICONS = {Rsvp.ACCEPTED: ("circle-check", "ok"), Rsvp.DECLINED: ("x", "")}


def items(question: Question) -> Iterator[Item]:
    rows = InvitationEvent.objects.filter(
        question.until("at"), invitation__contact=question.contact, fact__in=[Fact.ANSWER, Fact.ATTENDANCE]
    ).exclude(after=Attendance.UNKNOWN)
    for row in rows.select_related("invitation__event", "by").order_by("-at", "-pk")[: question.limit]:
        icon, tone = _ICONS.get(row.after, ("calendar-days", "info"))
        title = _("%(event)s: %(answer)s") % {"event": row.invitation.event.title, "answer": row.words}
        url = reverse("events:event-detail", args=[row.invitation.event_id])
        yield Item(INVITED, row.at, row.pk, icon, title, tone, by=row.by.name if row.by else "", url=url)


SOURCE = Source(
    "events.invitations",
    {INVITED: pgettext_lazy("timeline", "Events")},
    items,
    right=Right.EVENTS_VIEW,
    panel="events:contact-panel",
    count=lambda contact, _user: contact.invitations.count(),
)
