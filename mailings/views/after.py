"""What comes after a mailing: a follow-up, a correction, a withdrawal, the same again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..models import Mailing, outcomes
from ..states import WrongState
from .mailings import step


def _draft(request, pk, verb, said, **arguments):
    """Begin a draft that follows from a mailing, and go there."""
    mailing = get_object_or_404(Mailing, pk=pk)
    try:
        draft = verb(mailing, by=request.user, **arguments)
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("mailings:mailing-detail", pk=pk)
    messages.success(request, said)
    return redirect("mailings:mailing-compose", pk=draft.pk, language="ru")


@requires(Right.MAILINGS_WRITE)
@require_POST
def follow_up(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    codes = [outcome.code for outcome in outcomes.known(mailing.measures)]
    outcome = request.POST.get("outcome", "")
    if outcome not in codes:
        messages.error(request, _("Choose whom to write to again."))
        return redirect("mailings:mailing-detail", pk=pk)
    return _draft(request, pk, actions.follow_up, _("The audience is set. Write the text."), outcome=outcome)


@requires(Right.MAILINGS_WRITE)
@require_POST
def correct(request, pk):
    return _draft(request, pk, actions.correct, _("Write what is right. It goes to exactly those who got the letter."))


@requires(Right.MAILINGS_SEND)
@require_POST
def withdraw(request, pk):
    return _draft(request, pk, actions.withdraw, _("Withdrawn. Tell those who got the letter why."))


@requires(Right.MAILINGS_SEND)
@require_POST
def stand_by(request, pk):
    return step(request, pk, actions.stand_by, lambda _r: _("The mailing stands again."))


@requires(Right.MAILINGS_WRITE)
@require_POST
def repeat(request, pk):
    said = _("Copied. Look at every date, number and name in it, and at the audience: they are those of the first one.")
    return _draft(request, pk, actions.repeat, said)
