"""Say who was greeted last year and would not be now, and why; whose birthdays come; who gets paper. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig

from accounts.models import User
from core.html import sanitise
from crm.models import Contact, StopRule, form_of_address
from crm.states import Scope

from ..artwork import PrintedCard
from ..merge_fields import fill, split
from ..models import Card, Greeting, Mailing
from ..states import Reason
from .audience import Audience
from .frame import art_of
from .freeze import audience_of

_NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Forgotten:
    """Somebody who got the card last year; where there is no reason, they can be added."""

    contact: Contact
    reason: str = ""

    @property
    def can_be_added(self) -> bool:
        return not self.reason


def forgotten(card: Card, audience: Audience, user: User) -> tuple[list[Forgotten], int]:
    """Those of last year who are not among the recipients, and how many more this person may not know of."""
    last_year = Greeting.objects.of(card.occasion_id, card.year - 1).in_force().order_by().values("contact")
    reached = {key for one in audience.recipients for key in (one.contact_id, one.holder_id)}
    missing = Contact.objects.filter(pk__in=last_year).exclude(pk__in=card.greeted())
    keys = set(missing.values_list("pk", flat=True)) - reached
    seen = Contact.objects.visible_to(user).filter(pk__in=keys).prefetch_related("positions__organisation")
    contacts = list(seen.order_by("sort_key", "pk"))
    reasons = _reasons(contacts, audience)
    return [Forgotten(contact, reasons.get(contact.pk, "")) for contact in contacts], len(keys) - len(contacts)


def _reasons(contacts: list[Contact], audience: Audience) -> dict[int, str]:
    """Why not: what the audience says, then what has become of them since."""
    untils = _until({contact.pk for contact in contacts})
    left_out = {person.contact_id: Reason(person.reason) for person in audience.left_out}
    found = {}
    for contact in contacts:
        if contact.archived_at:
            found[contact.pk] = _("put away")
        elif contact.pk in untils:
            found[contact.pk] = untils[contact.pk]
        elif contact.pk in left_out:
            found[contact.pk] = str(left_out[contact.pk].label)
        elif post := _left_post(contact):
            found[contact.pk] = _("left the post: %(post)s") % {"post": post}
    return found


def _until(keys: set[int]) -> dict[int, str]:
    """Rules against greetings; one that ends, as in mourning, with its day."""
    rules = StopRule.objects.in_force().filter(contact__in=keys, scope=Scope.GREETINGS).order_by("pk")
    never, until = _("asked for no greetings"), _("no greetings until %(day)s")
    ends: dict[int, date | None] = {}
    for contact, day in rules.values_list("contact", "until_on"):
        ends[contact] = (
            None if day is None or contact in ends and ends[contact] is None else max(day, ends.get(contact) or day)
        )
    return {
        contact: until % {"day": date_format(day, "DATE_FORMAT")} if day else never for contact, day in ends.items()
    }


def _left_post(contact: Contact) -> str:
    """What they were, of somebody who holds no post any more."""
    positions = list(contact.positions.all())
    if not positions or contact.current_positions:
        return ""
    return str(max(positions, key=lambda position: position.ended_on))


def birthdays(user: User, since: date) -> list[tuple[date, Contact]]:
    """Whose birthday is in the coming month, of those this person may know of, the next one first."""
    days = [since + timedelta(days=number) for number in range(_NEAR.days + 1)]
    wanted = Q(pk__in=[])
    for month in {day.month for day in days}:
        wanted |= Q(birth_month=month)
    by_day = {(day.month, day.day): day for day in days}
    if (2, 28) in by_day and (2, 29) not in by_day:
        by_day[2, 29] = by_day[2, 28]
    people = Contact.objects.visible_to(user).active().filter(wanted, is_post=False).prefetch_related("names")
    found = [(by_day.get((one.birth_month, one.birth_day)), one) for one in people]
    return sorted(((day, one) for day, one in found if day), key=lambda pair: (pair[0], pair[1].sort_key))


def already_greeted(occasion: int, year: int, contacts: Iterable[Contact]) -> set[int]:
    found = Greeting.objects.of(occasion, year).in_force().filter(contact__in=contacts)
    return set(found.values_list("contact", flat=True))


# Whom a letter does not reach, and paper does. Whoever asked for no greetings gets none on paper either.
_ON_PAPER = frozenset(
    {Reason.NO_ADDRESS, Reason.HARD_BOUNCE, Reason.ON_HOLD, Reason.NO_EMAIL, Reason.NO_VERSION, Reason.SAME_ADDRESS}
)


def paper_people(mailing: Mailing, *, beside_letters: bool) -> set[int]:
    """Keys of the contacts a printed card is for: those no letter reaches, and with `beside_letters` the others."""
    if mailing.is_frozen:
        left_out = mailing.exclusions.filter(reason__in=_ON_PAPER, contact__isnull=False)
        keys = set(left_out.values_list("contact", flat=True))
        letters = mailing.deliveries.filter(contact__isnull=False)
        return keys | set(letters.values_list("contact", flat=True)) if beside_letters else keys
    audience = audience_of(mailing)
    keys = {person.contact_id for person in audience.left_out if person.reason in _ON_PAPER}
    return keys | {one.contact_id for one in audience.recipients} if beside_letters else keys


def printed(mailing: Mailing, contacts: Iterable[Contact]) -> list[PrintedCard]:
    """The card of each contact in the first of their languages that there is a text in; names have to be prefetched."""
    versions = {version.language: version for version in mailing.versions.all() if version.is_ready}
    if not versions:
        return []
    arts = {language: art_of(mailing.card, language) for language in versions}
    found = []
    for contact in contacts:
        language = next((code for code in contact.language_codes if code in versions), next(iter(versions)))
        address = form_of_address(contact, language).text
        values = {"name": contact.given_name, "full_name": contact.name, "address": address}
        text = fill(split(_plain(versions[language].body)), values)
        paragraphs = tuple(part for part in map(str.strip, text.splitlines()) if part)
        found.append(PrintedCard(arts[language], language, address, paragraphs))
    return found


def _plain(body: str) -> str:
    return get_text(f"<html><body>{sanitise(body)}</body></html>", ParserConfig(css=STRICT_CSS_PROFILE))
