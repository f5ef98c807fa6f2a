"""The call sheet of an event: whom to call, who is calling, what came of it; and the same on paper."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from audit.log import log
from core.rights import requires

from ..actions import calls
from ..forms.guests import CallForm
from ..states import CallOutcome, WrongState
from .events import found
from .guests import guest

_SHOWN = 300


def _sheet(request, event):
    """Guests to call with their numbers; of a sealed contact the number stays on its card."""
    rows = calls.to_call(event).visible_to(request.user).filter(contact__isnull=False)
    return rows.select_related("contact", "caller").prefetch_related("contact__phones", "calls__by")[:_SHOWN]


@requires(Right.EVENTS_EDIT)
@require_safe
@never_cache
def sheet(request, pk):
    event, now = found(pk), timezone.now()
    rows = [(row, row.is_called_by_another(request.user, now)) for row in _sheet(request, event)]
    context = {"event": event, "rows": rows, "now": now, "is_late": not event.takes_answers(now)}
    return render(request, "events/calls.html", context)


@requires(Right.EVENTS_EDIT)
@require_POST
@never_cache
def print_sheet(request, pk):
    """The sheet for paper: numbers leave the screen, so the journal says who took them."""
    event = found(pk)
    rows = list(_sheet(request, event))
    log("events.calls.printed", event, by=request.user, rows=len(rows))
    return render(request, "events/calls_print.html", {"event": event, "rows": rows, "by": request.user})


def _next(request, row, action, done="", **arguments):
    try:
        action(row, by=request.user, **arguments)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect("events:call-sheet", pk=row.event_id)


@requires(Right.EVENTS_EDIT)
@require_POST
def claim(request, pk):
    return _next(request, guest(request, pk), calls.claim, at=timezone.now())


@requires(Right.EVENTS_EDIT)
@require_POST
def outcome(request, pk):
    row, form = guest(request, pk), CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what came of the call. Nothing was changed."))
        return redirect("events:call-sheet", pk=row.event_id)
    label = CallOutcome(form.cleaned_data["outcome"]).label
    done = _("Noted: %(answer)s.") % {"answer": label}
    return _next(request, row, calls.note_call, done, **form.cleaned_data)
