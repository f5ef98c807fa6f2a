"""After an event: figures, letters, certificates; and who was trained over the years."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal
from crm.models import Contact
from crm.states import Gender, OrganisationKind, Region

from ..actions import after, signed
from ..forms.after import SignedListForm
from ..models import Figures, Invitation, Series
from ..states import AFTERWARDS, TRAININGS, Attendance, EventStatus, Rsvp, WrongState
from .events import found
from .guests import number_of

_PER_PAGE, _BODIES = 50, 50


def _traits(data) -> list[tuple]:
    """What the figures tell of who came, in words; those frozen earlier tell less."""
    told = {
        "by_kind": (_("By kind of outlet"), dict(OrganisationKind.choices)),
        "by_region": (_("By region"), dict(Region.choices)),
        "by_gender": (_("Women and men"), {Gender.FEMALE: _("women"), Gender.MALE: _("men")}),
        "by_times": (_("New and known"), {"first": _("invited for the first time"), "before": _("invited before")}),
        "by_language": (_("By language of our letters"), {"ru": "RU", "tg": "TJ", "en": "EN"}),
    }
    return [(title, _cells(data[name], words)) for name, (title, words) in told.items() if data.get(name)]


def _cells(cells, words):
    return [(words.get(key, _("not known")), cells[key]) for key in sorted(cells, key=lambda key: (key == "", key))]


@requires(Right.EVENTS_VIEW)
@require_safe
def page(request, pk):
    """What an event came to: as it is counted now, or as it was frozen."""
    return _page(request, found(pk), SignedListForm())


def _page(request, event, form, status=HTTPStatus.OK):
    figures = Figures.objects.filter(event=event).select_related("by").first()
    data = figures.data if figures else after.count(event)
    answers = dict(Rsvp.choices)
    context = {
        "event": event,
        "figures": figures,
        "data": data,
        "answers": [(answers[name], number) for name, number in data["answers"].items()],
        "share": data["answers"].get(Rsvp.ACCEPTED) and round(100 * data["of_accepted"] / data["answers"]["accepted"]),
        "traits": _traits(data),
        "parts": data.get("parts", []),
        "speakers": [(name or _("not said"), number) for name, number in data.get("speakers", [])],
        "letters": after.kinds_after(event),
        "can_freeze": event.status == EventStatus.HELD and not figures,
        "frozen_on": after.frozen_by_itself_on(event),
        "keeps_names": event.kind in TRAININGS,
        "signed": event.signed_lists.defer("sealed_file").select_related("by"),
        "form": form,
    }
    return render(request, "events/after.html", context, status=status)


@requires(Right.EVENTS_EDIT)
@require_POST
def keep_list(request, pk):
    """Seal what people signed."""
    event, form = found(pk), SignedListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, event, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        signed.keep_list(event, form.cleaned_data["scan"], by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sealed. Destroy the copy on this computer and lock the paper away."))
    return redirect("events:after", pk=pk)


@requires(Right.CONTACTS_SEALED)
@require_POST
def open_list(request, pk, list_pk):
    """For an auditor, in the hands of who may see sealed contacts."""
    kept = get_object_or_404(found(pk).signed_lists, pk=list_pk)
    try:
        content = signed.open_list(kept, by=request.user)
    except CannotUnseal:
        messages.error(request, _("The key that this was sealed with is not on this machine. Nothing can be shown."))
        return redirect("events:after", pk=pk)
    headers = {
        "Content-Disposition": content_disposition_header(True, kept.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(content, content_type=kept.type, headers=headers)


@requires(Right.CONTACTS_SEALED)
@require_POST
def destroy_list(request, pk, list_pk):
    signed.destroy_list(get_object_or_404(found(pk).signed_lists, pk=list_pk), by=request.user)
    messages.success(request, _("Destroyed. Its hash stays in the journal."))
    return redirect("events:after", pk=pk)


@requires(Right.EVENTS_EDIT)
@require_POST
def freeze(request, pk):
    event = found(pk)
    try:
        after.freeze(event, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The figures are frozen."))
    return redirect("events:after", pk=pk)


@requires(Right.MAILINGS_WRITE)
@require_POST
def begin(request, pk, purpose):
    """A draft with prepared words: it is written on, approved and sent as every mailing is."""
    event = found(pk)
    if purpose not in AFTERWARDS:
        raise Http404
    try:
        mailing = after.begin_after(event, purpose, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("events:after", pk=pk)
    return redirect("mailings:mailing-compose", pk=mailing.pk, language="ru")


@requires(Right.EVENTS_VIEW)
@require_safe
def trainings(request):
    """Who came to trainings, how often, and of which body."""
    attended = Invitation.objects.visible_to(request.user).filter(
        event__kind__in=TRAININGS, attendance=Attendance.PRESENT, contact__isnull=False
    )
    series = Series.objects.filter(events__invitations__in=attended.order_by().values("pk")).distinct()
    chosen = series.filter(pk=number_of(request.GET.get("series", ""))).first()
    if chosen:
        attended = attended.filter(event__series=chosen)
    years = [day.year for day in attended.order_by().datetimes("event__starts_at", "year", order="DESC")]
    year = request.GET.get("year", "")
    if year.isdecimal() and int(year) in years:
        attended = attended.filter(event__starts_at__year=int(year))
    people = Contact.objects.visible_to(request.user).filter(pk__in=attended.order_by().values("contact"))
    came = Count("invitations", filter=Q(invitations__in=attended.order_by().values("pk")))
    paginator = Paginator(people.annotate(times=came).order_by("-times", "sort_key", "pk"), _PER_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    bodies = attended.order_by().exclude(outlet_name="").values("outlet_name")
    bodies = bodies.annotate(people=Count("contact", distinct=True), times=Count("pk"))
    context = {"page_obj": shown, "rows": _with_trainings(shown, attended), "years": years, "year": year}
    context |= {"all_series": series, "series": chosen}
    context["bodies"] = bodies.order_by("-times", "outlet_name")[:_BODIES]
    return render(request, "events/trainings.html", context)


def _with_trainings(shown, attended):
    rows = attended.filter(contact__in=[one.pk for one in shown]).select_related("event").order_by("-event__starts_at")
    of_person = {}
    for row in rows:
        of_person.setdefault(row.contact_id, []).append(row)
    return [(person, of_person.get(person.pk, [])) for person in shown]
