"""Letters to guests, which are mailings; and the event in calendars."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.feeds import address_of, renew_feed
from ..actions.invitations import WHOM, begin_mailing
from ..models import Feed
from ..pipeline.ical import for_everybody
from ..states import WrongState
from .events import found


@requires(Right.MAILINGS_WRITE)
@require_POST
def begin(request, pk, purpose):
    """A draft to the guests whom it concerns: it is written, approved and sent as every mailing is."""
    event = found(pk)
    if purpose not in WHOM:
        raise Http404
    try:
        mailing = begin_mailing(event, purpose, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("events:event-detail", pk=pk)
    return redirect("mailings:mailing-compose", pk=mailing.pk, language="ru")


def as_file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


@requires(Right.EVENTS_VIEW)
@require_safe
def calendar_file(request, pk):
    return as_file(for_everybody(found(pk), get_language()), f"event-{pk}")


@requires(Right.EVENTS_VIEW)
@require_safe
@never_cache
def feed_page(request):
    feed = Feed.objects.filter(user=request.user).first()
    return render(request, "events/feed.html", {"address": address_of(feed) if feed else ""})


@requires(Right.EVENTS_VIEW)
@require_POST
def renew(request):
    renew_feed(by=request.user)
    return redirect("events:feed")
