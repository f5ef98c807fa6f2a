"""The board and the list of press requests, and the page of one."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal
from core.views import FilteredListView
from crm.actions import sealing
from crm.models import Contact, form_of_address

from ..actions import requests as verbs
from ..actions.knowing import may_be
from ..actions.requests_answers import may_approve
from ..desk_states import Direction, RequestStatus
from ..filters.requests import RequestFilter
from ..forms.requests import (
    DetailsForm,
    HandOverForm,
    JoinForm,
    LetterForm,
    NoteForm,
    RequestForm,
    ResultForm,
    ReturnForm,
)
from ..models import PressRequest, RequestMessage
from ..pipeline.desk_figures import usual_wait
from ..pipeline.desk_words import KINDS, answering, beginning

# How long what is settled stays on the board.
SHOWN = timedelta(days=30)
_PER_LANE = 60
_LANES = [
    (RequestStatus.NEW, "bad", [RequestStatus.NEW, RequestStatus.MISSED]),
    (RequestStatus.IN_WORK, "gold", [RequestStatus.IN_WORK]),
    (RequestStatus.WAITING_REPORTER, "info", [RequestStatus.WAITING_REPORTER]),
    (RequestStatus.WAITING_APPROVAL, "accent", [RequestStatus.WAITING_APPROVAL]),
    (RequestStatus.ANSWERED, "ok", [RequestStatus.ANSWERED, RequestStatus.CLOSED]),
]
SETTLED = {RequestStatus.ANSWERED, RequestStatus.CLOSED}


@dataclass
class Lane:
    """A column of the board; `more` is how many more there are than it shows."""

    status: RequestStatus
    tone: str
    cards: list[PressRequest] = field(default_factory=list)
    more: int = 0


@method_decorator(requires(Right.REQUESTS_VIEW), name="dispatch")
class RequestList(FilteredListView):
    """The board, or the same as a list."""

    filterset_class = RequestFilter

    @property
    def is_board(self) -> bool:
        return self.request.GET.get("view") != "list"

    @property
    def template_name(self):
        return "events/request_board.html" if self.is_board else "events/request_list.html"

    @property
    def partial_name(self):
        return "events/_request_board.html" if self.is_board else "events/_request_table.html"

    @property
    def queryset(self):
        found = PressRequest.objects.visible_to(self.request.user).for_list()
        return found.order_by("deadline", "-received_at") if self.is_board else found

    def get_context_data(self, **context):
        visible = PressRequest.objects.visible_to(self.request.user)
        context |= {
            "next_due": visible.open().filter(deadline__gt=timezone.now()).order_by("deadline").first(),
            "usual_wait": usual_wait(visible),
            "is_board": self.is_board,
            "other_filters": bool(set(self.request.GET) - {"view", "page"}),
        }
        if self.is_board:
            context["lanes"] = lanes_of(self.filterset.qs)
        return super().get_context_data(**context)


def lanes_of(requests) -> list[Lane]:
    """Open requests by state, the most urgent first, and what was settled lately, the newest first."""
    settled_since = Q(status__in=SETTLED) & Q(settled_at__lt=timezone.now() - SHOWN)
    by_status = {}
    for status, tone, statuses in _LANES:
        by_status |= dict.fromkeys(statuses, Lane(status, tone))
    for request in requests.exclude(settled_since).filter(status__in=by_status):
        by_status[request.status].cards.append(request)
    lanes = [by_status[status] for status, _tone, _statuses in _LANES]
    for lane in lanes:
        if lane.status in SETTLED:
            lane.cards.sort(key=lambda one: one.settled_at or one.received_at, reverse=True)
        else:
            lane.cards.sort(key=lambda one: (one.deadline is None, one.deadline or one.received_at))
        lane.cards, lane.more = lane.cards[:_PER_LANE], max(0, len(lane.cards) - _PER_LANE)
    return lanes


def visible(request, pk) -> PressRequest:
    """The request, or the same 404 whether it is not there or not for this person."""
    found = PressRequest.objects.visible_to(request.user).for_list().select_related("topic", "draft_by", "duplicate_of")
    return get_object_or_404(found, pk=pk)


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    """What came by telephone or messenger, written down while the other waits."""
    contact = Contact.objects.visible_to(request.user).filter(pk=_number(request.GET.get("contact"))).first()
    initial = {"reporter_name": contact.name} if contact else {}
    form = RequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = verbs.add_request(**form.values(request.user), contact=contact, by=request.user)
        messages.success(request, _("Written down: “%(subject)s”") % {"subject": made.subject})
        return redirect("events:request-detail", pk=made.pk)
    context = {"form": form, "contact": contact}
    return render(request, "events/request_form.html", context, status=422 if form.errors else 200)


def _number(text) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@requires(Right.REQUESTS_VIEW)
@require_safe
@never_cache  # what was shown on it must not come back with the browser's Back
def detail(request, pk):
    return page(request, visible(request, pk))


@requires(Right.CONTACTS_SEALED)
@require_POST
@never_cache
def reveal(request, pk):
    """What a sealed contact wrote, once, on the page that follows; the look is in the journal."""
    found = visible(request, pk)
    if not found.is_sealed:
        return redirect("events:request-detail", pk=pk)
    try:
        sealing.reveal(found.contact, by=request.user)
        return page(request, found, shows=True)
    except CannotUnseal:
        messages.error(request, _("The key that this was sealed with is not on this machine. Nothing can be shown."))
        return redirect("events:request-detail", pk=pk)


def page(request, found: PressRequest, *, status: int = 200, shows: bool = False, **forms):
    """The page of a request; `forms` are those that came back with errors."""
    may_read = not found.is_sealed or shows
    context = {
        "press_request": found,
        "thread": _thread(found, may_read),
        "may_read": may_read,
        "can": {
            step: found.can(step) for step in ("take", "close", "decline", "reopen", "duplicate", "spam", "restore")
        },
        "candidates": [] if found.is_verified else may_be(found, request.user),
        "joined": found.duplicates.all(),
        "interviews": found.interviews.select_related("expert"),
        "draft": found.reveal_draft() if may_read else "",
        "may_approve": may_approve(found, request.user),
        "kinds": KINDS,
    }
    if request.user.may(Right.REQUESTS_WORK):
        context |= _forms(request, found, may_read) | forms
    return render(request, "events/request_detail.html", context, status=status)


def _thread(found: PressRequest, may_read: bool):
    """Messages and steps in the order of time; a text that may not be read stays out of the page."""
    messages_of = RequestMessage.objects.of_thread(found).select_related("by", "expert", "request__contact")
    rows = [
        {"at": one.at, "message": one, "text": one.reveal() if may_read else "", "files": one.files.all()}
        for one in messages_of.prefetch_related("files")
        if not (one.direction == Direction.NOTE and one.is_automatic)
    ]
    steps = found.history.select_related("by", "handed_to")
    return sorted([*rows, *({"at": step.at, "step": step} for step in steps)], key=lambda row: row["at"])


def _forms(request, found: PressRequest, may_read: bool) -> dict:
    kind = request.GET.get("template", "")
    return {
        "letter_form": LetterForm(initial=_begun(found, kind if kind in KINDS else "answer", may_read)),
        "note_form": NoteForm(),
        "hand_over_form": HandOverForm(request=found),
        "join_form": JoinForm(request=found, user=request.user),
        "result_form": ResultForm(initial={"result": found.result, "url": found.result_url}),
        "return_form": ReturnForm(),
    }


def _begun(found: PressRequest, kind: str, may_read: bool) -> dict[str, str]:
    """What the letter begins with: the answer that came back for changes, else a template."""
    if may_read and (returned := found.reveal_draft()):
        return {"subject": found.draft_subject, "text": returned}
    address = form_of_address(found.contact, found.language).text if found.contact else ""
    return {
        "subject": answering(found.subject),
        "text": beginning(kind, found.language, subject=found.subject, address=address),
    }


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def update(request, pk):
    found = visible(request, pk)
    form = DetailsForm(request.POST or None, instance=PressRequest.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        verbs.change_request(found, form.values(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("events:request-detail", pk=pk)
    context = {"form": form, "press_request": found}
    return render(request, "events/request_edit.html", context, status=422 if form.errors else 200)
