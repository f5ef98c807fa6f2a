"""What waits for a person: remarks from calendars, answers in words. One press each."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Right
from core.rights import requires
from mailings.actions import incoming

from ..actions import remarks
from ..forms.guests import ANSWERS
from ..states import WrongState
from .events import found

_STEPS = {
    "stays": remarks.keep_the_time,
    "note": remarks.note_it,
    "come": remarks.let_come,
    "aside": remarks.put_aside,
}


def _back(request, pk, step):
    """Do it, say what came of it, and go back to the event."""
    try:
        step()
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Settled."))
    return redirect("events:event-detail", pk=pk)


@requires(Right.EVENTS_EDIT)
@require_POST
def settle(request, pk, remark_pk):
    """Decide about what a calendar said."""
    remark = get_object_or_404(remarks.of_event(found(pk), request.user), pk=remark_pk)
    action = _STEPS.get(request.POST.get("step", ""))
    if action is None:
        raise Http404
    return _back(request, pk, lambda: action(remark, by=request.user))


@requires(Right.EVENTS_EDIT)
@require_POST
def read(request, pk, letter_pk):
    """Say what an answer in words means, or put it aside."""
    event = found(pk)
    letter = get_object_or_404(remarks.in_words(event, request.user), pk=letter_pk)
    wish = request.POST.get("answer", "")
    if wish == "aside":
        return _back(request, pk, lambda: incoming.settle(letter, by=request.user))
    if wish not in dict(ANSWERS):
        raise Http404
    return _back(request, pk, lambda: remarks.note_letter(event, letter, wish, by=request.user))
