"""Tell from whom something came in half a year, person by person. Reads, writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils import timezone

from crm.models import Contact, Touch

from ..measuring.policy import Measured
from ..models import Delivery, Incoming
from ..models.outcomes import SPOKEN
from ..states import DeliveryStatus, Measures
from .across import SILENT_FOR


@dataclass(frozen=True)
class Engaged:
    """A contact with their letters of half a year.

    `measured` are those whose clicks may be known, by name; `seen` those whose opens may be: fewer, where a mailing
    measures clicks alone.
    """

    contact: Contact
    letters: int
    measured: int
    seen: int
    opened: int
    clicked: int
    answers: int
    last_word: datetime | None


# What a page may be sorted by: the first is the usual one.
ORDERS = {
    "active": ["-clicked", "-opened", "letters", "contact"],
    # Of whom nothing can be known, nobody can say that they read little.
    "quiet": ["is_unknown", "opened", "clicked", "-letters", "contact"],
    "letters": ["-letters", "-opened", "contact"],
}

_BY_NAME = Q(measured_as=Measured.PERSON)


def by_contact(contacts: QuerySet, *, order: str = "active") -> QuerySet:
    """A row of counts for each of these contacts who got letters in half a year; of nobody else."""
    since = timezone.now() - SILENT_FOR
    letters = Delivery.objects.filter(status=DeliveryStatus.SENT, sent_at__gte=since, contact__in=contacts.order_by())
    counts = (
        letters.order_by()
        .values("contact")
        .annotate(
            letters=Count("pk"),
            measured=Count("pk", filter=_BY_NAME),
            seen=Count("pk", filter=_BY_NAME & Q(mailing__measures=Measures.ALL)),
            opened=Count("opened_at", filter=Q(mailing__measures=Measures.ALL)),
            clicked=Count("clicked_at"),
            is_unknown=Case(When(measured=0, then=1), default=0),
        )
    )
    return counts.order_by(*(F(name.lstrip("-")).desc() if name[0] == "-" else name for name in ORDERS[order]))


def engaged(rows: Iterable[dict]) -> list[Engaged]:
    """The people of these rows, with what they answered and when they last said a word. Six queries."""
    rows = list(rows)
    keys, since = [row["contact"] for row in rows], timezone.now() - SILENT_FOR
    contacts = {contact.pk: contact for contact in Contact.objects.for_list().filter(pk__in=keys)}
    wrote = Incoming.objects.replies().filter(contact__in=keys, came_at__gte=since).order_by().values("contact")
    answers = {row["contact"]: row for row in wrote.annotate(count=Count("pk"), at=Max("came_at"))}
    touches = Touch.objects.filter(contact__in=keys, kind__in=SPOKEN, at__gte=since).order_by()
    spoken = dict(touches.values_list("contact").annotate(at=Max("at")))
    found = []
    for row in rows:
        key = row.pop("contact")
        row.pop("is_unknown")
        answered = answers.get(key, {})
        words = [at for at in (answered.get("at"), spoken.get(key)) if at]
        found.append(
            Engaged(contacts[key], **row, answers=answered.get("count", 0), last_word=max(words, default=None))
        )
    return found
