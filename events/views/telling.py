"""The page from which everybody is told of a moved or cancelled event whom the letter does not reach."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from audit.log import log
from core.rights import requires

from ..actions import calls, telling
from ..states import WrongState
from .events import found
from .guests import guest

_SHOWN = 300


def _rows(request, event):
    rows = telling.to_tell(event).visible_to(request.user).select_related("contact", "caller")
    return rows.prefetch_related("contact__phones")


@requires(Right.EVENTS_EDIT)
@require_safe
@never_cache
def page(request, pk):
    event, now = found(pk), timezone.now()
    change = telling.change_of(event)
    if not change:
        raise Http404
    rows = _rows(request, event)
    context = {
        "event": event,
        "texts": telling.messages_of(event, change),
        "rows": [(row, row.has_letter, row.is_called_by_another(request.user, now)) for row in rows[:_SHOWN]],
        "not_reached": rows.filter(told_at=None, has_letter=False).count(),
        "shown": _SHOWN,
        "now": now,
    }
    return render(request, "events/tell.html", context)


@requires(Right.EVENTS_EDIT)
@require_POST
@never_cache
def print_sheet(request, pk):
    """The same people on paper; numbers leave the screen, so the journal says who took them."""
    event = found(pk)
    rows = list(_rows(request, event).filter(contact__isnull=False, told_at=None)[:_SHOWN])
    log("events.calls.printed", event, by=request.user, rows=len(rows))
    return render(request, "events/calls_print.html", {"event": event, "rows": rows, "by": request.user})


@requires(Right.EVENTS_EDIT)
@require_POST
def told(request, pk):
    """Take somebody to call, or note that they were told."""
    row = guest(request, pk)
    try:
        if "claim" in request.POST:
            calls.claim(row, at=timezone.now(), by=request.user)
        else:
            telling.told(row, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("events:tell", pk=row.event_id)
