"""Interviews of a request: what was agreed, consent, the day, and the switch that stops one in any state."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from ..actions import interviews as verbs
from ..desk_states import WrongStep
from ..forms.interviews import InterviewForm
from ..models import Interview
from .requests import visible


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def create(request, pk):
    found = visible(request, pk)
    interview = Interview(request=found, language=found.language, way=found.wanted or Interview().way)
    return _form(request, interview, _("Proposed. Note the consent of who speaks before a day is named."))


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def update(request, pk):
    return _form(request, _interview(request, pk), _("Saved."))


def _interview(request, pk) -> Interview:
    found = Interview.objects.visible_to(request.user).select_related("request__contact", "expert__organisation")
    return get_object_or_404(found, pk=pk)


def _form(request, interview, said):
    form = InterviewForm(request.POST or None, instance=interview)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        try:
            verbs.save_interview(made, code_name=form.cleaned_data["code_name"], by=request.user)
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("events:interview-update", pk=made.pk)
    shown = Interview.objects.get(pk=interview.pk) if interview.pk else interview
    context = {"form": form, "interview": shown, "press_request": interview.request}
    return render(request, "events/interview_form.html", context, status=422 if form.errors else 200)


_STEPS = {
    "consent": (verbs.note_consent, lambda: _("Consent noted.")),
    "schedule": (verbs.schedule, lambda: _("Scheduled. Each gets a letter with an invitation of their own.")),
    "cancel": (verbs.cancel_interview, lambda: _("Cancelled. Whoever had an invitation is told.")),
    "stop": (verbs.stop, lambda: _("Stopped. Whoever had an invitation is told, and so are the heads.")),
    "done": (lambda one, by: verbs.settle_interview(one, took_place=True, by=by), lambda: _("Noted.")),
    "no-show": (lambda one, by: verbs.settle_interview(one, took_place=False, by=by), lambda: _("Noted.")),
}


@requires(Right.REQUESTS_WORK)
@require_POST
def step(request, pk, step):
    if step not in _STEPS:
        raise Http404
    interview = _interview(request, pk)
    verb, said = _STEPS[step]
    try:
        verb(interview, by=request.user)
    except WrongStep as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said())
    return redirect("events:interview-update", pk=pk)
