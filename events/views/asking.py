"""What an event asks of its guests, and what they said under the seal: answers and journeys."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import asking, joining
from ..forms.asking import AsksForm
from ..models import Invitation
from ..states import TravelStatus, WrongState
from .events import found
from .guests import guest

_PER_PAGE = 50


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request, pk):
    """Decide what guests are asked beside yes or no, and whether anybody may apply."""
    event = found(pk)
    form = AsksForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        asking.set_asks(event, form.asks(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("events:asks", pk=pk)
    context = {"form": form, "event": event, "link": joining.link_of(event) if event.takes_applications else ""}
    return render(request, "events/asks.html", context, status=422 if form.errors else 200)


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def particulars(request, pk):
    """Who answered questions of the event, and who travels; a post shows what they said, this once."""
    event = found(pk)
    rows = event.invitations.visible_to(request.user).in_force().filter(particulars__isnull=False)
    rows = rows.select_related("particulars").order_by("sort_key", "pk")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    opened = {}
    if request.method == "POST":
        try:
            opened = asking.open_particulars(event, rows.filter(pk__in=[one.pk for one in page]), by=request.user)
        except CannotUnseal:
            messages.error(
                request, _("The key that this was sealed with is not on this machine. Nothing can be shown.")
            )
            return redirect("events:particulars", pk=pk)
    context = {
        "event": event,
        "page_obj": page,
        "rows": [(one, opened.get(one.pk)) for one in page],
        "is_open": bool(opened),
        "waiting": rows.filter(particulars__travel=TravelStatus.ASKED).count(),
    }
    return render(request, "events/particulars.html", context)


@requires(Right.EVENTS_EDIT)
@require_POST
def travel(request, pk):
    """Say what came of a guest's journey."""
    row: Invitation = guest(request, pk)
    words = request.POST.get("words", "").strip()[:500]
    try:
        asking.settle_travel(row, request.POST.get("status", ""), words=words, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("events:particulars", pk=row.event_id)
