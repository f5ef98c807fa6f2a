"""Split a mailing by kind of reader, language, outlet, region and mail service. Reads deliveries, writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.models import Contact, Position
from crm.states import OrganisationKind, Region

from ..measuring import providers
from ..measuring.policy import Measured
from ..models import Mailing
from ..models.delivery import when_known_to
from ..states import FAILED_DELIVERY, DeliveryStatus
from .analytics import percent
from .counted import counted


@dataclass
class Group:
    """Some letters of a mailing; opens and clicks only of those whose readers are measured."""

    key: str
    label: str | Promise = ""
    letters: int = 0
    sent: int = 0
    failed: int = 0
    deferred: int = 0
    # The measured are known by name, or only counted: of the latter nothing but kind and language is known.
    named: int = 0
    counted: int = 0
    opened: int = 0
    clicked: int = 0
    query: str = ""

    @property
    def delivered_percent(self) -> int:
        return 100 * self.sent // self.letters if self.letters else 0

    @property
    def measured(self) -> int:
        return self.named + self.counted

    @property
    def opened_percent(self) -> int:
        return round(percent(self.opened, self.measured))

    @property
    def clicked_percent(self) -> int:
        return round(percent(self.clicked, self.measured))


_SENT = Q(status=DeliveryStatus.SENT)
_ADDED = ("letters", "sent", "failed", "deferred", "named", "opened", "clicked")
HIDDEN = ""
# What the filter of the recipients calls those of whom an outlet or a region is not known.
NOT_KNOWN = "none"


@dataclass(frozen=True)
class Breakdown:
    """A mailing by everything a report splits it by, the biggest groups first."""

    kinds: list[Group]
    languages: list[Group]
    outlets: list[Group]
    regions: list[Group]
    providers: list[Group]


def breakdown(mailing: Mailing, *, seen_by) -> Breakdown:
    """Five queries. Contacts whom this person may not know of are one group without a name."""
    rows = _rows(mailing, seen_by)
    # Each by itself: all of them at once would be hundreds of groups, and more work for whoever adds them up.
    cells = _cells(rows, "kind", "language", "region")
    kinds, languages = _split(cells, _kind), _split(cells, itemgetter("language"))
    outlets = _split(_cells(rows, "outlet"), _of_seen("outlet"))
    by_provider = _split(_cells(rows, "domain"), lambda cell: providers.provider_of(_of_seen("domain")(cell)))
    if mailing.measures:
        _add_counted(mailing, kinds, languages)
    return Breakdown(
        kinds=_sorted(_named(kinds, _kind_label, ("kind", "language"))),
        languages=sorted(_named(languages, _language, ("language",)), key=lambda group: group.key),
        outlets=_sorted(_named(outlets, _choice(OrganisationKind), ("outlet",), without=NOT_KNOWN)),
        regions=_sorted(_named(_split(cells, _of_seen("region")), _choice(Region), ("region",), without=NOT_KNOWN)),
        providers=_sorted(_named(by_provider, providers.LABELS.__getitem__, ("provider",))),
    )


def _rows(mailing: Mailing, seen_by) -> QuerySet:
    current = Position.objects.current().filter(contact=OuterRef("contact")).order_by("pk")
    return mailing.deliveries.order_by().annotate(
        is_seen=when_known_to(seen_by, Value(True), otherwise=False),
        region=Coalesce(F("contact__region"), Value("")),
        outlet=Coalesce(Subquery(current.values("organisation__kind")[:1]), Value("")),
    )


def _cells(rows: QuerySet, *names: str) -> list[dict]:
    return list(rows.values("is_seen", *names).annotate(**_COUNTS))


def _of_seen(name: str) -> Callable[[dict], str]:
    return lambda cell: cell[name] if cell["is_seen"] else HIDDEN


def _kind(cell: dict) -> str:
    kind = _of_seen("kind")(cell)
    return f"{kind} {cell['language']}" if kind else HIDDEN


_COUNTS = {
    "letters": Count("pk"),
    "sent": Count("pk", filter=_SENT),
    "failed": Count("pk", filter=Q(status__in=FAILED_DELIVERY)),
    "deferred": Count("pk", filter=Q(status=DeliveryStatus.DEFERRED)),
    "named": Count("pk", filter=_SENT & Q(measured_as=Measured.PERSON)),
    "opened": Count("opened_at", filter=_SENT),
    "clicked": Count("clicked_at", filter=_SENT),
}


def _split(cells: list[dict], key_of: Callable[[dict], str]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for cell in cells:
        key = key_of(cell)
        group = found.setdefault(key, Group(key))
        for count in _ADDED:
            setattr(group, count, getattr(group, count) + cell[count])
    return found


def _add_counted(mailing: Mailing, kinds: dict[str, Group], languages: dict[str, Group]) -> None:
    for one in counted(mailing):
        for group in (kinds.get(f"{one.kind} {one.language}"), languages.get(one.language)):
            if group:
                group.counted += one.measured
                group.opened += one.opened
                group.clicked += one.clicked


def _named(
    groups: dict[str, Group], label: Callable[[str], str | Promise], fields: tuple[str, ...], *, without: str = ""
) -> list[Group]:
    """With words for the page, and the filter that shows who it is; `without` is the filter's word for no key."""
    for group in groups.values():
        group.label = label(group.key)
        values = (group.key or without).split()
        group.query = urlencode(list(zip(fields, values, strict=False)))
    return list(groups.values())


def _kind_label(key: str) -> str:
    if not key:
        return str(providers.LABELS[HIDDEN])
    kind, language = key.split(" ")
    return f"{Contact.Kind(kind).plural}, {_language(language).lower()}"


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES)[code])


def _choice(choices) -> Callable[[str], str | Promise]:
    return lambda key: choices(key).label if key else _("Not known")


def _sorted(groups: list[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.letters, group.key))
