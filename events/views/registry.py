"""The register of official letters."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.registry import save_letter
from ..desk_states import LetterWay
from ..forms.registry import OfficialLetterForm
from ..models import Event, OfficialLetter

_PER_PAGE = 50


@requires(Right.REQUESTS_VIEW)
@require_safe
def letters(request):
    """All letters, one book, or those that wait for an answer."""
    visible = OfficialLetter.objects.visible_to(request.user)
    chosen = request.GET.get("book", "")
    found = {"waiting": visible.waiting().order_by("due_on", "pk")}.get(chosen, visible)
    if chosen in LetterWay.values:
        found = visible.filter(way=chosen)
    found = found.select_related("organisation", "post", "watched_by", "answered_by")
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    tabs = [("", _("All"), visible.count())]
    tabs += [(way.value, way.label, visible.filter(way=way).count()) for way in LetterWay]
    tabs.append(("waiting", _("Wait for an answer"), visible.waiting().count()))
    return render(request, "events/register_list.html", {"page_obj": page, "tabs": tabs, "chosen": chosen})


@requires(Right.REQUESTS_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk=None):
    visible = OfficialLetter.objects.visible_to(request.user).select_related("organisation")
    letter = get_object_or_404(visible, pk=pk) if pk else _new(request)
    form = OfficialLetterForm(request.POST or None, request.FILES or None, instance=letter, user=request.user)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("events:register-list")
    shown = visible.filter(pk=pk).first() if pk else None
    context = {"form": form, "letter": shown, "named": _named(shown, request.user) if shown else []}
    return render(request, "events/register_form.html", context, status=422 if form.errors else 200)


def _named(letter, user):
    """Whom it names for an event, of those who may be known."""
    rows = letter.nominated.visible_to(user) if user.may(Right.EVENTS_VIEW) else letter.nominated.none()
    return rows.select_related("event").order_by("sort_key", "pk")


def _new(request) -> OfficialLetter:
    way = request.GET.get("book", "")
    way = way if way in LetterWay.values else LetterWay.OUTGOING
    number = OfficialLetter.objects.next_number(way, timezone.localdate().year)
    asked = request.GET.get("event", "")
    event = Event.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    return OfficialLetter(way=way, number=number, event=event)


def _saved(request, form) -> bool:
    try:
        letter = save_letter(form.made(), scan=form.cleaned_data["scan_file"], by=request.user)
    except IntegrityError:
        form.add_error("number", _("A colleague has just taken this number. Choose the next one."))
        return False
    messages.success(request, _("Entered: %(letter)s") % {"letter": letter})
    return True


@requires(Right.REQUESTS_VIEW)
@require_safe
def scan(request, pk):
    letter = get_object_or_404(OfficialLetter.objects.visible_to(request.user), pk=pk)
    if not letter.scan:
        raise Http404
    with letter.scan.open("rb") as stored:
        answer = HttpResponse(stored.read(), content_type=letter.scan_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, letter.scan_name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
