"""Add or change a contact with all that hangs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right
from audit.changes import Text, difference, snapshot
from audit.log import log
from core.sealing import blind

from ..models import (
    LANGUAGE_CODES,
    SEALED_TEXTS,
    Contact,
    EmailAddress,
    FormerSurname,
    Organisation,
    PersonName,
    Phone,
    Position,
    Tag,
    Topic,
    Unread,
    form_of_address,
)
from ..permissions import levels_for
from ..states import Sensitivity
from .own_word import keep_wishes
from .photos import put_photo
from .sealing import keep_texts, remove_traces
from .stops import apply_remembered

_FIELDS = [
    "name", "is_post", "sensitivity", "given_name", "gender", "kind", "languages", "city", "region", "birth_day",
    "birth_month", "owner", "preferred_way", "basis", "basis_on", "basis_proof", "source", "note",
    "postal_address",
]  # fmt: skip
_WRITTEN = [
    *_FIELDS,
    *(f"sealed_{name}" for name in SEALED_TEXTS),
    "photo",
    "revision",
    "search_text",
    "sort_key",
    "changed_at",
]
# Of a contact that is or was sealed the journal keeps none of these, not even masked.
_PRIVATE = ["emails", "phones", "work", "retired", "messengers", "unread", *SEALED_TEXTS]


class ChangedMeanwhile(Exception):
    """Somebody else has saved the card since it was read; nothing was written."""


@dataclass(frozen=True)
class TypedWay:
    """An address or a number that was read, with what was said of it."""

    text: str
    is_work: bool = False
    is_retired: bool = False
    # Codes of states.Messenger: "telegram imo".
    messengers: str = ""


@dataclass(frozen=True)
class TypedName:
    """A name in one language as somebody typed it."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    address: str = ""
    is_checked: bool = False

    def __bool__(self):
        return bool(self.surname or self.given_name or self.patronymic or self.address)


@transaction.atomic
def save_contact(contact: Contact, *, ways: Mapping[str, object], by: object, revision: int | None = None) -> Contact:
    """Save a contact with `ways`, all that hangs on it: emails, phones, organisation, title, and more where given.

    A way given as a bare text keeps whatever else is known of it; what is not in `ways` stays as it is.
    Raises PermissionDenied where `by` may not keep it as carefully as asked (crm.permissions), and ChangedMeanwhile
    where the card is no longer at `revision`.
    """
    added = contact.pk is None
    before = None if added else _as_it_is(contact, revision)
    present = before and before["sensitivity"]
    sees_sealed = isinstance(by, User) and by.may(Right.CONTACTS_SEALED)
    if contact.sensitivity not in levels_for(present, sees_sealed=sees_sealed):
        raise PermissionDenied
    spoken_to = {} if added else _addresses(contact.pk)
    contact.keep({name: ways.get(name, text) for name, text in contact.reveal().items()})
    _put_photo(contact, ways)
    contact.save(update_fields=None if added else _WRITTEN)
    position = _set_position(contact, ways["organisation"], ways["title"])
    had = set(contact.emails.order_by().values_list("key", flat=True))
    _keep_ways(EmailAddress, contact, ways["emails"], position)
    _keep_ways(Phone, contact, ways["phones"], position)
    _keep_the_rest(contact, ways, spoken_to)
    keys = {model: {way.key for way in model.objects.filter(contact=contact)} for model in (EmailAddress, Phone)}
    keep_wishes(contact, had - keys[EmailAddress], by=by)
    apply_remembered(contact, keys[EmailAddress] | keys[Phone], by=by)
    # Read again: what was prefetched before is no longer so.
    contact = Contact.objects.with_everything().get(pk=contact.pk)
    contact.index_for_search()
    contact.save(update_fields=["search_text", "sort_key"])
    if present is not None and present != contact.sensitivity:
        keep_texts(contact)
    if contact.is_sealed:
        remove_traces(contact)
    if added:
        log("crm.contact.added", contact, by=by)
    else:
        _log_changes(contact, before, by=by)
    return contact


def _log_changes(contact: Contact, before: dict[str, object], *, by: object) -> None:
    """Of a contact that is or was sealed the journal keeps no way to reach it, not even masked."""
    after = _shown(contact.pk)
    levels = [before.pop("sensitivity"), after.pop("sensitivity")]
    if Sensitivity.SEALED in levels:
        for name in _PRIVATE:
            del before[name], after[name]
    log("crm.contact.changed", contact, by=by, changes=difference(before, after), revision=contact.revision)
    if levels[0] != levels[1]:
        log("crm.contact.sensitivity", contact, by=by, changes={"sensitivity": levels})


def _as_it_is(contact: Contact, revision: int | None) -> dict[str, object]:
    """What the journal compares with, of a contact that nobody else can change from now on; it gets its number."""
    present = Contact.objects.select_for_update().values_list("revision", flat=True).get(pk=contact.pk)
    if revision is not None and revision != present:
        raise ChangedMeanwhile
    contact.revision = present + 1
    return _shown(contact.pk)


def _shown(pk: int) -> dict[str, object]:
    """The fields and all that hangs on the contact, as they stand in the database now."""
    contact = Contact.objects.with_everything().prefetch_related("topics", "tags", "unread").get(pk=pk)
    position = contact.position
    emails, phones = contact.emails.all(), contact.phones.all()
    ways = [*emails, *phones]
    return snapshot(contact, _FIELDS) | {
        "basis_proof": Text(contact.basis_proof),
        "emails": [email.address for email in emails],
        "phones": [phone.number for phone in phones],
        "work": [str(way) for way in ways if way.position_id],
        "retired": [str(way) for way in ways if way.is_retired],
        "messengers": [f"{phone.number} {phone.messenger_names}" for phone in phones if phone.messengers],
        "unread": [Text(unread.typed) for unread in contact.unread.all()],
        "organisation": position.organisation.name if position else "",
        "title": position.title if position else "",
        "names": [str(name) for name in contact.names.all()],
        "forms_of_address": [form_of_address(contact, language).text for language in LANGUAGE_CODES],
        "former_surnames": [str(former) for former in contact.former_surnames.all()],
        "topics": [str(topic) for topic in contact.topics.all()],
        "tags": [str(tag) for tag in contact.tags.all()],
    }


def _put_photo(contact: Contact, ways: Mapping[str, object]) -> None:
    """A sealed contact has none."""
    if contact.is_sealed and contact.photo:
        put_photo(contact, None)
    elif not contact.is_sealed and ways.get("photo") is not None:
        put_photo(contact, ways["photo"] or None)


def _keep_ways(
    model: type[EmailAddress] | type[Phone],
    contact: Contact,
    typed: Sequence[TypedWay | str],
    position: Position | None,
) -> None:
    """The ways as typed, in this order; a row whose text is the same stays the row it was."""
    kept = {way.key: way for way in model.objects.filter(contact=contact)}
    unique = {blind(_text(way)): way for way in reversed(typed)}
    model.objects.filter(contact=contact).exclude(key__in=unique).delete()
    for rank, key in enumerate(sorted(unique, key=lambda key: typed.index(unique[key]))):
        given = unique[key]
        way = kept.get(key) or model(contact=contact)
        setattr(way, model.TEXT, _text(given))
        way.contact, way.sealed, way.rank = contact, "", rank
        if isinstance(given, TypedWay):
            _say(way, given, position)
        way.save()


def _text(way: TypedWay | str) -> str:
    return way.text if isinstance(way, TypedWay) else way


def _say(way: EmailAddress | Phone, typed: TypedWay, position: Position | None) -> None:
    """One for work stays with the position it belongs to; a new one goes to the present position."""
    way.position = (way.position or position) if typed.is_work else None
    way.retired_on = (way.retired_on or timezone.localdate()) if typed.is_retired else None
    if isinstance(way, Phone):
        way.messengers = typed.messengers


def _set_position(contact: Contact, organisation: str, title: str) -> Position | None:
    """The form shows the first current position and changes that one; the others stay, in their order."""
    current = contact.positions.current()
    first = current.first()
    if not organisation:
        if first:
            first.delete()
        return current.first()
    first = first or Position(contact=contact)
    first.organisation, first.title = Organisation.objects.named(organisation), title
    current.filter(organisation=first.organisation).exclude(pk=first.pk).delete()
    first.save()
    return first


def _keep_the_rest(contact: Contact, ways: Mapping[str, object], spoken_to: Mapping[str, str]) -> None:
    if "names" in ways:
        _keep_names(contact, ways["names"], spoken_to)
    if "former_surnames" in ways:
        _keep_former_surnames(contact, ways["former_surnames"])
    if "topics" in ways:
        contact.topics.set([Topic.objects.named(name) for name in ways["topics"]])
    if "tags" in ways:
        contact.tags.set([Tag.objects.named(name) for name in ways["tags"]])
    for field, texts in ways.get("unread", {}).items():
        _keep_unread(contact, field, texts)


def _addresses(pk: int) -> dict[str, str]:
    """How a letter in each language speaks to the contact now."""
    contact = Contact.objects.prefetch_related("names").get(pk=pk)
    return {language: form_of_address(contact, language).text for language in LANGUAGE_CODES}


def _keep_names(contact: Contact, typed: Mapping[str, TypedName], spoken_to: Mapping[str, str]) -> None:
    """Names as typed. A form of address was looked at as long as it reads as it did when somebody looked."""
    kept = {name.language: name for name in PersonName.objects.filter(contact=contact)}
    written = {}
    for language, given in typed.items():
        name = kept.get(language) or PersonName(contact=contact, language=language)
        if not given:
            if name.pk:
                name.delete()
            continue
        written[language] = name, name.address_checked_at, given.address not in {"", name.address}
        name.surname, name.given_name, name.patronymic = given.surname, given.given_name, given.patronymic
        name.address = given.address
        name.save()
    now = _addresses(contact.pk)
    for language, (name, checked_at, is_rewritten) in written.items():
        is_same = now[language] == spoken_to.get(language)
        if is_rewritten or typed[language].is_checked and not checked_at:
            name.address_checked_at = timezone.now()
        else:
            name.address_checked_at = checked_at if is_same and typed[language].is_checked else None
        name.save()


def _keep_former_surnames(contact: Contact, typed: Sequence[tuple[str, str]]) -> None:
    contact.former_surnames.all().delete()
    unique = dict(typed)
    FormerSurname.objects.bulk_create(
        FormerSurname(contact=contact, surname=surname, until=until) for surname, until in unique.items()
    )


def _keep_unread(contact: Contact, field: str, texts: Sequence[str]) -> None:
    """What could not be read, as typed; a row that says the same stays, with its day."""
    kept = {row.reveal(): row for row in Unread.objects.filter(contact=contact, field=field)}
    wanted = {text[:300] for text in texts}
    Unread.objects.filter(pk__in=[row.pk for text, row in kept.items() if text not in wanted]).delete()
    for text in dict.fromkeys(texts):
        if text[:300] not in kept:
            Unread.of(contact, field, text).save()
