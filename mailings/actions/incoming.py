"""What follows from a letter that came in: it is kept once, and acted on only where our MAC says whose it is."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from imaplib import IMAP4
from itertools import islice

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from audit.models import SENDER, WORKER
from core.addresses import codes_alone
from core.sealing import CannotUnseal, blind
from crm.actions.suppression import suppress
from crm.actions.touches import remind_by_itself
from crm.models import Contact, Suppression

from ..models import Delivery, Incoming, MailboxPlace, Mailing
from ..pipeline.analytics import complaint_level
from ..pipeline.bounces import BounceClass
from ..pipeline.holds import hold_if_tired
from ..pipeline.ledger import Report, add_reports
from ..pipeline.mailbox.correlate import Mark, about, deliveries, marks_in, named
from ..pipeline.mailbox.kinds import Verdict, judge
from ..pipeline.mailbox.letter import Letter
from ..pipeline.mailbox.mining import proposal
from ..pipeline.mailbox.recipients import Recipient
from ..pipeline.mailbox.returns import Own, own_of
from ..pipeline.mailbox.sources import imap
from ..pipeline.mailbox.takers import taken_by
from ..states import DeliveryStatus, IncomingKind, MailingStatus, Matched, Proposal
from .unsubscribing import stop, unsubscribe

logger = logging.getLogger(__name__)

AT_ONCE = 20
# Of what machines write, the beginning tells all; what people write is kept whole.
KEPT_OF_MACHINES = 256 * 1024
_WHOLE = {IncomingKind.REPLY, IncomingKind.CALENDAR, IncomingKind.POISON}
# So many letters of one mailing sent back because of us, and the rest of it waits.
BLOCKS_BEFORE_PAUSE = 5
_OF_READERS = {IncomingKind.REPLY, IncomingKind.AUTO_REPLY, IncomingKind.CALENDAR}
# What may go on with a letter of a room above, if with none of a mailing.
_FOR_ROOMS = {IncomingKind.REPLY, IncomingKind.AUTO_REPLY}
# A server may report on a letter before its sender has written down that it left, or die before it does.
_UNTOLD = [DeliveryStatus.UNKNOWN, DeliveryStatus.INFLIGHT]
_CAME_BACK = [DeliveryStatus.SENT, *_UNTOLD]
# Whatever the sender writes down later, such a row is no longer its own.
_NO_CLAIM = {"claim": None, "lease_until": None}
# What a server that takes a letter says (RFC 5321, 4.2.3).
ARRIVED = 250


@dataclass(frozen=True)
class Taken:
    """A letter as it was judged, its row, and whether it is news."""

    verdict: Verdict
    incoming: Incoming
    is_news: bool


@dataclass(frozen=True)
class _Judged:
    raw: bytes
    letter: Letter | None
    verdict: Verdict
    mark: str
    # What names our delivery; nothing of a forged letter.
    marked: list[Mark]
    # The letter, or as much of it as could be read.
    head: Letter | None
    sender_key: str

    @classmethod
    def of(cls, raw: bytes) -> "_Judged":
        letter, verdict = judge(raw)
        head = letter or Letter.head_of(raw)
        sender_key = blind(head.sender) if head and head.sender else ""
        if letter is None:
            return cls(raw, None, verdict, sha256(raw).hexdigest(), [], head, sender_key)
        marked = [] if verdict.kind == IncomingKind.FORGED else marks_in(letter)
        return cls(raw, letter, verdict, letter.mark, marked, head, sender_key)


def take_in(raw: bytes) -> Taken:
    """Keep a letter and do what follows from it, both or neither; the same letter a second time changes nothing."""
    return next(take_all([raw]))


def take_all(raws: Iterable[bytes]) -> Iterator[Taken]:
    """The same for many, some at a time in one transaction: to be on the disk is what each of them would wait for."""
    raws = iter(raws)
    while batch := list(islice(raws, AT_ONCE)):
        yield from _taken(batch)


def _taken(batch: list[bytes]) -> list[Taken]:
    """All together or, if something is wrong with one, each alone: whatever it is, the others come through."""
    judged = []
    try:
        judged = [_Judged.of(raw) for raw in batch]
        with transaction.atomic():
            return _take(judged)
    # The database is busy or gone, with which no letter has to do: they stay where they are, and are read again.
    except OperationalError:
        raise
    except Exception as error:
        if len(batch) > 1:
            return [taken for raw in batch for taken in _taken([raw])]
        # Two readers at once: the other one has it.
        there = Incoming.objects.filter(mark__in=[one.mark for one in judged]).first()
        return [Taken(judged[0].verdict, there, False) if there else _set_aside(batch[0], error)]


def _set_aside(raw: bytes, error: Exception) -> Taken:
    """What cannot be taken in waits for a person; the letter itself is where it was read from."""
    mark = sha256(raw).hexdigest()
    logger.error("letter %s could not be taken in: %s", mark[:12], type(error).__name__)
    incoming, is_news = Incoming.objects.get_or_create(mark=mark, defaults={"kind": IncomingKind.POISON})
    return Taken(Verdict(IncomingKind.POISON), incoming, is_news)


def _take(batch: list[_Judged]) -> list[Taken]:
    there = {row.mark: row for row in Incoming.objects.filter(mark__in=[one.mark for one in batch])}
    # The same letter twice in one batch is one.
    news = {one.mark: one for one in batch if one.mark not in there}
    rows = deliveries(one.marked for one in news.values())
    owned = {mark: _own(one, rows) for mark, one in news.items()}
    owners = Incoming.owners_of({one.sender_key for one in news.values() if one.sender_key})
    made = {
        mark: _row(one, *named(one.marked, rows), owned[mark], owners.get(one.sender_key)) for mark, one in news.items()
    }
    Incoming.objects.bulk_create(made.values())
    arrived(filter(None, (_report(made[mark], one.verdict) for mark, one in news.items())))
    for mark, one in news.items():
        _follow(made[mark], one, owned[mark])
    there |= made
    return [Taken(one.verdict, there[one.mark], one is news.get(one.mark)) for one in batch]


def _own(judged: _Judged, rows: Mapping[int, Delivery]) -> Own | None:
    """The letter of a room above that this report is about, if it is about none of a mailing."""
    is_report = judged.verdict.kind in {IncomingKind.BOUNCE, IncomingKind.DELAY}
    return own_of(judged.letter) if is_report and named(judged.marked, rows)[0] is None else None


def _row(judged: _Judged, delivery: Delivery | None, how: str, own: Own | None, sender: Contact | None) -> Incoming:
    letter, verdict = judged.letter, judged.verdict
    incoming = Incoming(
        mark=judged.mark, kind=verdict.kind, delivery=delivery, matched=how, sender_key=judged.sender_key
    )
    if letter is None:
        _fill_unread(incoming, judged, sender)
        return incoming
    incoming.contact = delivery.contact if delivery else own and own.contact
    if sender:
        _recognise(incoming, sender)
    if own:
        incoming.taken_by = own.room
    if own is None or not own.is_hidden:
        _fill(incoming, judged.raw, letter, verdict)
    if said := _said_of(incoming, verdict, own):
        incoming.bounce_class = said[0].bounce
    return incoming


def _follow(incoming: Incoming, judged: _Judged, own: Own | None) -> None:
    kind = incoming.kind
    if kind == IncomingKind.CALENDAR or kind in _FOR_ROOMS and not incoming.delivery:
        incoming.taken_by = taken_by(judged.letter, incoming)[:20]
        incoming.save()
    if said := _said_of(incoming, judged.verdict, own):
        own.came_back(*said) if own else _bounced(incoming.delivery, *said)
    elif follow := _FOLLOWS.get(kind):
        follow(incoming, judged.letter)


def _recognise(incoming: Incoming, sender: Contact) -> None:
    """Whose address it came from. Anybody can write any sender, so nothing is done but to show it there.

    What comes from the address of a sealed contact is theirs whatever it is, and whatever it answers.
    """
    is_of_reader = incoming.delivery is None and incoming.kind in _OF_READERS
    if is_of_reader or sender.is_sealed:
        incoming.contact = sender
    # What a calendar says is a matter of the room that asked; whatever that room does not take, a person looks at.
    if is_of_reader and incoming.kind != IncomingKind.CALENDAR:
        incoming.matched = Matched.SENDER


def _fill_unread(incoming: Incoming, judged: _Judged, sender: Contact | None) -> None:
    """Of what cannot be taken apart only the file; of what is only too big, and lies in the mailbox, whose it is."""
    head = judged.head
    if head is None:
        incoming.file = _stored(judged.raw, incoming.mark)
    elif sender and sender.is_sealed:
        incoming.contact = sender
        incoming.keep(head.subject or "—")
    else:
        incoming.show(head.sender, head.subject, "")


def _fill(incoming: Incoming, raw: bytes, letter: Letter, verdict: Verdict) -> None:
    """What is shown of it; of a sealed contact under the seal, and then no file is kept."""
    text = letter.text
    if incoming.contact and incoming.contact.is_sealed:
        incoming.keep("\n\n".join(filter(None, [letter.subject, text])) or "—")
        return
    incoming.show(letter.sender, letter.subject, text)
    incoming.file = _stored(raw if verdict.kind in _WHOLE else raw[:KEPT_OF_MACHINES], incoming.mark)


def _stored(raw: bytes, mark: str) -> str:
    """Named by what it is, so that a reading that broke off leaves nothing behind for the next one to double."""
    name = f"incoming/{mark[:2]}/{mark}.eml"
    if default_storage.exists(name):
        if default_storage.size(name) == len(raw):
            return name
        # It broke off while this file was being written.
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(raw))


# What follows, by kind. None of them is reached without a letter of ours that our own MAC named.


def _said_of(incoming: Incoming, verdict: Verdict, own: Own | None) -> tuple[Recipient, bool] | None:
    """What a report says of our letter, if it says that it failed, and whether it names our reader."""
    delivery = incoming.delivery
    if delivery is None and own is None or verdict.kind != IncomingKind.BOUNCE:
        return None
    try:
        addresses = own.addresses if own else [delivery.reveal()]
        said, is_ours = about(verdict.recipients, *addresses)
    except CannotUnseal:
        return None
    is_failure = said is not None and said.bounce not in {BounceClass.DELAY, BounceClass.DELIVERED}
    return (said, is_ours) if is_failure else None


def _bounced(delivery: Delivery, said: Recipient, is_ours: bool) -> None:
    came_back(delivery, said.bounce, said.code, _words(delivery, said), stops=said.stops and is_ours)


def _words(delivery: Delivery, said: Recipient) -> str:
    words = said.words if said.status in said.words else f"{said.status} {said.words}"
    return codes_alone(words.removeprefix(str(said.code)).strip()) if delivery.is_sealed else words.strip()[:500]


def _report(incoming: Incoming, verdict: Verdict) -> Report | None:
    """That our letter arrived, if that is what a server's report says of our reader."""
    delivery = incoming.delivery
    if incoming.kind != IncomingKind.DELIVERED or delivery is None:
        return None
    try:
        said, is_ours = about(verdict.recipients, delivery.reveal())
    except CannotUnseal:
        return None
    if said is None or not is_ours:
        return None
    return Report(delivery, said.words or said.status, "letter", incoming.came_at or timezone.now())


def arrived(reports: Iterable[Report]) -> None:
    """Servers behind ours have taken letters: those of which nothing was known are delivered, and the ledger has it."""
    reports, taken, unanswered = list(reports), [], set()
    if not reports:
        return
    # Mailings before their letters, and in their order, as the ledger and whoever decides on letters do.
    mailings = Mailing.objects.select_for_update().filter(pk__in={one.delivery.mailing_id for one in reports})
    list(mailings.order_by("pk").values_list("pk"))
    for report in reports:
        untold = Delivery.objects.filter(pk=report.delivery.pk, status__in=_UNTOLD)
        words = codes_alone(report.words) if report.delivery.is_sealed else report.words
        fate = {"status": DeliveryStatus.SENT, "sent_at": report.at, "code": ARRIVED, "reply": words[:500]}
        if untold.update(**fate, **_NO_CLAIM):
            report.delivery.status, report.delivery.code = DeliveryStatus.SENT, ARRIVED
            unanswered.add(report.delivery.pk)
        # What has come back since is told by the letter that came back.
        if report.delivery.status == DeliveryStatus.SENT:
            taken.append(report)
    add_reports(taken, unanswered)


def came_back(
    delivery: Delivery, bounce: BounceClass, code: int, words: str, *, stops: bool, by: object = SENDER
) -> None:
    """A letter that had left was refused after all. A dead mailbox stops at once; what is about us stops nobody."""
    now = timezone.now()
    rows = Delivery.objects.filter(pk=delivery.pk, status__in=_CAME_BACK)
    fate = {"status": DeliveryStatus.FAILED, "bounce_class": bounce, "bounced_at": now, "code": code, "reply": words}
    if not rows.update(**fate, **_NO_CLAIM):
        return
    evidence = f"{code or ''} {words}".strip()
    if bounce is BounceClass.HARD and stops:
        reason = Suppression.Reason.HARD_BOUNCE
        suppress(delivery.address, reason, key=delivery.address_key, evidence=evidence, by=by)
    elif bounce is BounceClass.BLOCK:
        _pause_if_we_are_refused(delivery.mailing, evidence, delivery.is_sealed)
    else:
        hold_if_tired(delivery, bounce, evidence, by=by)


def _pause_if_we_are_refused(mailing: Mailing, evidence: str, is_sealed: bool) -> None:
    if mailing.status != MailingStatus.SENDING:
        return
    refused = mailing.deliveries.filter(bounce_class=BounceClass.BLOCK, bounced_at__isnull=False).count()
    if refused >= BLOCKS_BEFORE_PAUSE:
        mailing.pause(Mailing.PauseKind.SERVER, "" if is_sealed else codes_alone(evidence))


def _complained(incoming: Incoming, letter: Letter) -> None:
    if incoming.delivery:
        complained(incoming.delivery)


@transaction.atomic
def complained(delivery: Delivery) -> None:
    """Its reader called a letter spam: nothing goes there any more."""
    stop(delivery, Suppression.Reason.COMPLAINT)
    if Delivery.objects.filter(pk=delivery.pk, complained_at=None).update(complained_at=timezone.now()):
        _pause_if_it_is_called_spam(delivery.mailing)


def _pause_if_it_is_called_spam(mailing: Mailing) -> None:
    """From Gmail's limit on a person is asked, with each complaint anew, before more of it leaves."""
    if mailing.status != MailingStatus.SENDING:
        return
    letters = mailing.deliveries.aggregate(
        sent=Count("pk", filter=Q(status=DeliveryStatus.SENT)), complained=Count("complained_at")
    )
    if complaint_level(**letters) == "bad":
        mailing.pause(Mailing.PauseKind.COMPLAINTS, "")


def _leaves(incoming: Incoming, letter: Letter) -> None:
    """The reader's own wish is followed; that from another mailbox, theirs or not, is for a person to decide on."""
    if incoming.is_of_its_reader:
        unsubscribe(incoming.delivery)
    elif incoming.delivery:
        _give_to_somebody(incoming, _("From another address, “%(title)s” is not wanted any more: read it and decide."))


def _answered(incoming: Incoming, letter: Letter) -> None:
    if incoming.delivery:
        _give_to_somebody(incoming, _("Answer to “%(title)s”: read it and reply."))


def _answered_by_itself(incoming: Incoming, letter: Letter) -> None:
    """Nobody answers a robot; what it says of the person is proposed to whoever looks after the card."""
    incoming.proposal = proposal(f"{letter.subject}\n{letter.text[:8000]}") if incoming.delivery else ""
    if incoming.proposal:
        incoming.save(update_fields=["proposal"])
    if incoming.proposal == Proposal.LEFT:
        _give_to_somebody(incoming, _("An automatic answer says: works there no more. Check, and write down the move."))


def _give_to_somebody(incoming: Incoming, words: str) -> None:
    """A task for whoever keeps in touch with the contact, else for the author of the mailing."""
    if incoming.contact is None:
        return
    mailing = incoming.delivery.mailing
    people = [incoming.contact.owner, mailing.author]
    assignee = next((one for one in people if one and one.is_active and one.may(Right.CONTACTS_EDIT)), None)
    if assignee:
        text = words % {"title": mailing.title}
        remind_by_itself(incoming.contact, text=text, due_on=timezone.localdate(), assignee=assignee, by=WORKER)


_FOLLOWS = {
    IncomingKind.ABUSE: _complained,
    IncomingKind.UNSUBSCRIBE: _leaves,
    IncomingKind.REPLY: _answered,
    IncomingKind.AUTO_REPLY: _answered_by_itself,
}


def read_mailbox() -> int:
    """Take in what came over IMAP since the last time; what cannot be reached now waits. Return how many were news."""
    news = 0
    try:
        for place, last_uid, raws in imap():
            news += sum(taken.is_news for taken in take_all(raws))
            MailboxPlace.objects.filter(pk=place.pk).update(last_uid=last_uid)
    except (IMAP4.error, OSError) as error:
        logger.error("the mailbox cannot be read: %s", type(error).__name__)
        MailboxPlace.objects.update(trouble=type(error).__name__[:100])
    return news


def seal_letters(contact: Contact, keys: Collection[str]) -> None:
    """A contact is sealed: its letters, and those from its addresses, go under the seal, their files for good."""
    theirs = Q(contact=contact) | Q(contact=None, sender_key__in=keys)
    for incoming in Incoming.objects.filter(theirs, sealed_text=""):
        seal_letter(incoming, contact)
        incoming.save()


def seal_letter(incoming: Incoming, contact: Contact) -> None:
    """Nobody reads it who may not read what the contact says. The caller saves."""
    incoming.contact = contact
    incoming.hide()


# What people do with it


@transaction.atomic
def settle(incoming: Incoming, *, by: User) -> None:
    """Somebody has looked at it: it waits no more."""
    if Incoming.objects.filter(pk=incoming.pk, settled_at=None).update(settled_at=timezone.now(), settled_by=by):
        log("mailings.incoming.settled", incoming, by=by)


@transaction.atomic
def unsettle(incoming: Incoming, *, by: User) -> None:
    if Incoming.objects.filter(pk=incoming.pk, settled_at__isnull=False).update(settled_at=None, settled_by=None):
        log("mailings.incoming.reopened", incoming, by=by)


def reveal_incoming(incoming: Incoming, *, by: User) -> str:
    """What a sealed contact wrote, for `by` to see; the look is written down first."""
    log("mailings.incoming.revealed", incoming, by=by)
    return incoming.reveal()


@transaction.atomic
def forget_incoming(at) -> int:
    """Letters past their day go as files; what they said stays with the contact. Return how many."""
    old = list(Incoming.objects.filter(came_at__lt=at).exclude(file="")[:1000])
    for incoming in old:
        incoming.drop_file()
        incoming.save(update_fields=["file"])
    return len(old)
