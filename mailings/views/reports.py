from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from audit.history import history_panel
from core.html import sanitise
from core.rights import requires
from core.views import FilteredListView
from crm.models import Contact

from .. import actions
from ..filters import CHOOSABLE, DeliveryFilter
from ..models import Delivery, Edition, Exclusion, Heartbeat, Mailing, outcomes
from ..pipeline import analytics, course, visits
from ..pipeline.breakdown import breakdown
from ..pipeline.forecast import forecast
from ..states import Correction, DeliveryStatus, MailingStatus, Reason, WrongState
from .numbers import number_in
from .report_files import table_names


@requires(Right.MAILINGS_VIEW)
@require_safe
def report(request, pk):
    mailing = get_object_or_404(Mailing.objects.for_list(), pk=pk)
    if not mailing.is_frozen:
        return redirect("mailings:mailing-detail", pk=pk)
    totals = analytics.totals(mailing)
    is_restored = mailing.status == MailingStatus.PAUSED and mailing.pause_kind == Mailing.PauseKind.RESTORED
    context = {
        "mailing": mailing,
        "totals": totals,
        "warn_at": analytics.WARN_AT,
        "stop_at": analytics.STOP_AT,
        "asks": is_restored and totals.unknown > 0,
        "split": breakdown(mailing, seen_by=request.user),
        "problems": analytics.problems(mailing, seen_by=request.user),
        "reasons": analytics.by_reason(mailing),
        "pulse": Heartbeat.pulse(),
        "editions": analytics.by_edition(mailing) if mailing.edition > 1 else [],
        "forecast": forecast(mailing, at=timezone.now()) if mailing.status == MailingStatus.SENDING else None,
        **_over_time(request, mailing),
        **_what_follows(mailing),
    }
    template = "mailings/_report.html" if request.htmx else "mailings/mailing_report.html"
    response = render(request, template, context)
    if request.htmx and mailing.status != MailingStatus.SENDING:
        response["HX-Refresh"] = "true"  # what one may do now stands outside the part that is polled
    return response


def _over_time(request, mailing):
    """When people opened and clicked, on which links, and how it went before; when letters arrived, where nothing is
    measured. Six queries, four where nothing is measured.
    """
    days = 7 if request.GET.get("days") == "7" else 1
    context = {"tables": table_names(), "days": days, "earlier": course.earlier(mailing)}
    if not mailing.measures:
        return context | {"points": course.arrivals(mailing, days=days)}
    links = mailing.links.exclude(url__in=["", visits.TRAP]).order_by("-people", "pk")
    return context | {"points": course.over_time(mailing, days=days), "links": links}


def _what_follows(mailing):
    """Corrections of it, the ways to write to its readers again, and when its next letters leave. Two queries."""
    corrections = list(mailing.corrections.all())
    later = mailing.deliveries.filter(status=DeliveryStatus.QUEUED, next_try_at__gt=timezone.now())
    told = {MailingStatus.SENDING, MailingStatus.FINISHED}
    return {
        "corrections": corrections,
        "withdrawals": any(one.correction == Correction.WITHDRAWAL and one.status in told for one in corrections),
        "outcomes": outcomes.known(mailing.measures),
        "next_wave": later.aggregate(first=Min("next_try_at"))["first"],
    }


@method_decorator(requires(Right.MAILINGS_VIEW), name="dispatch")
class DeliveryList(FilteredListView):
    """The people behind a figure."""

    filterset_class = DeliveryFilter
    template_name = "mailings/delivery_list.html"
    partial_name = "mailings/_delivery_part.html"

    def get_queryset(self):
        self.mailing = get_object_or_404(Mailing, pk=self.kwargs["pk"])
        self.visible = self.mailing.deliveries.visible_to(self.request.user)
        self.queryset = self.visible.select_related("contact")
        return super().get_queryset()

    def get_context_data(self, **context):
        totals = analytics.totals(self.mailing)
        # Of the whole mailing: a number that followed the search would tell whom it found.
        hidden = totals.frozen - self.visible.count()
        context = super().get_context_data(mailing=self.mailing, totals=totals, hidden=hidden, **context)
        others = self.request.GET.copy()
        for name in ("state", "page"):
            others.pop(name, None)
        holders = holders_seen(context["object_list"], self.request.user)
        return context | {
            "holders": holders,
            "choosable": CHOOSABLE,
            "others": others.urlencode(),
            "forgotten_at": "link" in self.request.GET and visits.forgotten_at(self.mailing),
        }


@requires(Right.MAILINGS_VIEW)
@require_safe
def exclusions(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    reason = request.GET.get("reason", "")
    left_out = Exclusion.objects.filter(mailing=mailing)
    if reason in Reason.values:
        left_out = left_out.filter(reason=reason)
    shown = left_out.visible_to(request.user)
    page = Paginator(shown, 50).get_page(request.GET.get("page"))
    page.object_list = [(person, Reason(person.reason).label) for person in page.object_list]
    context = {"mailing": mailing, "page_obj": page, "reasons": analytics.by_reason(mailing), "reason": reason}
    context["hidden"] = left_out.count() - shown.count()
    return render(request, "mailings/exclusion_list.html", context)


@requires(Right.MAILINGS_VIEW)
@require_safe
def edition(request, pk, number):
    """A text that a part of the readers got before it was corrected for the rest."""
    found = get_object_or_404(Edition.objects.select_related("mailing", "approved_by"), mailing=pk, number=number)
    texts = [
        {"language": language, "subject": subject, "preheader": preheader, "body": sanitise(body)}
        for language, subject, preheader, body in found.texts
    ]
    return render(
        request, "mailings/mailing_edition.html", {"mailing": found.mailing, "edition": found, "texts": texts}
    )


@requires(Right.MAILINGS_SEND)
@require_POST
def decide(request, pk):
    """Send again or count as sent a letter of unknown outcome; try again, or give up, one that could not be built."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    send_again = request.POST.get("decision") == "again"
    is_broken = delivery.status == DeliveryStatus.LOOK
    decided = actions.decide_broken if is_broken else actions.decide_unknown
    otherwise = _("Left out: they do not get this letter.") if is_broken else _("Counted as sent.")
    try:
        decided(delivery, send_again=send_again, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The letter will be sent again.") if send_again else otherwise)
    return redirect("mailings:delivery-list", pk=delivery.mailing_id)


@requires(Right.MAILINGS_SEND)
@require_POST
def decide_all(request, pk):
    """Send again or count as sent every letter that may have left before a backup was restored."""
    mailing = get_object_or_404(Mailing, pk=pk)
    send_again, seen = request.POST.get("decision") == "again", number_in(request.POST.get("letters", ""))
    try:
        letters = actions.decide_all_unknown(mailing, send_again=send_again, seen=seen, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(send_again, letters))
    return redirect("mailings:mailing-report", pk=pk)


def _said(send_again, letters):
    if send_again:
        words = ngettext("%(count)s letter is sent again.", "%(count)s letters are sent again.", letters)
    else:
        words = ngettext("%(count)s letter counts as sent.", "%(count)s letters count as sent.", letters)
    return words % {"count": letters}


@requires(Right.MAILINGS_VIEW)
@require_safe
def contact_panel(request, pk):
    """The mailings a contact got, for the contact's page."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    deliveries = Delivery.objects.visible_to(request.user).filter(Q(contact=contact) | Q(holder=contact))
    deliveries = deliveries.select_related("mailing").order_by("-pk")[:20]
    context = {"deliveries": deliveries, "contact": contact, "holders": holders_seen(deliveries, request.user)}
    return render(request, "mailings/_contact_panel.html", context)


def holders_seen(deliveries, user) -> set[int]:
    """Those who held a post that one of these letters went to, as far as `user` may know of them."""
    holders = {delivery.holder_id for delivery in deliveries if delivery.holder_id}
    return set(Contact.objects.visible_to(user).filter(pk__in=holders).order_by().values_list("pk", flat=True))


@requires(Right.HISTORY)
@require_safe
def history(request, pk):
    mailing = get_object_or_404(Mailing, pk=pk)
    return history_panel(request, mailing.title, reverse("mailings:mailing-detail", args=[pk]), mailing)
