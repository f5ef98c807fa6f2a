"""The door of an event: the page for phones, what it keeps and sends, and the same without a script."""

import hashlib
import json
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from core import text
from core.headers import PERMISSIONS
from core.rights import requires

from ..actions import door
from ..actions.door import Said, State
from ..forms.door import KeepersForm, NotMarks, WalkInForm, read_marks
from ..models import Event
from ..pipeline.door_seal import for_phone
from ..states import DOOR_CLOSES, Accreditation, Attendance, MarkKind, Rsvp, WrongState

_MARKS, _SHOWN = 1000, 300
# Lists are long: of each guest these columns are read.
_ON_PHONES = [
    "event", "name", "outlet_name", "search_text", "rsvp", "accreditation", "people", "needs_camera",
    "needs_interpretation", "needs_access", "records_presence", "link_version",
]  # fmt: skip
# How search folds letters, for a page that has no line to ask.
FOLDING = {
    "legacy": {chr(before): chr(after) for before, after in text.LEGACY_TAJIK.items()},
    "letters": text.LETTERS,
    "cyrillic": text.CYRILLIC_PAIRS,
    "latin": text.LATIN_PAIRS,
}


def door_of(request, pk) -> Event:
    """An event whose door this person keeps; the same 404 for one that they do not, and for one that is not there."""
    return get_object_or_404(Event.objects.for_list().with_door_for(request.user), pk=pk)


def for_keepers(view):
    """Whoever keeps doors, and whoever prepares events."""
    return requires(Right.DOOR, Right.EVENTS_EDIT)(view)


@for_keepers
@require_safe
def doors(request):
    """The doors of somebody who does nothing else. If there is one, it opens."""
    open_ones = [
        event
        for event in Event.objects.for_list().with_door_for(request.user).to_come(timezone.now() - DOOR_CLOSES)
        if event.has_door
    ]
    if len(open_ones) == 1:
        return redirect("events:door", pk=open_ones[0].pk)
    return render(request, "events/door_list.html", {"events": open_ones})


def _is_on_phones(event: Event) -> bool:
    return event.has_door and timezone.now() < event.door_closes_at


@for_keepers
@require_safe
def page(request, pk):
    """The page itself names nobody: a browser may keep it. Names come apart, as long as somebody is signed in."""
    event = door_of(request, pk)
    if not event.has_door or timezone.now() > event.marks_until:
        return render(request, "events/door_closed.html", {"event": event}, status=HTTPStatus.GONE)
    answer = render(request, "events/door.html", {"event": event, "folding": FOLDING})
    answer["Permissions-Policy"] = PERMISSIONS.replace("camera=()", "camera=(self)")
    return answer


@for_keepers
@require_safe
def worker(request, pk):
    """The script that opens the page without a line; served from here, so that it is about this page alone."""
    door_of(request, pk)
    with open(finders.find("js/door-worker.js"), "rb") as script:
        return HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")


@for_keepers
@require_safe
def guests(request, pk):
    """Whom the phone may meet, in the order of the alphabet; nothing of how to reach them."""
    event = door_of(request, pk)
    if not _is_on_phones(event):
        return JsonResponse({"closed": True}, status=HTTPStatus.GONE)
    rows = event.invitations.at_door(request.user)
    until = min(filter(None, [event.door_closes_at, request.user.expires_at])).timestamp() * 1000
    about = {"until": until, "early": _early(event), "seal": for_phone(event)}
    # Every phone asks every minute: whether something is new is known without reading the list.
    state = json.dumps([rows.state(event), about, get_language()], default=str)
    etag = f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
    if same := get_conditional_response(request, etag=etag):
        return same
    words = {name: str(label) for name, label in [*Rsvp.choices, *Accreditation.choices]}
    told = [_described(row, words) for row in rows.only(*_ON_PHONES).order_by("sort_key", "pk")]
    return JsonResponse(about | {"guests": told}, headers={"ETag": etag})


def _early(event: Event) -> str:
    """Why nothing can be marked yet."""
    try:
        door.refuse_closed(event, timezone.now())
    except WrongState as refusal:
        return str(refusal)
    return ""


def _described(guest, words) -> dict:
    """What is said of a guest, states in `words`; what is not so is left out, as lists are long and lines bad."""
    is_expected = guest.rsvp == Rsvp.ACCEPTED
    told = {
        "id": guest.pk,
        "name": guest.name,
        "line": ", ".join(filter(None, [guest.outlet_name, *_needs(guest)])),
        "key": guest.search_text,
        "code": guest.door_code,
        "expected": is_expected,
        "answer": "" if is_expected else words[guest.rsvp],
        "barred": "" if guest.is_let_in else words[guest.accreditation],
        "counted": not guest.records_presence,
    }
    return {name: value for name, value in told.items() if value or name in {"name", "key"}}


def _needs(guest) -> list[str]:
    needs = []
    if more := guest.people - 1:
        needs.append(ngettext("%(count)s more person", "%(count)s more people", more) % {"count": more})
    if guest.needs_camera:
        needs.append(_("camera"))
    if guest.needs_interpretation:
        needs.append(_("headphones"))
    if guest.needs_access:
        needs.append(_("no steps"))
    return needs


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request, pk):
    """What all phones have said since a number; or, posted, what this one says."""
    event = door_of(request, pk)
    if request.headers.get("X-Door-User", str(request.user.pk)) != str(request.user.pk):
        # Somebody else has signed in in another tab: what one has marked is not said by another.
        return JsonResponse({}, status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST":
        return _take(request, event)
    if not _is_on_phones(event):
        return _with_token(request, JsonResponse({"closed": True}, status=HTTPStatus.GONE))
    after = request.GET.get("after", "")
    rows = event.marks.filter(pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0).order_by("pk")
    rows = list(rows[:_MARKS])
    answer = JsonResponse({"next": rows[-1].pk if rows else None, "marks": [_said(row) for row in rows]})
    return _with_token(request, answer)


def _with_token(request, answer):
    """The page may be older than the sign-in: it posts with this token."""
    answer["X-CSRFToken"] = get_token(request)
    return answer


def _said(mark) -> dict:
    return {
        "key": mark.key,
        "kind": mark.kind,
        "guest": mark.invitation_id,
        "undoes": mark.undoes,
        "at": mark.at and mark.at.timestamp() * 1000,
        "by": mark.by_id,
        "staff": mark.is_by_staff,
    }


def _take(request, event):
    try:
        said = read_marks(request.body, event=event, at=timezone.now())
        replies = door.take(event, said, by=request.user)
    except NotMarks:
        return JsonResponse({"words": _("This is no list of marks.")}, status=HTTPStatus.BAD_REQUEST)
    except WrongState as refusal:
        return JsonResponse({"words": str(refusal)}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"replies": [{"key": one.key, "state": one.state, "words": one.words} for one in replies]})


@for_keepers
@require_safe
def waiting(request):
    """What to do where marks on this phone could not be sent before signing out; the phone itself says how many."""
    return render(request, "events/door_waiting.html")


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def plain(request, pk):
    """The door without a script, and for a list that was kept on paper."""
    event = door_of(request, pk)
    form = WalkInForm(request.POST if "name" in request.POST else None)
    if request.method == "POST" and (form.is_valid() if form.is_bound else True):
        reply = _do(request, event, form)
        if reply.state is not State.REFUSED:
            return redirect(request.get_full_path())
        messages.error(request, reply.words)
    rows = event.invitations.at_door(request.user)
    asked = request.GET.get("q", "")
    for word in text.search_words(asked):
        rows = rows.filter(search_text__contains=word)
    if not asked:
        rows = rows.filter(rsvp=Rsvp.ACCEPTED)
    came = event.invitations.filter(attendance=Attendance.PRESENT).count()
    context = {"event": event, "rows": rows.order_by("sort_key", "pk")[:_SHOWN], "asked": asked, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "events/door_plain.html", context | {"came": came}, status=status)


def _do(request, event, form):
    try:
        if form.is_bound:
            said = Said(MarkKind.WALK_IN, timezone.now(), uuid4(), **form.cleaned_data)
            return door.take(event, [said], by=request.user)[0]
        number = request.POST.get("guest", "")
        rows = event.invitations.at_door(request.user)
        guest = get_object_or_404(rows, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        if "back" in request.POST:
            replies = door.take_back(event, guest, by=request.user)
            return min(replies, key=lambda one: one.state is State.REFUSED, default=door.Reply(uuid4()))
        return door.mark(event, guest, by=request.user)
    except WrongState as refusal:
        return door.Reply(uuid4(), State.REFUSED, str(refusal))


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def keepers(request, pk):
    """Who stands at the door: accounts that can do nothing else."""
    event = door_of(request, pk)
    form = KeepersForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        door.set_keepers(event, form.cleaned_data["keepers"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("events:event-detail", pk=pk)
    context = {"event": event, "form": form}
    return render(request, "events/door_keepers.html", context, status=422 if form.errors else 200)
