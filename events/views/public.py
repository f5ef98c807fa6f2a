"""What people outside open: the calendar of staff by its secret address. No cookie, no script; GET changes nothing."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Lockdown
from accounts.roles import Right
from core.signing import BadToken, read_token

from ..actions.feeds import FEED, number_of
from ..models import Event, Feed
from ..pipeline.ical import feed as feed_of
from .letters import as_file

# No row has this number. A wrong token's is looked up all the same: it takes the way of one whose row is gone.
NOBODY = 2**63 - 1
_BACK = timedelta(days=90)


def number_in(purpose: str, token: str) -> int:
    try:
        return read_token(purpose, token)
    except BadToken:
        return NOBODY


@login_not_required
@never_cache
@require_safe
def staff_calendar(request, token):
    """The events for one member of staff's calendar, as long as they may see them."""
    number = number_in(FEED, token)
    feed = Feed.objects.select_related("user").filter(pk=number >> 32).first()
    if feed is None or number_of(feed) != number or not feed.user.may(Right.EVENTS_VIEW):
        raise Http404
    if Lockdown.objects.on().exists():
        raise Http404
    events = Event.objects.for_list().filter(starts_at__gte=timezone.now() - _BACK).order_by("starts_at")
    return as_file(feed_of(events, feed.user.language), "events")
