"""What follows when a letter of the desk, or one to a guest, does not arrive: at once, or by a report days later."""

import re
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.log import log
from audit.models import SENDER
from core.addresses import key
from core.sealing import CannotUnseal, blind, unseal
from core.signing import BadToken, read_token
from crm.actions.suppression import suppress
from crm.models import Contact, Suppression
from mailings.pipeline import marks
from mailings.pipeline.bounces import BounceClass
from mailings.pipeline.mailbox.letter import Letter
from mailings.pipeline.mailbox.recipients import Recipient
from mailings.pipeline.mailbox.returns import Own

from ..desk_states import Direction, RequestStatus, Step
from ..desk_states import LetterStatus as DeskStatus
from ..models import EventLetter, PressRequest, RequestMessage
from ..states import LetterStatus

# What the number in a return path, or in a Message-ID, counts.
MESSAGE, GUEST_LETTER = "desk-letter", "guest-letter"
_IDS = re.compile(r"<[^<>\s]{1,240}>")
_MOST_IDS = 50


def find(letter: Letter) -> Own | None:
    """The letter of ours that a report is about: by the address that it came to, else by our number in it."""
    try:
        return _of_desk(letter) or _of_guests(letter)
    # Without the key nobody can be named; it is read by a person.
    except CannotUnseal:
        return None


def _by_return_path(purpose: str, letter: Letter) -> int | None:
    for address in letter.handed_to:
        try:
            if number := marks.of_return_path(purpose, address):
                return number
        except BadToken:
            continue
    return None


def _of_desk(letter: Letter) -> Own | None:
    ids, number = _IDS.findall(letter.returned)[:_MOST_IDS], _by_return_path(MESSAGE, letter)
    sent = RequestMessage.objects.filter(direction=Direction.OUT)
    found = sent.filter(pk=number) if number else sent.filter(message_id__in=ids)
    message = found.select_related("request__contact", "request__assignee").first()
    if message is None:
        return None
    address = unseal(message.sealed_address) if message.expert_id else message.request.address
    contact = None if message.expert_id else message.request.contact
    return _own("requests", contact, (address,), partial(_message_came_back, message))


def _of_guests(letter: Letter) -> Own | None:
    number = _by_return_path(GUEST_LETTER, letter) or _in_ids(letter)
    found = EventLetter.objects.filter(pk=number).select_related("invitation__contact").first() if number else None
    if found is None:
        return None
    hears = partial(_guest_letter_came_back, found)
    return _own("events", found.invitation.contact, addresses_of(found), hears)


def _in_ids(letter: Letter) -> int | None:
    for found in _IDS.findall(letter.returned)[:_MOST_IDS]:
        try:
            return read_token(GUEST_LETTER, found.strip("<>").partition("@")[0].rpartition(".")[2])
        except BadToken:
            continue
    return None


def _own(room: str, contact: Contact | None, addresses: tuple[str, ...], hears: Callable) -> Own:
    """The address of who has no card is sealed always, and so is what a server writes of it.

    Nobody seals a contact while a letter about it is being kept.
    """
    held = contact and Contact.objects.select_for_update().get(pk=contact.pk)
    return Own(room, held, addresses, hears, is_hidden=held is None)


def addresses_of(letter: EventLetter) -> tuple[str, ...]:
    """Wherever the guest may have been written to."""
    guest = letter.invitation
    if guest.contact:
        return tuple(one.reveal() for one in guest.contact.emails.all())
    return (unseal(guest.sealed_address),) if guest.sealed_address else ()


def _message_came_back(message: RequestMessage, said: Recipient, is_ours: bool) -> None:
    left = RequestMessage.objects.filter(pk=message.pk, status__in=[DeskStatus.SENT, DeskStatus.UNKNOWN])
    if left.update(status=DeskStatus.FAILED):
        address = unseal(message.sealed_address) if message.expert_id else message.request.address
        did_not_arrive(message, said.bounce, _codes(said), address=address if is_ours else "")


def _guest_letter_came_back(letter: EventLetter, said: Recipient, is_ours: bool) -> None:
    left = EventLetter.objects.filter(pk=letter.pk, status__in=[LetterStatus.SENT, LetterStatus.INFLIGHT])
    if left.update(status=LetterStatus.FAILED):
        named = {key(said.address), key(said.final)}
        address = next((one for one in addresses_of(letter) if key(one) in named), "")
        did_not_reach(letter, said.bounce, _codes(said), address=address if is_ours else "")


def _codes(said: Recipient) -> str:
    """Without words: they often quote an address."""
    return f"{said.code or ''} {said.status}".strip()


def did_not_reach(letter: EventLetter, bounce: str, codes: str, *, address: str) -> None:
    """A letter to a guest has failed: that stands with the guest, and who tells of a change sees it there."""
    EventLetter.objects.filter(pk=letter.pk).update(bounce_class=bounce, reply=codes)
    _stop_dead(address, bounce, codes, letter.invitation.contact)


def _stop_dead(address: str, bounce: str, codes: str, contact: Contact | None) -> None:
    """The rule of mailings: only a mailbox that is not there is written to no more.

    Of who has no card the address is not shown on the stop list, either.
    """
    if address and bounce == BounceClass.HARD:
        shown = address if contact else ""
        suppress(shown, Suppression.Reason.HARD_BOUNCE, key=blind(address), evidence=codes, by=SENDER)


@transaction.atomic
def did_not_arrive(message: RequestMessage, bounce: str, codes: str, *, address: str) -> None:
    """A letter of the desk has failed: who answers the request hears of it, and what was no answer is none."""
    request = message.request
    RequestMessage.objects.filter(pk=message.pk).update(bounce_class=bounce, reply=codes[:100])
    _stop_dead(address, bounce, codes, None if message.expert_id else request.contact)
    log("events.request.came_back", request, by=SENDER)
    if message.is_automatic:
        return
    if not message.expert_id and request.first_answer_at == message.at:
        request.first_answer_at = None
        request.save(update_fields=["first_answer_at"])
    if request.status == RequestStatus.ANSWERED and message.is_last_word:
        request.move(Step.REOPEN, settled_at=None, result="", ask_result_on=None)
        log("events.request.reopen", request, by=SENDER)
    path = reverse("events:request-detail", args=[request.pk])
    for user in concerned(request):
        tell(user, StaffLetter.Kind.REQUEST_CAME_BACK, path=path)


def concerned(request: PressRequest) -> list[User]:
    """Whoever answers it, or the heads, where nobody does."""
    if request.assignee and request.assignee.is_current:
        return [request.assignee]
    return list(User.objects.with_right(Right.MAILINGS_APPROVE))
