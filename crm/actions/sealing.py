"""Show a sealed contact to who may see it, and take what is readable of it out of everything written earlier."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.dispatch import Signal

from accounts.models import User
from audit.log import log
from core import phones
from core.addresses import codes_alone
from core.sealing import blind

from ..models import (
    Contact,
    EmailAddress,
    FollowUp,
    ImportBatch,
    ImportRow,
    Phone,
    StopRule,
    Suppression,
    Touch,
    Unread,
)

# Sent with `contact` inside the transaction that seals it: the rooms above take the address out of their own rows.
sealed = Signal()


@dataclass(frozen=True)
class Revealed:
    """What a sealed contact hides."""

    emails: list[str]
    phones: list[str]
    texts: dict[str, str]

    @property
    def dialled(self) -> list[tuple[str, str]]:
        """Each telephone as it is called and as it is read."""
        return [(number, phones.display(number)) for number in self.phones]


def reveal(contact: Contact, *, by: User) -> Revealed:
    """What a sealed contact hides, for `by` to see; the look is written down first."""
    log("crm.contact.revealed", contact, by=by)
    emails = [email.reveal() for email in contact.emails.all()]
    return Revealed(emails, [phone.reveal() for phone in contact.phones.all()], contact.reveal())


def keep_texts(contact: Contact) -> None:
    """What was written about a contact is kept as the contact now is: sealed, or readable again."""
    for model in (Touch, FollowUp, StopRule):
        for row in model.objects.filter(contact=contact):
            text, row.contact = row.reveal(), contact
            row.keep(text)
            row.save(update_fields=["text", "sealed_text"])
    for row in Unread.objects.filter(contact=contact):
        again = Unread.of(contact, row.field, row.reveal())
        Unread.objects.filter(pk=row.pk).update(typed=again.typed, sealed=again.sealed)


def keep_rows(contact: Contact) -> None:
    """Whatever hangs on a card and is not kept as the card is, sealed or readable, is kept so from now on."""
    for model in (EmailAddress, Phone):
        for way in model.objects.filter(contact=contact):
            if bool(way.sealed) != contact.is_sealed:
                text, way.contact, way.sealed = way.reveal(), contact, ""
                setattr(way, model.TEXT, text)
                way.save()
    hidden = [(Unread, "typed", "sealed"), *((model, "text", "sealed_text") for model in (Touch, FollowUp, StopRule))]
    if any(
        model.objects.filter(contact=contact).exclude(**{plain if contact.is_sealed else sealed: ""}).exists()
        for model, plain, sealed in hidden
    ):
        keep_texts(contact)


def remove_traces(contact: Contact) -> None:
    """Whatever else has the addresses of a sealed contact in readable form loses them."""
    read = {email.key: email.reveal().casefold() for email in contact.emails.all()}
    for entry in Suppression.objects.filter(key__in=read):
        entry.address = ""
        if entry.reason in Suppression.OF_SERVERS:
            entry.evidence = codes_alone(entry.evidence)
        elif read[entry.key] in entry.evidence.casefold():
            entry.evidence = ""
        entry.save()
    ImportRow.objects.filter(contact=contact).update(remarks=[], changes=[], proposals=[])
    phones = {phone.reveal() for phone in contact.phones.all()}
    ways = {email.reveal() for email in contact.emails.all()} | phones
    _empty_waiting_rows(ways)
    forget_pairs(contact, {contact.name, *ways})
    sealed.send(Contact, contact=contact)
    transaction.on_commit(empty_the_log)


def _empty_waiting_rows(ways: set[str]) -> None:
    """Rows of lists that wait for review and name one of these addresses or telephones say nothing any more."""
    waiting = ImportRow.objects.filter(is_written=False).only("changes", "proposals", "remarks")
    naming = [
        row.pk
        for row in waiting.iterator()
        if ways & {value for _name, value in [*row.changes, *row.remarks]}
        or ways & {one["value"] for one in row.proposals}
    ]
    ImportRow.objects.filter(pk__in=naming).update(remarks=[], changes=[], proposals=[])


def forget_pairs(contact: Contact, words: set[str]) -> None:
    """No list that waits for review asks whether a row is this contact, or a row that says one of these words."""
    for batch in ImportBatch.objects.select_for_update().filter(committed_at=None, found__has_key="pairs"):
        left = [
            pair
            for pair in batch.found["pairs"]
            if pair["second"].get("card") != contact.pk and not words & _said(pair)
        ]
        if len(left) < len(batch.found["pairs"]):
            batch.found["pairs"] = left
            batch.save(update_fields=["found"])


def _said(pair: dict) -> set[str]:
    rows = [pair["first"], pair["second"]]
    said = {text for row in rows for texts in row.get("says", {}).values() for text in texts}
    return said | {row["name"] for row in rows if "name" in row}


def empty_the_log() -> None:
    """SQLite keeps what a page said before in its write-ahead log until the log is begun anew."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def kept_sealed(texts: Iterable[str], *, but_of: int | None) -> list[str]:
    """Which of these addresses or telephones a sealed contact has, other than the contact `but_of`."""
    by_key = {blind(text): text for text in texts}
    found = [
        key
        for model in (EmailAddress, Phone)
        for key in model.objects.filter(key__in=by_key)
        .exclude(sealed="")
        .exclude(contact_id=but_of)
        .values_list("key", flat=True)
    ]
    return [by_key[key] for key in dict.fromkeys(found)]
