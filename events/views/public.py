"""What people outside open by a link of their own: an answer, a calendar. No cookie, no script; GET changes nothing."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Lockdown
from accounts.roles import Right
from core.signing import BadToken, read_token

from ..actions.answers import Word, answer
from ..actions.feeds import FEED, number_of
from ..actions.guests import name_colleague
from ..forms.guests import ANSWERS
from ..forms.rsvp import RsvpForm
from ..models import RSVP, Event, Feed, Invitation
from ..pipeline.ical import feed as feed_of
from ..pipeline.ical import for_everybody
from ..pipeline.paper import square
from ..states import Source, WrongState
from .letters import as_file

# No row has these numbers. A wrong token's is looked up all the same: it takes the way of one whose row is gone.
NOBODY, OF_A_TEST = 2**63 - 1, 0
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


@login_not_required
@csrf_exempt  # the token is the authority: the page works without a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rsvp(request, token):
    """Where somebody invited answers, and changes their answer until the deadline. To look is no answer."""
    number = number_in(RSVP, token)
    if number == OF_A_TEST:
        return _test_page(request)
    guest = _guest(number)
    language = _chosen(request, guest)
    with override(language):
        if request.method == "POST":
            return _answer(request, guest, language)
        return _page(
            request, guest, RsvpForm(instance=guest, event=guest.event, initial=_preselected(request)), language
        )


def _test_page(request):
    with override(language_of(request, settings.LANGUAGE_CODE)):
        return render(request, "public/test_answer.html")


def _guest(number):
    """Whose link it is; the same 404, at the cost of the same question, whatever is wrong with it."""
    rows = Invitation.objects.select_related("event__venue", "contact", "outlet")
    guest = rows.of_link(number).first()
    if guest is None:
        raise Http404
    return guest


def language_of(request, otherwise):
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else otherwise


def _chosen(request, guest):
    return language_of(request, guest.language or settings.LANGUAGE_CODE)


def _preselected(request):
    """`?a=declined` in a letter marks a choice on the page; it is sent by a press of the button alone."""
    asked = request.GET.get("a", "")
    return {"answer": asked} if asked in dict(ANSWERS) else {}


def _page(request, guest, form, language, status=HTTPStatus.OK):
    event, now = guest.event, timezone.now()
    context = {
        "guest": guest,
        "event": event,
        "form": form,
        "language": language,
        "takes_answers": guest.takes_answers(now),
        "travel": form.journey_status,
        "colleague": guest.replacements.exclude(rsvp="revoked").first(),
        "programme": list(event.programme.all()),
        "speakers": list(event.speakers.all()),
        "just_answered": "done" in request.GET,
        "until": (event.answer_by or event.starts_at) if event.takes_answers(now) else guest.offered_until,
        "token": request.resolver_match.kwargs["token"],
        "contact": settings.MAIL_REPLY_TO,
    }
    return render(request, "public/rsvp.html", context, status=status)


def _answer(request, guest, language):
    form = RsvpForm(request.POST, instance=guest, event=guest.event)
    if form.is_valid():
        try:
            if form.wants_colleague:
                typed = form.cleaned_data
                name_colleague(guest, name=typed["colleague"], address=typed["colleague_address"])
            else:
                answer(guest, form.cleaned_data["answer"], Word(Source.WEB), form.needs(), form.given())
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{request.path}?done&lang={language}")
    guest.refresh_from_db()
    return _page(request, guest, form, language, HTTPStatus.UNPROCESSABLE_ENTITY)


@login_not_required
@never_cache
@require_safe
def rsvp_calendar(request, token):
    """The event for the calendar of who has the link; nobody is named in it."""
    guest = _guest(number_in(RSVP, token))
    return as_file(for_everybody(guest.event, _chosen(request, guest)), "event")


@login_not_required
@never_cache
@require_safe
def rsvp_square(request, token):
    """The code for the door of who comes, as a picture."""
    guest = _guest(number_in(RSVP, token))
    if not guest.may_enter:
        raise Http404
    return HttpResponse(square(guest.door_code), content_type="image/svg+xml")
