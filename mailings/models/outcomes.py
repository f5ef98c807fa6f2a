"""What became of somebody's letter, as something an audience can be chosen by. Rooms above register more."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import Touch
from crm.states import TouchKind

from ..measuring.policy import Measured
from ..states import OPEN_DELIVERY, DeliveryStatus, Measures
from .delivery import Delivery
from .incoming import Incoming

# A note or a change of post is no word from, or to, a person.
SPOKEN = [TouchKind.CALL, TouchKind.MEETING, TouchKind.MESSENGER]
# Whoever has such a letter has it, will have it, or may have it.
REACHED = [DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, *sorted(OPEN_DELIVERY)]


@dataclass(frozen=True)
class Outcome:
    code: str
    label: str | Promise
    letters: Callable[[QuerySet], QuerySet]
    # What the mailing has to measure, or it is not known; and then of those who are measured by name alone.
    needs: frozenset[str] = frozenset()


_outcomes: dict[str, Outcome] = {}


def register(outcome: Outcome) -> None:
    _outcomes[outcome.code] = outcome


def known(measures: str) -> list[Outcome]:
    """What can be told of a mailing that measures so much."""
    return [outcome for outcome in _outcomes.values() if not outcome.needs or measures in outcome.needs]


def read(value: str) -> tuple[int, Outcome] | None:
    """“12:sent” as a mailing's key and an outcome; None for what is neither."""
    key, _colon, code = str(value).partition(":")
    if not (key.isdecimal() and len(key) < 19 and code in _outcomes):
        return None
    return int(key), _outcomes[code]


def people(value: str) -> QuerySet:
    """The keys of the contacts whose letter came to this."""
    found = read(value)
    if found is None:
        return Delivery.objects.none().values("contact")
    mailing, outcome = found
    letters = outcome.letters(Delivery.objects.filter(mailing=mailing, contact__isnull=False))
    return letters.order_by().values("contact")


def _without_answer(letters: QuerySet) -> QuerySet:
    words = Touch.objects.filter(contact=OuterRef("contact"), kind__in=SPOKEN, at__gte=OuterRef("sent_at"))
    wrote = Incoming.objects.replies().filter(contact=OuterRef("contact"), came_at__gte=OuterRef("sent_at"))
    return letters.sent().filter(~Exists(words), ~Exists(wrote), unsubscribed_at__isnull=True)


register(Outcome("sent", _("got it"), lambda letters: letters.sent()))
register(Outcome("silent", _("got it and did not answer"), _without_answer))
register(Outcome("failed", _("did not get it"), lambda letters: letters.filter(Q(status=DeliveryStatus.FAILED))))

_NAMED = {"status": DeliveryStatus.SENT, "measured_as": Measured.PERSON}
_OPENS, _CLICKS = frozenset({Measures.ALL}), frozenset({Measures.ALL, Measures.CLICKS})
register(Outcome("opened", _("opened it"), lambda letters: letters.filter(opened_at__isnull=False), _OPENS))
register(
    Outcome("clicked", _("followed a link in it"), lambda letters: letters.filter(clicked_at__isnull=False), _CLICKS)
)
register(
    Outcome("unopened", _("did not open it"), lambda letters: letters.filter(**_NAMED, opened_at__isnull=True), _OPENS)
)
