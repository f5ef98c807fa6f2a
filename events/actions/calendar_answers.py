"""Answers that come from calendars. Whatever is wrong with one, nothing of our event is changed by it."""

from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.sealing import CannotUnseal, blind, unseal

from ..models import Invitation
from ..pipeline.ical import ANSWERS, Reply, Unreadable, calendar_in, method_of, reply_in
from ..states import Fact, Source, WrongState
from .answers import Word, answer, entry


class Taken(StrEnum):
    """What became of a letter, for whoever reads the mailbox."""

    NOT_OURS = "not ours"
    JUNK = "junk"
    UNKNOWN = "unknown"
    OLD = "old"
    OTHER_ADDRESS = "other address"
    REFUSED = "refused"
    NOTED = "noted"
    UNCONFIRMED = "unconfirmed"
    ANSWERED = "answered"


def take(message: Message) -> Taken:
    """Read a letter as an answer from a calendar. NOT_OURS is a letter for people: it goes on to the inbox."""
    part = calendar_in(message)
    if part is None:
        return Taken.NOT_OURS
    try:
        method = method_of(part)
        # A counter-proposal, a request of somebody else's: people read it.
        if method != "REPLY":
            return Taken.NOT_OURS
        reply = reply_in(part)
    except Unreadable:
        return Taken.JUNK
    return _apply(reply, message)


@transaction.atomic
def _apply(reply: Reply, message: Message) -> Taken:
    found = Invitation.objects.select_related("event").select_for_update(of=["self"]).filter(uid=reply.uid).first()
    wish = ANSWERS.get(reply.partstat)
    if found is None or wish is None:
        return Taken.UNKNOWN
    if found.calendar_stamp and reply.stamp <= found.calendar_stamp:
        return Taken.OLD
    if not _is_theirs(found, reply.attendee):
        _leave_a_note(found, reply, _("from another address"))
        return Taken.OTHER_ADDRESS
    if reply.sequence < found.sequence:
        _leave_a_note(found, reply, _("to the former time"))
        return Taken.OLD
    word = Word(Source.ICAL, note=reply.comment, is_unconfirmed=not is_authentic(message, reply.attendee))
    if word.is_unconfirmed and not found.is_unconfirmed and found.answered_at:
        # A forger may add a doubtful yes, and never undo what somebody has said for certain.
        _leave_a_note(found, reply, _("it is not proved who wrote it"))
        return Taken.NOTED
    try:
        with transaction.atomic():
            answer(found, wish, word)
    except WrongState:
        _leave_a_note(found, reply, _("answers are not taken any more"))
        return Taken.REFUSED
    Invitation.objects.filter(pk=found.pk).update(calendar_stamp=reply.stamp, is_in_calendar=True)
    return Taken.UNCONFIRMED if word.is_unconfirmed else Taken.ANSWERED


def _leave_a_note(invitation: Invitation, reply: Reply, words: str) -> None:
    """What somebody may have meant stands in the log for staff; the answer stays as it was."""
    note = f"{ANSWERS[reply.partstat].label}, {words}"
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
    """Whether who answers is who wrote the letter, and our own mail server says that it came from there.

    Only the topmost Authentication-Results counts: whatever lies below may have come with the letter.
    """
    sender = parseaddr(str(message.get("From", "")))[1]
    if not sender or blind(sender) != blind(attendee):
        return False
    server, _semicolon, results = str(message.get("Authentication-Results", "")).partition(";")
    words = results.lower().replace(" ", "").split(";")
    ours = server.split()[:1] == [settings.MAIL_AUTHSERV_ID]
    return ours and any(word.startswith(("dkim=pass", "spf=pass")) for word in words)
