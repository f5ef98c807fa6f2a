"""Answers that come from calendars. Whatever is wrong with one, nothing of our event is changed by it."""

import re
from dataclasses import replace
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.sealing import CannotUnseal, blind, unseal
from mailings.models import Incoming
from mailings.pipeline.mailbox.letter import Letter

from ..models import Invitation
from ..pipeline.ical import ANSWERS, Reply, Unreadable, calendar_in, method_of, reply_in
from ..states import Fact, RemarkKind, Source, WrongState
from .answers import Word, answer, entry, hold
from .remarks import keep

# Which property says for whom a method passed (RFC 8601).
_PROVES = {"dkim=pass": "header.d", "spf=pass": "smtp.mailfrom", "dmarc=pass": "header.from"}
# Comments, and what stands between quotes.
_QUOTED = re.compile(r'\((?:[^()\\]|\\.)*\)|"(?:[^"\\]|\\.)*"')


class Taken(StrEnum):
    """What became of a letter, for whoever reads the mailbox."""

    NOT_OURS = "not ours"
    JUNK = "junk"
    UNKNOWN = "unknown"
    OLD = "old"
    OTHER_ADDRESS = "other address"
    REFUSED = "refused"
    NOTED = "noted"
    PROPOSED = "proposed"
    UNCONFIRMED = "unconfirmed"
    ANSWERED = "answered"


def take(letter: Letter, _incoming: Incoming) -> bool:
    """Whether a letter that came in was an answer to an invitation of ours. What was not, people look at."""
    return note_answer(letter) not in {Taken.NOT_OURS, Taken.JUNK, Taken.UNKNOWN}


def note_answer(letter: Letter) -> Taken:
    """Read a letter as an answer from a calendar, and do what it says where that is right."""
    part = calendar_in(letter)
    if part is None:
        return Taken.NOT_OURS
    try:
        method = method_of(part)
        # A request of somebody else's: people read it.
        if method not in {"REPLY", "COUNTER"}:
            return Taken.NOT_OURS
        reply = reply_in(part)
    except Unreadable:
        return Taken.JUNK
    return _apply(reply, letter.message) if method == "REPLY" else _propose(reply)


@transaction.atomic
def _propose(reply: Reply) -> Taken:
    """Another hour is wished for. Nothing is changed by that; a person reads it and answers with one press."""
    found = Invitation.objects.select_related("event").filter(uid=reply.uid).first()
    if found is None or reply.starts_at is None:
        return Taken.UNKNOWN
    hold(found)
    is_theirs = _is_theirs(found, reply.attendee)
    keep(found, RemarkKind.TIME, reply if is_theirs else replace(reply, comment=""))
    return Taken.PROPOSED


@transaction.atomic
def _apply(reply: Reply, message: Message) -> Taken:
    found = Invitation.objects.select_related("event").filter(uid=reply.uid).first()
    wish = ANSWERS.get(reply.partstat)
    if found is None or wish is None:
        return Taken.UNKNOWN
    hold(found)
    if found.calendar_stamp and reply.stamp <= found.calendar_stamp:
        return Taken.OLD
    if not _is_theirs(found, reply.attendee):
        _leave_a_note(found, reply, RemarkKind.ADDRESS)
        return Taken.OTHER_ADDRESS
    if reply.sequence < found.sequence:
        _leave_a_note(found, reply, RemarkKind.FORMER)
        return Taken.OLD
    # Of a sealed contact what they wrote stands under the seal alone, with the letter.
    note = "" if found.contact and found.contact.is_sealed else reply.comment
    word = Word(Source.ICAL, note=note, is_unconfirmed=not is_authentic(message, reply.attendee))
    if word.is_unconfirmed and not found.is_unconfirmed and found.answered_at:
        # A forger may add a doubtful yes, and never undo what somebody has said for certain.
        _leave_a_note(found, reply, RemarkKind.UNPROVED)
        return Taken.NOTED
    try:
        with transaction.atomic():
            answer(found, wish, word)
    except WrongState:
        is_late = not found.takes_answers(timezone.now())
        _leave_a_note(found, reply, RemarkKind.LATE if is_late else RemarkKind.FULL)
        return Taken.REFUSED
    # A clock that goes wrong, or who means harm, must not make every later answer an older one.
    stamp = min(reply.stamp, timezone.now())
    Invitation.objects.filter(pk=found.pk).update(calendar_stamp=stamp, is_in_calendar=True)
    return Taken.UNCONFIRMED if word.is_unconfirmed else Taken.ANSWERED


def _leave_a_note(invitation: Invitation, reply: Reply, kind: RemarkKind) -> None:
    """What somebody may have meant stands in the log, and waits for a person; the answer stays as it was."""
    keep(invitation, kind, reply)
    note = f"{ANSWERS[reply.partstat].label}, {kind.label}"
    entry(invitation, Fact.ANSWER, invitation.rsvp, invitation.rsvp, Word(Source.ICAL, note=note, is_unconfirmed=True))


def _is_theirs(invitation: Invitation, address: str) -> bool:
    """Whether an address, in whatever case, is one of this guest's own."""
    if invitation.contact_id:
        return invitation.contact.emails.filter(key=blind(address)).exists()
    try:
        return bool(invitation.sealed_address) and blind(unseal(invitation.sealed_address)) == blind(address)
    except CannotUnseal:
        return False


def is_authentic(message: Message, attendee: str) -> bool:
    """Whether who answers is who wrote the letter, and our own mail server says that it came from their domain.

    Only the topmost Authentication-Results counts: whatever lies below may have come with the letter.
    """
    senders = message.get_all("From", [])
    sender = parseaddr(str(senders[0]))[1] if len(senders) == 1 else ""
    if not sender or blind(sender) != blind(attendee):
        return False
    said = _QUOTED.sub("", str(message.get("Authentication-Results", "")))
    # Brackets or quotes that do not match: somebody wrote into an address what looks like a result.
    if set(said) & set('()"'):
        return False
    server, *results = said.lower().split(";")
    ours = settings.MAIL_AUTHSERV_ID and server.split()[:1] == [settings.MAIL_AUTHSERV_ID.lower()]
    return bool(ours) and any(_vouches(result, sender.lower().rpartition("@")[2]) for result in results)


def _vouches(result: str, domain: str) -> bool:
    """Whether one method passed for this domain, or for one that it is a part of: any other domain proves itself."""
    method, *properties = result.split() or [""]
    proved = _PROVES.get(method)
    values = (
        value.rpartition("@")[2] for name, _is, value in (one.partition("=") for one in properties) if name == proved
    )
    return any(value and f".{domain}".endswith(f".{value}") for value in values)
