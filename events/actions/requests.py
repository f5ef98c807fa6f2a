"""What is done with a press request: written down, taken, handed over, joined, settled. Letters: `requests_answers`."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.changes import difference, snapshot
from audit.log import log
from crm.actions.contacts import save_contact
from crm.models import Contact, Organisation
from mailings.actions.incoming import seal_letters

from ..desk_states import Direction, Result, Step, WrongStep
from ..models import PressRequest, RequestMessage
from .knowing import contact_of

_TOLD = ["subject", "topic", "wanted", "language", "deadline", "is_sensitive", "outlet_name"]
# When nothing has come out yet, somebody asks again after so many days.
ASK_AGAIN = timedelta(days=7)


@transaction.atomic
def add_request(
    *, subject: str, question: str, source: str, by: object, address: str = "", phone: str = "", **fields: object
) -> PressRequest:
    """A request as it came. Its reporter is looked for among the contacts; whom nobody knows stays as they said.

    `fields` are columns of the request. Whoever writes it down answers it, unless somebody else is named.
    """
    staff = by if isinstance(by, User) else None
    request = PressRequest(subject=subject, source=source, made_by=staff, **fields)
    request.keep_address(address)
    request.keep_phone(phone)
    request.contact = request.contact or contact_of(address, phone)
    _keep_outlet(request)
    request.save()
    if question:
        keep_message(request, Direction.IN, question, at=request.received_at, subject=subject)
    log("events.request.added", request, by=by, source=source)
    if request.assignee:
        request.move(Step.TAKE, by=staff)
        _tell(request.assignee, request, by=staff)
    return request


def _keep_outlet(request: PressRequest) -> None:
    """The organisation of this name, or where the contact works; a name that nobody knows stays a word."""
    position = request.contact.position if request.contact else None
    request.organisation = request.organisation or (
        Organisation.objects.called(request.outlet_name)
        if request.outlet_name
        else position.organisation
        if position
        else None
    )


def keep_message(request: PressRequest, direction: str, text: str, **fields: object) -> RequestMessage:
    """A row of the thread, its text kept as the contact is."""
    message = RequestMessage(request=request, direction=direction, **fields)
    message.keep(text)
    message.save()
    return message


@transaction.atomic
def change_request(request: PressRequest, values: Mapping[str, object], *, by: User) -> None:
    """Correct what is known of a request. Another deadline begins the clock anew. The journal names no address."""
    before, values = snapshot(request, _TOLD), dict(values)
    address = values.pop("address", None)
    if address is not None and address != request.address:
        request.keep_address(address)
        log("events.request.readdressed", request, by=by)
    if values.get("deadline", request.deadline) != request.deadline:
        request.told_at_share = 0
    for name, value in values.items():
        setattr(request, name, value)
    request.save()
    log("events.request.changed", request, by=by, changes=difference(before, snapshot(request, _TOLD)))


@transaction.atomic
def take_request(request: PressRequest, *, by: User) -> None:
    """I answer this one."""
    _step(request, Step.TAKE, by=by, assignee=by)


@transaction.atomic
def hand_over(request: PressRequest, to: User, *, note: str = "", by: User) -> None:
    """Somebody else answers from now on, and is told; the history keeps who it was."""
    if not to.may(Right.REQUESTS_WORK):
        raise WrongStep(_("%(name)s may not answer requests. Choose somebody else.") % {"name": to.name})
    if request.assignee_id == to.pk:
        return
    was = request.assignee.name if request.assignee else ""
    if request.can(Step.TAKE):
        request.move(Step.TAKE, by=by, assignee=to)
    request.assignee = to
    request.save(update_fields=["assignee"])
    request.history.create(by=by, handed_to=to, note=note)
    log("events.request.handed_over", request, by=by, changes={"assignee": [was, to.name]})
    _tell(to, request, by=by)


def _tell(user: User, request: PressRequest, *, by: User | None) -> None:
    if by is None or user.pk != by.pk:
        path = reverse("events:request-detail", args=[request.pk])
        tell(user, StaffLetter.Kind.REQUEST_GIVEN, by=by.name if by else "", path=path)


@transaction.atomic
def add_note(request: PressRequest, text: str, *, by: User) -> RequestMessage:
    """For the staff alone; nobody outside ever gets it."""
    message = keep_message(request, Direction.NOTE, text, by=by)
    log("events.request.noted", request, by=by)
    return message


@transaction.atomic
def close_request(request: PressRequest, *, result: str, url: str = "", by: User) -> None:
    """What came of the answer. While that is unknown, somebody is asked again."""
    waits = result == Result.UNKNOWN
    day = timezone.localdate() + ASK_AGAIN if waits else None
    _step(request, Step.CLOSE, by=by, result=result, result_url=url, ask_result_on=day, settled_at=timezone.now())


@transaction.atomic
def keep_result(request: PressRequest, *, result: str, url: str = "", by: User) -> None:
    """The answer was used, or not, as is known by now. Unknown once more is asked no third time."""
    before = [request.result, result]
    request.result, request.result_url, request.ask_result_on = result, url, None
    request.save()
    log("events.request.result", request, by=by, changes={"result": before})


@transaction.atomic
def join(request: PressRequest, into: PressRequest, *, by: User) -> None:
    """The same question twice: its messages are shown with the other's. Can be taken back."""
    if into.pk == request.pk or into.duplicate_of_id:
        raise WrongStep(_("Choose another request, one that is not joined with a third."))
    request.duplicates.update(duplicate_of=into)
    _step(request, Step.DUPLICATE, by=by, duplicate_of=into)


@transaction.atomic
def call_spam(request: PressRequest, *, by: User) -> None:
    _step(request, Step.SPAM, by=by, settled_at=timezone.now())


@transaction.atomic
def restore(request: PressRequest, *, by: User) -> None:
    """It was no spam, or another question after all."""
    _step(request, Step.RESTORE, by=by, settled_at=None)


@transaction.atomic
def reopen(request: PressRequest, *, by: object) -> None:
    _step(request, Step.REOPEN, by=by, settled_at=None, result="", ask_result_on=None)


def _step(request: PressRequest, step: str, *, by: object, **fields: object) -> None:
    request.move(step, by=by if isinstance(by, User) else None, **fields)
    log(f"events.request.{step}", request, by=by)


@transaction.atomic
def name_reporter(request: PressRequest, contact: Contact, *, by: User) -> None:
    """This is who asks. What was written is kept as carefully as the contact from now on."""
    request.contact = contact
    _keep_outlet(request)
    request.save()
    keep_as_the_contact(request)
    log("events.request.named", request, by=by, contact=contact.pk)


@transaction.atomic
def make_contact(request: PressRequest, *, by: User) -> Contact:
    """A new contact of what the reporter said; its basis is not recorded yet, so that somebody looks."""
    contact = Contact(name=request.reporter_name, languages=request.language, source=_("Press request"))
    ways = {
        "emails": [request.address] if request.address else [],
        "phones": [request.phone] if request.phone else [],
        "organisation": request.outlet_name,
        "title": "",
    }
    contact = save_contact(contact, ways=ways, by=by)
    name_reporter(request, contact, by=by)
    return contact


def keep_as_the_contact(request: PressRequest) -> None:
    """Texts sealed or readable as the contact is; of a sealed one no letter is kept as it came."""
    request.keep_draft(request.reveal_draft())
    request.save()
    for message in request.messages.all():
        text, message.request = message.reveal(), request
        message.keep(text)
        if request.is_sealed:
            message.discard_original()
        message.save()
    if request.is_sealed:
        seal_letters(request.contact, [request.address_key] if request.address_key else [])
