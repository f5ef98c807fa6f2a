"""The speaker desk: who can speak, whom to ask, and what a member representative sees and answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.signing import BadToken, read_token

from ..actions import experts as verbs
from ..desk_states import WrongStep
from ..forms.experts import AskSpeakerForm, ExpertForm, SpeakerAnswerForm
from ..models import Expert, SpeakerQuestion
from ..pipeline.desk_words import SPEAKER
from ..pipeline.speaker_match import suggest
from .requests import visible

_NOBODY = 2**63 - 1


@requires(Right.REQUESTS_VIEW)
@require_safe
def speakers(request):
    found = Expert.objects.visible_to(request.user).with_load().select_related("organisation")
    return render(request, "events/expert_list.html", {"experts": found.prefetch_related("topics")})


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request, pk=None):
    expert = get_object_or_404(Expert, pk=pk) if pk else Expert()
    form = ExpertForm(request.POST or None, instance=expert, user=request.user)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        verbs.save_expert(form.made(), topics=words["topic_names"], address=words["address"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("events:expert-list")
    context = {"form": form, "expert": expert}
    return render(request, "events/expert_form.html", context, status=422 if form.errors else 200)


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, pk):
    """Who could speak on a request, who fits first, and the question to one of them."""
    found = visible(request, pk)
    form = AskSpeakerForm(request.POST or None, initial={"text": found.subject})
    if request.method == "POST" and form.is_valid():
        expert = get_object_or_404(Expert.objects.filter(is_active=True), pk=_number(request.POST.get("expert")))
        try:
            verbs.ask_speaker(found, expert, form.cleaned_data["text"], by=request.user)
        except WrongStep as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("%(name)s gets a letter with a link.") if expert.address else _("%(name)s sees it on the desk.")
            messages.success(request, said % {"name": expert.name})
        return redirect("events:request-speakers", pk=pk)
    active = Expert.objects.filter(is_active=True).with_load().select_related("organisation")
    region = found.contact.region if found.contact else ""
    context = {
        "press_request": found,
        "form": form,
        "questions": found.questions.select_related("expert__organisation"),
        "suggestions": suggest(found, active.prefetch_related("topics"), region=region, on=timezone.localdate()),
    }
    return render(request, "events/request_speakers.html", context, status=422 if form.errors else 200)


def _number(text) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@requires(Right.REQUESTS_WORK)
@require_POST
def withdraw(request, pk):
    question = get_object_or_404(SpeakerQuestion.objects.select_related("request", "expert"), pk=pk)
    visible(request, question.request_id)
    verbs.withdraw_question(question, by=request.user)
    messages.success(request, _("Not needed any more: the link says so."))
    return redirect("events:request-speakers", pk=question.request_id)


@requires(Right.OWN_ORGANISATION, Right.REQUESTS_WORK)
@require_safe
def asked(request):
    """What the speakers of one's own organisation are asked; for the desk, all of them."""
    found = SpeakerQuestion.objects.visible_to(request.user).select_related("expert", "request")
    context = {"waiting": found.open(), "others": found.exclude(pk__in=found.open().values("pk"))[:50]}
    return render(request, "events/question_list.html", context)


@requires(Right.OWN_ORGANISATION, Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request, pk):
    """One of them, answered for the speaker: by the representative, or by whoever had them on the telephone."""
    found = get_object_or_404(
        SpeakerQuestion.objects.visible_to(request.user).select_related("expert", "request"), pk=pk
    )
    form = SpeakerAnswerForm(request.POST or None, initial=_begun(found))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer_question(found, **form.cleaned_data, by=request.user)
        except WrongStep as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Thank you. The media group sees your answer."))
        return redirect("events:question-list")
    context = {"question": found, "form": form}
    return render(request, "events/question_detail.html", context, status=422 if form.errors else 200)


def _begun(found: SpeakerQuestion) -> dict[str, str]:
    return {"status": found.status, "text": found.answer}


@login_not_required
@csrf_exempt  # the token is the authority, and there is no session
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """What a speaker opens from the letter. GET changes nothing; the answer can be changed while it is open."""
    try:
        number = read_token(SPEAKER, token)
    except BadToken:
        number = _NOBODY
    found = SpeakerQuestion.objects.select_related("expert", "request").filter(pk=number).first()
    if found is None:
        raise Http404
    with override(found.expert.language_codes[0]):
        form = SpeakerAnswerForm(request.POST if request.method == "POST" else None, initial=_begun(found))
        is_done = found.is_open and request.method == "POST" and form.is_valid()
        if is_done:
            verbs.answer_question(found, **form.cleaned_data, by="speaker")
        context = {"question": found, "form": form, "is_done": is_done}
        return render(request, "public/speaker_answer.html", context, status=422 if form.errors else 200)
