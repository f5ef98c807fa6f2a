"""When a mailing leaves: its plan, the schedule, the press of “Send” and taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..forms import PlanForm
from ..models import Mailing, Probe
from ..states import WrongState
from .mailings import step


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    form = PlanForm(request.POST or None, mailing=mailing)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("send_at", "pace", "pace_number")}
        try:
            actions.plan(mailing, **given, by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The time is kept. Nothing leaves by itself before it is scheduled."))
        return redirect("mailings:mailing-detail", pk=pk)
    context = {"mailing": mailing, "plan_form": form}
    return render(request, "mailings/mailing_plan.html", context, status=422 if form.errors else 200)


@requires(Right.MAILINGS_SEND)
@require_POST
def start(request, pk):
    def done(letters):
        mailing = Mailing.objects.get(pk=pk)
        if not mailing.is_held:
            text = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", letters)
            return text % {"count": letters}
        text = ngettext(
            "%(count)s letter leaves at %(time)s (Dushanbe, UTC+5). Until then it can be called back.",
            "%(count)s letters leave at %(time)s (Dushanbe, UTC+5). Until then they can be called back.",
            letters,
        )
        return text % {"count": letters, "time": date_format(timezone.localtime(mailing.held_until), "TIME_FORMAT")}

    return step(request, pk, actions.start, done, typed=_typed(request))


@requires(Right.MAILINGS_SEND)
@require_POST
def schedule(request, pk):
    def done(at):
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return _("Scheduled for %(when)s (Dushanbe, UTC+5).") % {"when": when}

    return step(request, pk, actions.schedule, done, typed=_typed(request))


def _typed(request) -> int | None:
    """The number of letters as somebody typed it, spaces and all; of anything else a number that fits nothing."""
    text = "".join(request.POST.get("typed", "").split())
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@requires(Right.MAILINGS_SEND)
@require_POST
def unschedule(request, pk):
    return step(
        request, pk, actions.unschedule, lambda _r: _("Taken off the schedule. Nothing leaves by itself any more.")
    )


@requires(Right.MAILINGS_SEND)
@require_POST
def call_back(request, pk):
    def done(letters):
        text = ngettext(
            "Called back: %(count)s letter did not leave. The mailing is approved as before.",
            "Called back: none of %(count)s letters has left. The mailing is approved as before.",
            letters,
        )
        return text % {"count": letters}

    return step(request, pk, actions.call_back, done)


@requires(Right.MAILINGS_SEND)
@require_POST
def correct_rest(request, pk):
    """Take a paused mailing back to the desk for those who have not got it."""

    def done(letters):
        text = ngettext(
            "Correct the text. It is approved anew, then %(count)s letter leaves with it.",
            "Correct the text. It is approved anew, then %(count)s letters leave with it.",
            letters,
        )
        return text % {"count": letters}

    return step(request, pk, actions.correct_rest, done)


@requires(Right.MAILINGS_SEND)
@require_POST
def let_go(request, pk):
    return step(request, pk, actions.let_go, lambda _r: _("The letters leave now."))


@requires(Right.MAILINGS_WRITE)
@require_POST
def ask(request, pk):
    """Have a worker look at links, domain or spam score."""
    mailing = get_object_or_404(Mailing, pk=pk)
    kind = request.POST.get("kind", "")
    if kind in Probe.Kind.values:
        actions.ask(mailing, kind, by=request.user)
        messages.success(request, _("It is being looked at. The answer will stand among the checks."))
    return redirect("mailings:mailing-detail", pk=pk)
