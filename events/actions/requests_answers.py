"""What we write to a reporter: a question, an answer, a refusal. Rows here; a worker sends them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from secrets import token_hex
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.log import log
from core.signing import make_token
from mailings.files import Cleaned
from mailings.permissions import Approver, approver

from ..desk_states import Direction, LetterStatus, RequestStatus, Step, WrongStep
from ..models import PressRequest, RequestFile, RequestMessage
from .requests import keep_message

# Stands in the Message-ID of each letter of ours: an answer that names it comes home though all else is lost.
THREAD = "press-request"
_MOST_REFERENCES = 20


@dataclass(frozen=True)
class Words:
    """A letter as somebody wrote it."""

    subject: str
    text: str
    files: Collection[Cleaned] = field(default_factory=tuple)


@transaction.atomic
def ask_reporter(request: PressRequest, words: Words, *, by: User) -> RequestMessage:
    """A question back; it is the reporter's turn then."""
    _begin(request, by=by)
    message = _write(request, words, by=by)
    _step(request, Step.ASK, by=by)
    return message


@transaction.atomic
def answer(request: PressRequest, words: Words, *, by: User) -> RequestMessage | None:
    """The answer leaves at once; of a sensitive request it waits for a second person."""
    _begin(request, by=by)
    if request.is_sensitive:
        submit(request, words, by=by)
        return None
    message = _write(request, words, by=by)
    _step(request, Step.ANSWER, by=by, settled_at=timezone.now())
    return message


@transaction.atomic
def submit(request: PressRequest, words: Words, *, by: User) -> None:
    """Somebody else reads the answer first. Files wait with it."""
    request.keep_draft(words.text)
    request.draft_subject = words.subject
    _step(request, Step.SUBMIT, by=by, draft_by=by)
    waiting = keep_message(request, Direction.NOTE, "", by=by, subject=words.subject, is_automatic=True)
    keep_files(waiting, words.files)
    path = reverse("events:request-detail", args=[request.pk])
    for user in User.objects.with_right(Right.MAILINGS_APPROVE).exclude(pk=by.pk):
        tell(user, StaffLetter.Kind.REQUEST_DRAFT, by=by.name, path=path)


def may_approve(request: PressRequest, user: User) -> bool:
    """Four eyes: nobody approves their own answer while somebody else could."""
    if request.status != RequestStatus.WAITING_APPROVAL:
        return False
    holders = User.objects.with_right(Right.MAILINGS_APPROVE).values_list("pk", flat=True)
    return approver(user.pk, hands=[request.draft_by_id], holders=list(holders)) is not Approver.NONE


@transaction.atomic
def approve_answer(request: PressRequest, *, seen: str, by: User) -> RequestMessage:
    """The answer as it was read leaves. Raises PermissionDenied, and WrongStep where it was changed meanwhile."""
    if not may_approve(request, by):
        raise PermissionDenied
    text, author = request.reveal_draft(), request.draft_by
    if text != seen:
        raise WrongStep(_("The answer was changed meanwhile. Read it again."))
    message = _write(request, Words(request.draft_subject, text), by=author)
    held = RequestMessage.objects.filter(request=request, direction=Direction.NOTE, is_automatic=True)
    RequestFile.objects.filter(message__in=held).update(message=message)
    held.delete()
    request.keep_draft("")
    _step(request, Step.APPROVE, by=by, settled_at=timezone.now())
    _tell_author(request, author, is_approved=True, by=by)
    return message


@transaction.atomic
def return_answer(request: PressRequest, note: str, *, by: User) -> None:
    """Back to its author, who finds the text in the form; the note says what is wrong with it."""
    if not may_approve(request, by) and request.draft_by_id != by.pk:
        raise WrongStep(_("Only who wrote the answer takes it back, or who may approve it. Nothing was changed."))
    for held in request.messages.filter(direction=Direction.NOTE, is_automatic=True):
        for file in held.files.all():
            file.discard()
        held.delete()
    author = request.draft_by
    _step(request, Step.RETURN, by=by)
    if note:
        keep_message(request, Direction.NOTE, note, by=by)
    _tell_author(request, author, is_approved=False, by=by)


def _tell_author(request: PressRequest, author: User | None, *, is_approved: bool, by: User) -> None:
    """Whoever takes an answer back themselves knows it."""
    if author and author.is_current and author.pk != by.pk:
        path = reverse("events:request-detail", args=[request.pk])
        tell(author, StaffLetter.Kind.REQUEST_DECIDED, by=by.name, path=path, is_approved="1" if is_approved else "")


@transaction.atomic
def decline(request: PressRequest, reason: str, words: Words | None, *, by: User) -> None:
    """We do not answer; a polite letter, if there is one to write, does not say why."""
    if words:
        _write(request, words, by=by)
    _step(request, Step.DECLINE, by=by, decline_reason=reason, settled_at=timezone.now())


@transaction.atomic
def send_again(message: RequestMessage, *, by: User) -> None:
    """A letter that failed, or of which nobody knows, once more, to where they are now: whoever asks has looked."""
    if message.expert and message.expert.address:
        RequestMessage.objects.filter(pk=message.pk).update(sealed_address=message.expert.sealed_address)
    again = RequestMessage.objects.filter(pk=message.pk, status__in=[LetterStatus.FAILED, LetterStatus.UNKNOWN])
    if not again.update(status=LetterStatus.QUEUED, attempts=0, next_try_at=timezone.now(), reply="", bounce_class=""):
        raise WrongStep(_("This letter is on its way already."))
    log("events.request.sent_again", message.request, by=by)
    if not (message.is_automatic or message.expert_id):
        _count_again(message, by=by)


def _count_again(message: RequestMessage, *, by: User) -> None:
    """What came back had been counted as no answer; now it is one once more."""
    request = PressRequest.objects.select_for_update().get(pk=message.request_id)
    if request.first_answer_at is None:
        request.first_answer_at = timezone.now()
        request.save(update_fields=["first_answer_at"])
    last = request.history.exclude(step="").last()
    came_back = last is not None and last.step == Step.REOPEN and last.by_id is None
    if came_back and request.status == RequestStatus.IN_WORK and message.is_last_word:
        _step(request, Step.ANSWER, by=by, settled_at=timezone.now())


def _begin(request: PressRequest, *, by: User) -> None:
    """Whoever answers a request that nobody has taken takes it."""
    if request.can(Step.TAKE):
        request.move(Step.TAKE, by=by, assignee=request.assignee or by)
    if request.status == RequestStatus.WAITING_REPORTER:
        request.move(Step.REPLIED, by=by)
    if request.can(Step.REOPEN):
        request.move(Step.REOPEN, by=by)


def _step(request: PressRequest, step: str, *, by: User, **fields: object) -> None:
    request.move(step, by=by, **fields)
    log(f"events.request.{step}", request, by=by)


def _write(request: PressRequest, words: Words, *, by: User | None) -> RequestMessage:
    """A letter of the thread; where no address is known, what was said by telephone or messenger."""
    message = (
        post(request, words, author=by)
        if request.address
        else keep_message(request, Direction.OUT, words.text, by=by, subject=words.subject)
    )
    keep_files(message, words.files)
    if request.first_answer_at is None:
        request.first_answer_at = message.at
    return message


def post(request: PressRequest, words: Words, *, author: User | None, is_automatic: bool = False) -> RequestMessage:
    """Queue a letter to the reporter that goes on with what was written last."""
    thread = RequestMessage.objects.of_thread(request).filter(expert=None).exclude(message_id="")
    last = thread.order_by("at", "pk").last()
    chain = [*last.references.split(), last.message_id][-_MOST_REFERENCES:] if last else []
    return keep_message(
        request,
        Direction.OUT,
        words.text,
        by=author,
        subject=words.subject,
        is_automatic=is_automatic,
        message_id=new_message_id(request),
        in_reply_to=last.message_id if last else "",
        references=" ".join(chain),
        status=LetterStatus.QUEUED,
        next_try_at=timezone.now(),
    )


def new_message_id(request: PressRequest) -> str:
    """Short, so that its header stays one line."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return f"<{token_hex(6)}.{make_token(THREAD, request.pk)}@{domain}>"


def keep_files(message: RequestMessage, files: Collection[Cleaned]) -> None:
    """Files that are clean already, under names that tell nothing."""
    for file in files:
        row = RequestFile(
            message=message,
            name=file.name,
            media_type=file.type,
            size=len(file.data),
            stripped=" ".join(file.stripped),
        )
        row.file.save(uuid4().hex, ContentFile(file.data), save=False)
        row.save()
