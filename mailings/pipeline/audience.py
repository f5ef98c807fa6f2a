"""Resolve an audience rule into recipients, and give everyone left out a reason. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import QuerySet

from crm.criteria import includes_restricted
from crm.models import Contact, EmailAddress, PersonName, Suppression, form_of_address, restricted_people

from ..measuring.policy import Measured, measured
from ..models.rules import Aside, chosen, of_crm, set_aside
from ..states import WISHES, Reason
from .pacing import zone_of
from .seats import Seats
from .wishes import ANY, About, Wishes, everybodys

# Contacts are read so many at a time, and of a card what is asked here, so that any number of them needs little memory.
_CHUNK = 1_000
_ASKED = ("is_post", "name", "given_name", "gender", "languages", "sensitivity", "kind", "region", "city")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter, and where: at `address`, or at what the token `sealed` holds, which only the sender opens."""

    contact_id: int
    name: str
    address: str
    sealed: str
    key: str
    language: str
    merge_data: dict[str, str]
    # Of a letter to a post: who holds it. Several together are named, and spoken to by nobody's name.
    holder_id: int | None = None
    holder_name: str = ""
    zone: str = ""
    # The letter to them that this one corrects.
    original_id: int | None = None
    # The one they read best: another than `language` where there is no text in it.
    first_language: str = ""
    # What kind of contact it is, and how much may be measured of them where a group is large enough.
    kind: str = ""
    measured: str = Measured.NOT


@dataclass(frozen=True)
class Original:
    """A letter that is corrected: its row, and the language it spoke."""

    pk: int
    language: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    contact_id: int
    name: str
    address: str
    is_sealed: bool
    reason: Reason

    @property
    def is_wish(self) -> bool:
        """Whether it is a rule of theirs, that stands on their page."""
        return self.reason in WISHES


@dataclass
class Audience:
    """Who gets the mailing and who does not. `chosen` is both together: the contacts the rule selects."""

    recipients: list[Recipient] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @classmethod
    def of(cls, people: Iterable["Recipient | LeftOut"]) -> "Audience":
        audience = cls()
        for one in people:
            (audience.recipients if isinstance(one, Recipient) else audience.left_out).append(one)
        return audience

    @property
    def chosen(self) -> int:
        return len(self.recipients) + len(self.left_out)

    @property
    def readers(self) -> list[tuple[str, str, Measured]]:
        """What decides how much is measured of each recipient: kind, language, and how much of their kind."""
        return [(one.kind, one.language, one.measured) for one in self.recipients]

    def by_language(self) -> Counter[str]:
        return Counter(recipient.language for recipient in self.recipients)

    def by_reason(self) -> list[tuple[Reason, int]]:
        """Reasons that occur, in the order of their list, with how many."""
        counts = Counter(person.reason for person in self.left_out)
        return [(reason, counts[reason]) for reason in Reason if counts[reason]]


@dataclass(frozen=True)
class Stops:
    """All that may speak against writing to somebody, and the mailing it is asked about."""

    about: About
    wishes: Wishes
    addresses: Mapping[str, str]

    @classmethod
    def in_force(cls, about: About) -> "Stops":
        return cls(about, everybodys(), dict(Suppression.objects.values_list("key", "reason")))

    def against(self, contact: Contact, emails: Iterable[EmailAddress]) -> Reason | None:
        """What the person does not want; an address not used any more still tells what its owner wished."""
        keys = [email.key for email in emails]
        wish = next((self.addresses[key] for key in keys if self.addresses.get(key) in Suppression.WISHES), None)
        return self.wishes.against(self.about, contact.pk, keys) or (Reason(wish) if wish else None)


@dataclass(frozen=True)
class Texts:
    """Languages that a mailing has a text in, and those whose readers wait for theirs rather than read another."""

    ready: frozenset[str]
    strict: frozenset[str] = frozenset()

    def for_reader(self, languages: Iterable[str]) -> str | Reason:
        """The language somebody is written to who reads `languages`, the best one first; or why in none."""
        for code in languages:
            if code in self.ready:
                return code
            if code in self.strict:
                return Reason.NO_FIRST_VERSION
        return Reason.NO_VERSION


@dataclass(frozen=True)
class Candidate:
    """A contact with its rows."""

    contact: Contact
    emails: list[EmailAddress]
    names: dict[str, PersonName]


@dataclass
class Placing:
    """What is asked about each contact, one after the other."""

    texts: Texts
    stops: Stops
    seats: Seats
    aside: Aside
    # People of banned organisations, and whether the rule means them.
    restricted: set[int]
    with_restricted: bool
    originals: Mapping[int, Original]
    # By region and language; of those without a region "".
    hotlines: Mapping[tuple[str, str], str]
    # Of a greeting card: who has got it already. Nobody gets it twice, nor beside the post they hold.
    greeted: set[int] | None = None
    taken: set[str] = field(default_factory=set)

    def take(self, recipient: Recipient) -> None:
        self.taken.add(recipient.key)
        if self.greeted is not None:
            self.greeted |= {recipient.contact_id, recipient.holder_id} - {None}

    def has_greeted(self, contact: Contact) -> bool:
        holders = self.seats.holders[contact.pk] if contact.is_post else []
        # Of several holders each has a card only when all have.
        return bool(self.greeted) and (
            contact.pk in self.greeted or len(holders) == 1 and holders[0].pk in self.greeted
        )

    def language_for(self, contact: Contact) -> str | Reason:
        """A correction speaks the language of what it corrects."""
        if original := self.originals.get(contact.pk):
            return original.language if original.language in self.texts.ready else Reason.NO_VERSION
        return self.texts.for_reader(contact.language_codes)


def placed(
    rule: Mapping[str, list[str]],
    languages: Iterable[str],
    about: About = ANY,
    *,
    originals: Mapping[int, Original] | None = None,
    greeted: set[int] | None = None,
    strict: Iterable[str] = (),
    hotlines: Mapping[tuple[str, str], str] | None = None,
) -> Iterator[Recipient | LeftOut]:
    """Whom `rule` means, one after the other, for a mailing that has texts in `languages`. Readers of a `strict`
    language without a text are left out.

    Seven queries, two of them again for each further thousand of contacts, two more where posts are held, and one or
    two for each word of the rule that sets people aside.

    Posts come first: where a post and its holder are both meant, one letter goes, to the post.
    """
    restricted, with_restricted = set(restricted_people().values_list("contact", flat=True)), _includes(rule)
    placing = Placing(
        Texts(frozenset(languages), frozenset(strict)),
        Stops.in_force(about),
        Seats.taken(set() if with_restricted else restricted),
        set_aside(rule),
        restricted,
        with_restricted,
        originals or {},
        hotlines or {},
        greeted,
    )
    for candidate in _candidates(Contact.objects.active().filter(chosen(rule)).order_by("-is_post", "pk")):
        found = _place(candidate, placing)
        if isinstance(found, Recipient):
            placing.take(found)
        yield found


def resolve(rule: Mapping[str, list[str]], languages: Iterable[str], about: About = ANY, **more: object) -> Audience:
    """The whole audience, of `placed`."""
    return Audience.of(placed(rule, languages, about, **more))


def _includes(rule: Mapping[str, list[str]]) -> bool:
    return includes_restricted(of_crm(rule))


def _candidates(contacts: QuerySet[Contact]) -> Iterator[Candidate]:
    """These contacts with their addresses and names. A prefetch would do the same in three times the time."""
    found = contacts.only(*_ASKED).iterator(chunk_size=_CHUNK)
    while some := list(islice(found, _CHUNK)):
        keys = [contact.pk for contact in some]
        emails, names = defaultdict(list), defaultdict(dict)
        of_these = EmailAddress.objects.filter(contact_id__in=keys)
        for email in of_these.only("contact_id", "address", "sealed", "key", "retired_on"):
            emails[email.contact_id].append(email)
        for name in PersonName.objects.filter(contact_id__in=keys):
            names[name.contact_id][name.language] = name
        for contact in some:
            yield Candidate(contact, emails.get(contact.pk, []), names.get(contact.pk, {}))


def _left_out(contact: Contact, emails: Iterable[EmailAddress], reason: str) -> LeftOut:
    address = emails[0].address if emails else ""
    return LeftOut(contact.pk, contact.name, address, contact.is_sealed, Reason(reason))


def _place(candidate: Candidate, placing: Placing) -> Recipient | LeftOut:
    contact, stops = candidate.contact, placing.stops
    if contact.pk in placing.restricted and not placing.with_restricted:
        return _left_out(contact, candidate.emails, Reason.RESTRICTED)
    emails = [email for email in candidate.emails if not email.is_retired]
    # Who does not want our letters is not written to at a second address either; a dead mailbox only moves us to it.
    if wish := stops.against(contact, candidate.emails):
        return _left_out(contact, emails, wish)
    alive = _alive(emails, stops) or _of_a_post(contact, stops, placing.seats)
    if alive is None:
        return _left_out(contact, emails, stops.addresses[emails[0].key] if emails else Reason.NO_ADDRESS)
    language = placing.language_for(contact)
    if isinstance(language, Reason):
        return _left_out(contact, emails, language)
    if placing.has_greeted(contact):
        return _left_out(contact, emails, Reason.GREETED)
    if reason := placing.aside.against(contact.pk, alive.key):
        return _left_out(contact, emails, reason)
    if alive.key in placing.taken:
        return _left_out(contact, emails, Reason.SAME_ADDRESS)
    return _recipient(candidate, alive, language, placing)


def _recipient(candidate: Candidate, alive: EmailAddress, language: str, placing: Placing) -> Recipient:
    contact, own = candidate.contact, alive.contact_id == candidate.contact.pk
    holders = placing.seats.holders[contact.pk] if contact.is_post else [] if own else [contact]
    original = placing.originals.get(contact.pk)
    is_restricted = contact.pk in placing.restricted
    return Recipient(
        contact.pk,
        contact.name,
        alive.address,
        alive.sealed,
        alive.key,
        language,
        _merge_data(candidate, holders, language, placing.hotlines),
        holders[0].pk if holders else None,
        ", ".join(holder.name for holder in holders)[:200],
        zone_of(contact.region, contact.city),
        original and original.pk,
        contact.language_codes[0],
        contact.kind,
        measured(contact.kind, contact.sensitivity, is_restricted=is_restricted),
    )


def _merge_data(
    candidate: Candidate, holders: list[Contact], language: str, hotlines: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    """What is put into the letter, frozen: an approval stands for it, no later change reaches it."""
    contact = candidate.contact
    if len(holders) == 1 and holders[0] is not contact:
        spoken_to, address = holders[0], form_of_address(holders[0], language)
    else:
        spoken_to, address = contact, form_of_address(contact, language, candidate.names)
    found = {"name": spoken_to.given_name, "full_name": spoken_to.name, "address": address.text}
    hotline = hotlines.get((contact.region, language)) or hotlines.get(("", language))
    return found | {"hotline": hotline} if hotline else found


def _alive(emails: Iterable[EmailAddress], stops: Stops) -> EmailAddress | None:
    return next((email for email in emails if not email.is_retired and email.key not in stops.addresses), None)


def _of_a_post(contact: Contact, stops: Stops, seats: Seats) -> EmailAddress | None:
    """Who cannot be reached themselves is written to at the post they hold, if the post has nothing against it."""
    posts = [post for post in seats.posts[contact.pk] if not stops.against(post, post.emails.all())]
    return next(filter(None, (_alive(post.emails.all(), stops) for post in posts)), None)
