"""What came into the mailbox: the list, one letter as safe text, and what waits for a person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal
from core.text import clean
from core.views import FilteredListView
from crm.models import Suppression

from ..actions import incidents as verbs
from ..actions.incoming import reveal_incoming, settle, unsettle
from ..filters import INCOMING_TABS, IncomingFilter
from ..models import Incoming, MailboxPlace, Mailing
from ..states import WrongState
from .numbers import number_in


@method_decorator(requires(Right.MAILINGS_VIEW), name="dispatch")
class IncomingList(FilteredListView):
    """Letters that came in, newest first."""

    filterset_class = IncomingFilter
    template_name = "mailings/incoming_list.html"
    partial_name = "mailings/_incoming_table.html"

    def get_queryset(self):
        self.visible = Incoming.objects.visible_to(self.request.user)
        self.queryset = self.visible.select_related("contact", "delivery__mailing").defer("text", "sealed_text")
        return super().get_queryset()

    def get_context_data(self, **context):
        counts = dict(self.visible.order_by().values_list("kind").annotate(Count("pk")))
        waiting = self.visible.unrecognised().count()
        tabs = [
            (name, label, waiting if name == "waiting" else sum(counts.get(kind, 0) for kind in kinds))
            for name, (label, kinds) in INCOMING_TABS.items()
        ]
        more = {"tabs": tabs, "total": sum(counts.values()), "places": MailboxPlace.objects.all()}
        return super().get_context_data(**more, **context)


@requires(Right.MAILINGS_VIEW)
@require_safe
@never_cache
def detail(request, pk):
    incoming = _incoming(request, pk)
    text = "" if incoming.is_sealed else incoming.text
    return _letter(request, incoming, text=text)


def _letter(request, incoming, **more):
    delivery = incoming.delivery
    is_stopped = delivery is not None and Suppression.objects.filter(key=delivery.address_key).exists()
    context = {"incoming": incoming, "is_stopped": is_stopped, **more}
    return render(request, "mailings/incoming_detail.html", context)


@requires(Right.CONTACTS_SEALED)
@require_POST
@never_cache
def reveal(request, pk):
    """What a sealed contact wrote; each look is written down."""
    incoming = _incoming(request, pk)
    try:
        text = reveal_incoming(incoming, by=request.user)
    except CannotUnseal:
        messages.error(request, _("The key that opens it is not here. Ask whoever looks after the server."))
        return redirect("mailings:incoming-detail", pk=pk)
    return _letter(request, incoming, text=text, is_open=True)


@requires(Right.MAILINGS_WRITE)
@require_POST
def decide(request, pk):
    incoming = _incoming(request, pk)
    if request.POST.get("decision") == "again":
        unsettle(incoming, by=request.user)
        messages.success(request, _("It waits again."))
        return redirect("mailings:incoming-detail", pk=pk)
    settle(incoming, by=request.user)
    messages.success(request, _("Looked at: it waits no more."))
    return redirect("mailings:incoming-list")


def _incoming(request, pk):
    found = Incoming.objects.visible_to(request.user).select_related("contact", "delivery__mailing", "settled_by")
    return get_object_or_404(found, pk=pk)


@requires(Right.MAILINGS_VIEW)
@require_safe
def of_mailing(request, pk):
    """What came in answer to a mailing, for its report."""
    mailing = get_object_or_404(Mailing, pk=pk)
    came = Incoming.objects.visible_to(request.user).filter(delivery__mailing=mailing)
    answers = came.answers().select_related("contact")[:5]
    context = {"mailing": mailing, "answers": answers, "total": came.count()}
    return render(request, "mailings/_incoming_of_mailing.html", context)


@requires(Right.MAILINGS_SEND)
@require_safe
def incident_list(request):
    return render(request, "mailings/incident_list.html", {"incidents": verbs.incidents(seen_by=request.user)})


@requires(Right.MAILINGS_SEND)
@require_http_methods(["POST"])
def release(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    domain, bounce, seen = (clean(request.POST.get(name, "")) for name in ("domain", "bounce", "letters"))
    try:
        letters = verbs.release(mailing, domain, bounce, seen=number_in(seen), by=request.user)
    except PermissionDenied:
        messages.error(request, _("Only who may take addresses off the stop list can do this. Ask the head."))
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(count)s letter is sent again.", "%(count)s letters are sent again.", letters)
        messages.success(request, words % {"count": letters})
    return redirect("mailings:incident-list")
