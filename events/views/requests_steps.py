"""What is pressed on the page of a request: each verb loads, asks its form, acts, answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from crm.models import form_of_address
from crm.permissions import may_edit

from ..actions import requests as verbs
from ..actions import requests_answers as answers
from ..desk_states import Step, WrongStep
from ..forms.requests import (
    DeclineForm,
    HandOverForm,
    JoinForm,
    LetterForm,
    NoteForm,
    ReporterForm,
    ResultForm,
    ReturnForm,
)
from ..models import PressRequest, RequestFile, RequestMessage
from ..pipeline.desk_words import answering, beginning
from .requests import page, visible


def _done(request, found, act, said: str):
    """Act, say in one sentence what came of it, and go back to the page."""
    try:
        act()
    except WrongStep as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("events:request-detail", pk=found.pk)


_PLAIN = {
    Step.TAKE: (verbs.take_request, lambda: _("It is yours now.")),
    Step.SPAM: (verbs.call_spam, lambda: _("Called spam. It can be brought back from its page.")),
    Step.RESTORE: (verbs.restore, lambda: _("It is among the new ones again.")),
    Step.REOPEN: (verbs.reopen, lambda: _("It is in work again.")),
}


@requires(Right.REQUESTS_WORK)
@require_POST
def step(request, pk, step):
    """A step that needs no words."""
    if step not in _PLAIN:
        raise Http404
    found = visible(request, pk)
    verb, said = _PLAIN[step]
    answer = _done(request, found, lambda: verb(found, by=request.user), said())
    return redirect("events:request-list") if request.POST.get("back") == "board" else answer


@requires(Right.REQUESTS_WORK)
@require_POST
@never_cache
def write(request, pk, kind):
    """An answer, or a question back."""
    found = visible(request, pk)
    acts = {"answer": answers.answer, "ask": answers.ask_reporter}
    if kind not in acts:
        raise Http404
    form = LetterForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, found, status=422, letter_form=form)
    try:
        message = acts[kind](found, form.words, by=request.user)
    except WrongStep as refusal:
        # What was written stays in the form.
        form.add_error(None, str(refusal))
        return page(request, PressRequest.objects.get(pk=pk), status=422, letter_form=form)
    messages.success(request, _said(found, message))
    return redirect("events:request-detail", pk=pk)


def _said(found, message) -> str:
    if message is None:
        return _("Sent for approval. A colleague can approve it now.")
    if message.status:
        return _("The letter leaves in a moment.")
    return _("Written down as said: no address of the reporter is known.")


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def decline(request, pk):
    found = visible(request, pk)
    address = form_of_address(found.contact, found.language).text if found.contact else ""
    begun = {
        "subject": answering(found.subject),
        "text": beginning("decline", found.language, subject=found.subject, address=address),
    }
    form = DeclineForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        said = _("Declined. The letter leaves in a moment.") if form.words and found.address else _("Declined.")
        return _done(request, found, lambda: answers.decline(found, reason, form.words, by=request.user), said)
    context = {"form": form, "press_request": found}
    return render(request, "events/request_decline.html", context, status=422 if form.errors else 200)


@requires(Right.MAILINGS_APPROVE)
@require_POST
def approve(request, pk):
    found, seen = visible(request, pk), request.POST.get("seen", "").replace("\r\n", "\n")
    said = _("Approved. The letter leaves in a moment.")
    return _done(request, found, lambda: answers.approve_answer(found, seen=seen, by=request.user), said)


@requires(Right.REQUESTS_WORK)
@require_POST
def send_back(request, pk):
    """The answer returns to its author; an author takes it back in the same way."""
    found, form = visible(request, pk), ReturnForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, return_form=form)
    said = _("Returned to its author.")
    return _done(request, found, lambda: answers.return_answer(found, form.cleaned_data["note"], by=request.user), said)


@requires(Right.REQUESTS_WORK)
@require_POST
@never_cache
def note(request, pk):
    found, form = visible(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, note_form=form)
    return _done(request, found, lambda: verbs.add_note(found, form.cleaned_data["text"], by=request.user), _("Noted."))


@requires(Right.REQUESTS_WORK)
@require_POST
def hand_over(request, pk):
    found = visible(request, pk)
    form = HandOverForm(request.POST, request=found)
    if not form.is_valid():
        return page(request, found, status=422, hand_over_form=form)
    to, words = form.cleaned_data["to"], form.cleaned_data["note"]
    said = _("%(name)s answers from now on, and is told by mail.") % {"name": to.name}
    return _done(request, found, lambda: verbs.hand_over(found, to, note=words, by=request.user), said)


@requires(Right.REQUESTS_WORK)
@require_POST
def close(request, pk):
    """What came of it: closes an answered request, and is written down later of a closed one."""
    found, form = visible(request, pk), ResultForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, result_form=form)
    verb = verbs.close_request if found.can(Step.CLOSE) else verbs.keep_result
    return _done(request, found, lambda: verb(found, **form.cleaned_data, by=request.user), _("Written down."))


@requires(Right.REQUESTS_WORK)
@require_POST
def join(request, pk):
    found = visible(request, pk)
    form = JoinForm(request.POST, request=found, user=request.user)
    if not form.is_valid():
        return page(request, found, status=422, join_form=form)
    into = form.cleaned_data["into"]
    said = _("Joined with “%(subject)s”. It can be taken back on this page.") % {"subject": into.subject}
    return _done(request, found, lambda: verbs.join(found, into, by=request.user), said)


@requires(Right.CONTACTS_EDIT)
@require_POST
def reporter(request, pk):
    """Who asks: one of the contacts."""
    found, form = _unnamed(request, pk), ReporterForm(request.POST, user=request.user)
    if found is None:
        return redirect("events:request-detail", pk=pk)
    if not form.is_valid():
        raise Http404
    contact = form.cleaned_data["contact"]
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    said = _("Asked by %(name)s.") % {"name": contact.name}
    return _done(request, found, lambda: verbs.name_reporter(found, contact, by=request.user), said)


@requires(Right.CONTACTS_EDIT)
@require_POST
def make_contact(request, pk):
    """Who asks: a new contact, of what the reporter said."""
    found = _unnamed(request, pk)
    if found is None:
        return redirect("events:request-detail", pk=pk)
    if not found.reporter_name:
        messages.error(request, _("The reporter has given no name. Correct the request first."))
        return redirect("events:request-detail", pk=pk)
    return _done(request, found, lambda: verbs.make_contact(found, by=request.user), _("Added to the contacts."))


def _unnamed(request, pk) -> PressRequest | None:
    """The request, unless it is known already who asks: then that is said."""
    found = visible(request, pk)
    if not request.user.may(Right.REQUESTS_WORK):
        raise PermissionDenied
    if not found.is_verified:
        return found
    messages.error(request, _("It is known already who asks. Nothing was changed."))
    return None


@requires(Right.REQUESTS_WORK)
@require_POST
def send_again(request, pk):
    message = _message(request, pk)
    said = _("The letter leaves in a moment.")
    return _done(request, message.request, lambda: answers.send_again(message, by=request.user), said)


def _message(request, pk) -> RequestMessage:
    message = get_object_or_404(RequestMessage.objects.select_related("request__contact"), pk=pk)
    visible(request, message.request_id)
    return message


@requires(Right.REQUESTS_VIEW)
@require_safe
@never_cache
def file(request, pk):
    """A file of a message; of a sealed contact for who may see what is sealed."""
    found = get_object_or_404(RequestFile.objects.select_related("message__request__contact").exclude(file=""), pk=pk)
    _message(request, found.message_id)
    if found.message.request.is_sealed and not request.user.may(Right.CONTACTS_SEALED):
        raise Http404
    return _as_download(found.content(), found.name, found.media_type)


@requires(Right.REQUESTS_WORK)
@require_safe
@never_cache
def original(request, pk):
    """A letter as it came, to be kept, never to be shown here."""
    message = _message(request, pk)
    if not message.original or message.request.is_sealed:
        raise Http404
    with message.original.open("rb") as stored:
        return _as_download(stored.read(), f"request-{message.pk}.eml", "application/octet-stream")


def _as_download(data: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
