"""A letter that came goes on with a request, or begins one. Automatic letters begin nothing and get no answer."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.log import log
from core import addresses
from core.sealing import blind, seal
from core.signing import BadToken, read_token
from crm.models import Contact
from mailings.actions.incoming import seal_letter
from mailings.files import Refused, document
from mailings.models import Incoming
from mailings.pipeline.mailbox.letter import Letter

from ..desk_states import Direction, RequestStatus, Source, Step
from ..models import Expert, PressRequest, RequestFile, RequestMessage
from ..models.requests import GOES_ON
from ..pipeline.desk_words import answering, beginning
from ..pipeline.incoming import Written, read
from .requests import add_request, keep_message, reopen
from .requests_answers import THREAD, Words, keep_files, post

# Heavier files are in the letter as it came, and are not opened here.
MAX_FILE = 15 * 1024 * 1024
_ONCE_IN = timedelta(days=1)
# So many new requests of one sender in a day are one matter.
_MOST_A_DAY = 10
_BY = "reporter"


def take(letter: Letter, incoming: Incoming) -> bool:
    """Whether a letter that came in is a question to the press service, or goes on with one. It is kept there alone."""
    request = file_letter(letter, incoming.came_at, incoming=incoming)
    if request and request.is_sealed and not incoming.is_sealed:
        seal_letter(incoming, request.contact)
    return request is not None


@transaction.atomic
def file_letter(letter: Letter, at: datetime, *, incoming: Incoming | None = None) -> PressRequest | None:
    """The request that a letter belongs to; None where it is none: nobody to answer, or written by a program.

    The same letter twice is taken once. The file of `incoming` becomes the request's own.
    """
    written = read(letter)
    if written is None or addresses.key(written.sender) == addresses.key(settings.DEFAULT_FROM_EMAIL):
        return None
    if known := _known(written):
        return known
    request = _thread_of(written, at)
    if request is None:
        return None if written.is_automatic else _begin(written, letter.raw, at, incoming)
    if written.is_automatic and request.messages.filter(direction=Direction.IN, is_automatic=True).exists():
        return request
    # What a speaker writes is no answer of the reporter's.
    speaker = Expert.objects.filter(questions__request=request, address_key=blind(written.sender)).first()
    message = keep_message(request, Direction.IN, written.text, expert=speaker, **_fields(request, written, at))
    _keep_all(message, written, letter.raw, incoming)
    if speaker and incoming and not incoming.is_sealed:
        # A speaker's address is nobody's to read.
        incoming.show("", incoming.subject, incoming.text)
    if not (written.is_automatic or speaker):
        _go_on(request)
    return request


def _known(written: Written) -> PressRequest | None:
    same = RequestMessage.objects.filter(message_id=written.message_id) if written.message_id else None
    found = same.select_related("request").first() if same is not None else None
    return found.request if found else None


def _fields(request: PressRequest, written: Written, at: datetime) -> dict[str, object]:
    """Columns of the message. An address other than the reporter's is kept beside it: an answer never goes there."""
    is_other = request.address_key != blind(written.sender)
    return {
        "at": at,
        "subject": written.subject,
        "message_id": written.message_id,
        "in_reply_to": written.references[-1] if written.references else "",
        "references": " ".join(written.references),
        "is_automatic": written.is_automatic,
        "sealed_address": seal(written.sender) if is_other else "",
    }


def _thread_of(written: Written, at: datetime) -> PressRequest | None:
    """By the letters that it names, by the token in our own, by sender and subject. A matter long over begins anew."""
    found = _by_references(written) or _by_token(written) or _by_sender(written, at)
    if found and found.duplicate_of:
        found = found.duplicate_of
    is_over = found and found.settled_at and found.settled_at < at - GOES_ON
    return None if is_over or found and found.status == RequestStatus.SPAM else found


def _by_references(written: Written) -> PressRequest | None:
    named = RequestMessage.objects.filter(message_id__in=written.references)
    found = named.select_related("request__contact", "request__duplicate_of").order_by("-at").first()
    return found.request if found else None


def _by_token(written: Written) -> PressRequest | None:
    for reference in written.references:
        token = reference.strip("<>").partition("@")[0].rpartition(".")[2]
        try:
            return PressRequest.objects.filter(pk=read_token(THREAD, token)).first()
        except BadToken:
            continue
    return None


def _by_sender(written: Written, at: datetime) -> PressRequest | None:
    mine = PressRequest.objects.filter(address_key=blind(written.sender))
    same = [one for one in mine.open().order_by("-pk")[:20] if _same_matter(one.subject, written)]
    if same:
        return same[0]
    today = mine.filter(received_at__gt=at - _ONCE_IN).order_by("-pk")
    return today.first() if today.count() >= _MOST_A_DAY else None


def _same_matter(subject: str, written: Written) -> bool:
    return bool(written.matter) and subject.casefold().strip() == written.matter


def _begin(written: Written, raw: bytes, at: datetime, incoming: Incoming | None) -> PressRequest:
    request = add_request(
        subject=written.subject or _("Without a subject"),
        question="",
        source=Source.MAIL,
        address=written.sender,
        reporter_name=written.name,
        language=_language(written),
        received_at=at,
        by=_BY,
    )
    message = keep_message(request, Direction.IN, written.text, **_fields(request, written, at))
    _keep_all(message, written, raw, incoming)
    _say_received(request, written, at)
    return request


def _language(written: Written) -> str:
    """What to answer in: Tajik by its letters, else Russian or English by the alphabet."""
    text = (written.subject + written.text).casefold()
    if any(char in "ғӣқӯҳҷ" for char in text):
        return "tg"
    return "ru" if not text or any("а" <= char <= "я" for char in text) else "en"


def _keep_all(message: RequestMessage, written: Written, raw: bytes, incoming: Incoming | None) -> None:
    """The letter as it came, and its files without what they tell; what cannot be made so says why."""
    if not message.request.is_sealed:
        _keep_original(message, raw, incoming)
    for name, data in written.files:
        try:
            if len(data) > MAX_FILE:
                raise Refused(_("Too big to be shown here; it is in the letter as it came."))
            keep_files(message, [document(name, data)])
        except Refused as refusal:
            RequestFile.objects.create(message=message, name=name[:70], refusal=str(refusal)[:300])


def _keep_original(message: RequestMessage, raw: bytes, incoming: Incoming | None) -> None:
    """One file: what the mailbox has put away is the request's from here on, and goes when that goes."""
    if incoming and incoming.file:
        message.original, incoming.file = incoming.file, ""
        message.save(update_fields=["original"])
    else:
        message.original.save(uuid4().hex, ContentFile(raw))


def _go_on(request: PressRequest) -> None:
    if request.can(Step.REPLIED):
        request.move(Step.REPLIED)
        log("events.request.replied", request, by=_BY)
    elif request.can(Step.REOPEN):
        reopen(request, by=_BY)


def _say_received(request: PressRequest, written: Written, at: datetime) -> None:
    """One sign that the letter came, once a day to one address: whatever answers it by itself, no loop begins."""
    told = RequestMessage.objects.filter(
        Q(request__address_key=request.address_key), direction=Direction.OUT, is_automatic=True, at__gt=at - _ONCE_IN
    )
    if told.exists() or Contact.objects.filter(pk=request.contact_id, archived_at__isnull=False).exists():
        return
    text = beginning("received", request.language, subject=request.subject, deadline=request.deadline)
    post(request, Words(answering(request.subject), text), author=None, is_automatic=True)
