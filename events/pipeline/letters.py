"""Send the letters that follow from answers. Their words are fixed; what a stop rule forbids does not leave."""

from datetime import timedelta
from email.utils import formataddr
from secrets import token_hex

from django.conf import settings
from django.db.models import Exists
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import Lockdown
from core.addresses import codes_alone
from core.sealing import CannotUnseal, unseal
from core.signing import make_token
from crm.models import StopRule, Suppression
from crm.states import Channel, Scope
from mailings.layouts import WORDS
from mailings.message import Message, Outcome, Receipt
from mailings.models import Mailing, SendingAccount
from mailings.pipeline import marks
from mailings.pipeline.bounces import classify
from mailings.pipeline.lines import Lines

from ..layouts import ANSWER, DISCREET, ENTRANCE, SUBJECTS, TEXTS
from ..models import EventLetter, EventMailing, Invitation
from ..states import Accreditation, Calendar, Letter, LetterStatus, Rsvp
from .desk_letters import RETRY_AFTER
from .desk_returns import GUEST_LETTER, did_not_reach
from .ical import for_guest

_BATCH = 50
# An account, or a key, that does not work now: the letters of the others go on.
_REST = timedelta(minutes=5)
_METHODS = {Calendar.ACCEPTED: ("REQUEST", "ACCEPTED"), Calendar.ASKS: ("REQUEST", ""), Calendar.CANCEL: ("CANCEL", "")}


def send_waiting() -> int:
    """Send what waits. Return how many letters the server took."""
    due = EventLetter.objects.filter(status=LetterStatus.QUEUED, next_try_at__lte=timezone.now())
    waiting, taken = due.filter(~Exists(Lockdown.objects.on())), 0
    resting: set[int | None] = set()
    with Lines() as lines:
        rows = waiting.select_related("invitation__event__venue", "invitation__contact")
        for letter in rows.order_by("pk")[:_BATCH]:
            asked = EventMailing.first_that_asked(letter.invitation.event) or Mailing()
            if asked.account_id in resting:
                _put_back(letter, LetterStatus.QUEUED)
            elif _claim(letter):
                outcome = _send(letter, asked, lines)
                taken += outcome is Outcome.ACCEPTED
                if outcome is Outcome.OWN_FAULT:
                    resting.add(asked.account_id)
    return taken


def _claim(letter: EventLetter) -> bool:
    """Commit that it leaves, before it does: it never leaves twice."""
    free = EventLetter.objects.filter(~Exists(Lockdown.objects.on()), pk=letter.pk, status=LetterStatus.QUEUED)
    return free.update(status=LetterStatus.INFLIGHT) == 1


def _put_back(letter: EventLetter, before: LetterStatus, **fields: object) -> None:
    """Into the queue; what could not be sent itself behind what only waited for it, which shows who is at fault."""
    rest = _REST if before == LetterStatus.QUEUED else 2 * _REST
    held = EventLetter.objects.filter(pk=letter.pk, status=before)
    held.update(status=LetterStatus.QUEUED, next_try_at=timezone.now() + rest, **fields)


def _send(letter: EventLetter, asked: Mailing, lines: Lines) -> Outcome | None:
    try:
        to = address_of(letter.invitation)
        message = message_of(letter, to, asked.account) if to else None
    except CannotUnseal:
        # The key of this one letter is not here.
        _put_back(letter, LetterStatus.INFLIGHT)
        return None
    if message is None:
        # They stand on the call sheet.
        _settle(letter, LetterStatus.FAILED)
        return None
    try:
        receipt = lines.of(asked, message).send(message)
    except CannotUnseal:
        receipt = Receipt(Outcome.OWN_FAULT)
    if receipt.outcome is Outcome.OWN_FAULT:
        _put_back(letter, LetterStatus.INFLIGHT, reply=codes_alone(receipt.reply))
        return receipt.outcome
    if receipt.outcome is Outcome.TRANSIENT and letter.attempts < len(RETRY_AFTER):
        again = {"attempts": letter.attempts + 1, "next_try_at": timezone.now() + RETRY_AFTER[letter.attempts]}
        EventLetter.objects.filter(pk=letter.pk).update(status=LetterStatus.QUEUED, **again)
        return receipt.outcome
    is_taken, codes = receipt.outcome is Outcome.ACCEPTED, codes_alone(receipt.reply)
    _settle(letter, LetterStatus.SENT if is_taken else LetterStatus.FAILED, codes)
    if not is_taken:
        did_not_reach(letter, classify(receipt.code, receipt.reply), codes, address=to)
    return receipt.outcome


def _settle(letter: EventLetter, status: str, reply: str = "") -> None:
    EventLetter.objects.filter(pk=letter.pk).update(
        status=status, settled_at=timezone.now(), reply=reply, sealed_words=""
    )


def address_of(invitation: Invitation) -> str:
    """Where a guest may be written to; empty where they do not want it, or nobody knows."""
    contact = invitation.contact
    if contact is None:
        # Whoever walked in may have left a telephone number.
        reached = unseal(invitation.sealed_address) if invitation.sealed_address else ""
        return reached if "@" in reached else ""
    emails = list(contact.emails.all())
    stopped = dict(Suppression.objects.filter(key__in=[one.key for one in emails]).values_list("key", "reason"))
    rules = StopRule.objects.in_force().filter(contact=contact)
    forbids = rules.filter(scope=Scope.EVERYTHING) | rules.filter(scope=Scope.CHANNEL, channel=Channel.EMAIL)
    if set(stopped.values()) & Suppression.WISHES or contact.archived_at or forbids.exists():
        return ""
    alive = (one for one in emails if not one.is_retired and one.key not in stopped)
    if key := invitation.address_key:
        # Whoever applied is written to where they said, and nowhere else: other people may read their other mailbox.
        alive = (one for one in alive if one.key == key)
    return next((one.reveal() for one in alive), "")


def message_of(letter: EventLetter, to: str, account: SendingAccount | None = None) -> Message:
    guest = letter.invitation
    event, language = guest.event, guest.language or settings.LANGUAGE_CODE
    with override(language):
        when = ", ".join(
            filter(None, [date_format(timezone.localtime(event.starts_at), "DATETIME_FORMAT"), event.place])
        )
        was = letter.was_in_words
        until = guest.offered_until and date_format(timezone.localtime(guest.offered_until), "DATETIME_FORMAT")
        ends = date_format(timezone.localtime(event.ends_at), "DATETIME_FORMAT" if event.is_several_days else "H:i")
    words = _words_of(letter)
    text = TEXTS[words][language].format(until=until or "", was=was, when=when, ends=ends)
    title = DISCREET[language] if event.is_discreet else event.title
    subject = SUBJECTS.get(words, SUBJECTS[letter.kind])[language].format(event=title)
    link = "" if guest.rsvp == Rsvp.REVOKED or letter.kind == "cancelled" else guest.link
    context = {"language": language, "subject": subject, "title": event.title, "when": when, "text": text, "link": link}
    context |= {"organisation": WORDS[language].organisation, "answer": ANSWER[language], "notes": _notes(letter)}
    lines = [context["organisation"], event.title, when, text, *context["notes"]]
    lines.append(f"{ANSWER[language]}: {link}" if link else "")
    address = account.address if account else settings.DEFAULT_FROM_EMAIL
    return Message(
        message_id=f"<{token_hex(6)}.{make_token(GUEST_LETTER, letter.pk)}@{address.rpartition('@')[2]}>",
        envelope_from=marks.return_path_of(GUEST_LETTER, letter.pk) or address,
        sender=formataddr(((account.names if account else settings.MAIL_FROM_NAMES)[language], address)),
        to=to,
        subject=" ".join(subject.split()),
        html=render_to_string("email/event.html", context),
        text="\n\n".join(filter(None, lines)) + "\n",
        reply_to=settings.MAIL_REPLY_TO,
        headers={"Content-Language": language, "Auto-Submitted": "auto-generated"},
        calendar=_calendar(letter, to, account),
    )


def _notes(letter: EventLetter) -> list[str]:
    """What staff added; and of whom is awaited, how to get there and what opens the door."""
    guest, event = letter.invitation, letter.invitation.event
    added = unseal(letter.sealed_words).splitlines() if letter.sealed_words else []
    if not guest.may_enter or not event.has_door:
        return added
    code = f"{guest.door_code[:3]} {guest.door_code[3:]}"
    directions = event.venue.directions if event.venue else ""
    return [*added, *directions.splitlines(), ENTRANCE[guest.language or settings.LANGUAGE_CODE].format(code=code)]


def _words_of(letter: EventLetter) -> str:
    """Who said yes and keeps it, or waits, is not asked anew; whose invitation was withdrawn did not say no."""
    if letter.kind == Letter.MOVED:
        return _words_of_a_move(letter)
    if letter.kind == Letter.CONFIRMED and letter.invitation.accreditation == Accreditation.PENDING:
        return "confirmed, pending"
    if letter.kind == Letter.EXPIRED and letter.invitation.rsvp == Rsvp.WAITLISTED:
        return "expired, waits"
    return "off, withdrawn" if letter.kind == Letter.OFF and letter.invitation.rsvp == Rsvp.REVOKED else letter.kind


def _words_of_a_move(letter: EventLetter) -> str:
    waits = {Rsvp.WAITLISTED: "moved, waits", Rsvp.OFFERED: "moved, offered"}
    if letter.invitation.rsvp in waits:
        return waits[letter.invitation.rsvp]
    if not letter.was:
        return "moved, otherwise"
    return "moved, kept" if letter.calendar == Calendar.ACCEPTED else letter.kind


def _calendar(letter: EventLetter, to: str, account: SendingAccount | None):
    if not letter.calendar:
        return None
    method, partstat = _METHODS[Calendar(letter.calendar)]
    guest = letter.invitation
    return for_guest(guest.event, guest, to=to, account=account, method=method, partstat=partstat)
