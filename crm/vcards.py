"""Contacts as vCards: 3.0, which telephones read, or 4.0. What comes back is read by crm.importing.vcards."""

from collections.abc import Sequence
from uuid import UUID

import phonenumbers
import vobject
from django.db.models import prefetch_related_objects

from core.sealing import blind

from .importing.vcards import KIND_KEY, LEVEL_KEY, MARK_KEY, NUMBER_KEY
from .models import Contact, Export, PersonName, Phone
from .states import Sensitivity

_VERSIONS = {Export.Format.VCARD_3: "3.0", Export.Format.VCARD_4: "4.0"}


def write(export: Export, contacts: Sequence[Contact], *, with_notes: bool) -> bytes:
    """The file of an export: one card a contact, each with the mark."""
    prefetch_related_objects(contacts, "names")
    cards = (_card(contact, _VERSIONS[export.format], export.mark, with_notes=with_notes) for contact in contacts)
    return "".join(card.serialize() for card in cards).encode()


def _card(contact: Contact, version: str, mark: str, *, with_notes: bool) -> vobject.base.Component:
    card = vobject.vCard()
    _add(card, "version", version)
    _add(card, "fn", contact.name)
    _add(card, "n", _parts(contact))
    _add(card, "uid", f"urn:uuid:{_identity(contact)}")
    for number, position in enumerate(contact.current_positions, start=1):
        # In one group, so that it stays clear which position is at which organisation.
        _add(card, "org", [position.organisation.name], group=f"item{number}")
        _add(card, "title", position.title, group=f"item{number}")
    _add_ways(card, contact, version)
    for rank, code in enumerate(contact.language_codes, start=1):
        _add(card, "lang", code, PREF=[str(rank)])
    if contact.city or contact.postal_address:
        # Nobody told street from code: the whole address stands where a telephone shows the street.
        _add(card, "adr", vobject.vcard.Address(street=contact.postal_address, city=contact.city))
    if contact.birth_day and version == "4.0":
        # 3.0 knows no day without a year.
        _add(card, "bday", f"--{contact.birth_month:02}{contact.birth_day:02}")
    if with_notes and contact.note:
        _add(card, "note", contact.note)
    for name, value in ((MARK_KEY, mark), (NUMBER_KEY, str(contact.pk)), (KIND_KEY, contact.kind)):
        _add(card, name, value)
    if contact.sensitivity != Sensitivity.OPEN:
        _add(card, LEVEL_KEY, contact.sensitivity)
    return card


def _add(card: vobject.base.Component, name: str, value: object, *, group: str | None = None, **params) -> None:
    line = card.add(name)
    line.value, line.group = value, group
    line.params.update(params)


def _add_ways(card: vobject.base.Component, contact: Contact, version: str) -> None:
    """Those in use, in their order."""
    internet = ["INTERNET"] if version == "3.0" else []
    for email in contact.emails.all():
        if not email.is_retired:
            _add(card, "email", email.address, TYPE=[*internet, "WORK" if email.position_id else "HOME"])
    for phone in contact.phones.all():
        if not phone.is_retired:
            _add(card, "tel", phone.number, TYPE=_types(phone))
            for messenger in phone.messenger_codes:
                _add(card, "impp", f"{messenger}:{phone.number}")


def _types(phone: Phone) -> list[str]:
    kind = phonenumbers.number_type(phonenumbers.parse(phone.number))
    is_mobile = kind == phonenumbers.PhoneNumberType.MOBILE
    return [*(["WORK"] if phone.position_id else []), "CELL" if is_mobile else "VOICE"]


def _parts(contact: Contact) -> vobject.vcard.Name:
    """The name in parts: as kept in the person's language, else the given name told from the rest."""
    kept = {name.language: name for name in contact.names.all() if name.surname or name.given_name}
    known: PersonName | None = next((kept[code] for code in contact.language_codes if code in kept), None)
    if known:
        return vobject.vcard.Name(family=known.surname, given=known.given_name, additional=known.patronymic)
    words = contact.name.split()
    if contact.given_name not in words:
        return vobject.vcard.Name(family=contact.name)
    at = words.index(contact.given_name)
    before, after = " ".join(words[:at]), " ".join(words[at + 1 :])
    return vobject.vcard.Name(family=before or after, given=contact.given_name, additional=after if before else "")


def _identity(contact: Contact) -> UUID:
    """The same in each export, so that a telephone knows the card again, and telling nothing to anybody else."""
    return UUID(hex=blind(f"contact {contact.pk}")[:32])
