"""The reporter's deadline as the clock: who is told when, and what was missed. A worker asks every minute."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.log import log
from audit.models import WORKER

from ..desk_states import Step, WrongStep
from ..models import PressRequest

SHARES = (100, 80, 50)


def look(*, at: datetime | None = None) -> int:
    """Tell whom it concerns that half, four fifths or all of the time is over; once each. Return how many were told of.

    After a pause of the worker only the last of what was passed is told.
    """
    at = at or timezone.now()
    return sum(_look_at(request, at) for request in PressRequest.objects.ticking().select_related("assignee"))


@transaction.atomic
def ask_for_results(*, at: datetime | None = None) -> int:
    """A week after an answer whose use nobody knows, ask once more. Return how many were asked about."""
    today = timezone.localdate(at)
    due = PressRequest.objects.filter(ask_result_on__lte=today).select_related("assignee")
    asked = 0
    for request in due.select_for_update(of=("self",)):
        request.ask_result_on = None
        request.save(update_fields=["ask_result_on", "search_text"])
        path = reverse("events:request-detail", args=[request.pk])
        if request.assignee and request.assignee.is_current:
            tell(request.assignee, StaffLetter.Kind.REQUEST_RESULT, path=path)
            asked += 1
    return asked


@transaction.atomic
def _look_at(request: PressRequest, at: datetime) -> bool:
    passed = request.share_passed(at)
    share = next((share for share in SHARES if passed >= share), 0)
    if share == 0:
        return False
    news = PressRequest.objects.filter(pk=request.pk, told_at_share__lt=share).update(told_at_share=share)
    if not news:
        return False
    request.told_at_share = share
    if share == 100 and request.first_answer_at is None and request.can(Step.MISS):
        _miss(request)
    path = reverse("events:request-detail", args=[request.pk])
    for user in _concerned(request, share):
        tell(user, StaffLetter.Kind.REQUEST_DUE, share=str(share), path=path)
    return True


def _miss(request: PressRequest) -> None:
    """Nothing was sent in time. It stays where everybody sees it, and can still be answered."""
    try:
        request.move(Step.MISS)
    except WrongStep:
        return
    log("events.request.miss", request, by=WORKER)


def _concerned(request: PressRequest, share: int) -> list[User]:
    """Whoever answers; from four fifths on, or where nobody does, the heads, too."""
    found = {request.assignee.pk: request.assignee} if request.assignee and request.assignee.is_current else {}
    if share > 50 or not found:
        found |= {user.pk: user for user in User.objects.with_right(Right.MAILINGS_APPROVE)}
    return list(found.values())
