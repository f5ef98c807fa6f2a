"""After an event: figures, letters, certificates; and who was trained over the years."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact
from crm.states import OrganisationKind

from ..actions import after
from ..models import Figures, Invitation
from ..states import AFTERWARDS, TRAININGS, Attendance, EventStatus, Rsvp, WrongState
from .events import found

_PER_PAGE, _BODIES = 50, 50
_LANGUAGES = {"ru": "RU", "tg": "TJ", "en": "EN"}


@requires(Right.EVENTS_VIEW)
@require_safe
def page(request, pk):
    """What an event came to: as it is counted now, or as it was frozen."""
    event = found(pk)
    figures = Figures.objects.filter(event=event).select_related("by").first()
    data = figures.data if figures else after.count(event)
    kinds, answers = dict(OrganisationKind.choices), dict(Rsvp.choices)
    context = {
        "event": event,
        "figures": figures,
        "data": data,
        "answers": [(answers[name], number) for name, number in data["answers"].items()],
        "by_kind": [(kinds.get(name, _("not known")), number) for name, number in sorted(data["by_kind"].items())],
        "by_language": [(_LANGUAGES.get(name, _("not known")), number) for name, number in data["by_language"].items()],
        "letters": after.kinds_after(event),
        "can_freeze": event.status == EventStatus.HELD and not figures,
        "keeps_names": event.kind in TRAININGS,
    }
    return render(request, "events/after.html", context)


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
    context["bodies"] = bodies.order_by("-times", "outlet_name")[:_BODIES]
    return render(request, "events/trainings.html", context)


def _with_trainings(shown, attended):
    rows = attended.filter(contact__in=[one.pk for one in shown]).select_related("event").order_by("-event__starts_at")
    of_person = {}
    for row in rows:
        of_person.setdefault(row.contact_id, []).append(row)
    return [(person, of_person.get(person.pk, [])) for person in shown]
