"""Events: the list, a month, a day, and the page of one with its guests."""

from calendar import Calendar as Weeks
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.roles import Right
from audit.history import history_panel
from core.rights import requires
from core.views import FilteredListView
from crm.models import Contact

from ..actions import balance, remarks
from ..filters.events import EventFilter, GuestFilter
from ..models import Event, OfficialLetter
from ..states import SEATED, TRAININGS, EventStatus, Rsvp

_PER_PAGE, _WAITING = 50, 10


@method_decorator(requires(Right.EVENTS_VIEW), name="dispatch")
class EventList(FilteredListView):
    queryset = Event.objects.for_list()
    filterset_class = EventFilter
    template_name = "events/event_list.html"
    partial_name = "events/_event_table.html"


def day_of(text: str, otherwise: date) -> date:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return otherwise


@requires(Right.EVENTS_VIEW)
@require_safe
def month(request):
    """The weeks of a month, each day with what is held on it."""
    today = timezone.localdate()
    first = day_of(f"{request.GET.get('m', '')}-01", today).replace(day=1)
    first = min(max(first, date(2000, 1, 1)), date(2100, 1, 1))
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    held = defaultdict(list)
    for event in Event.objects.for_list().between(weeks[0][0], weeks[-1][-1]):
        day, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        while day <= last and day <= weeks[-1][-1]:
            held[day].append(event)
            day += timedelta(days=1)
    context = {
        "first": first,
        "weeks": [[(day, held[day], day.month == first.month) for day in week] for week in weeks],
        "is_empty": not any(events for day, events in held.items() if day.month == first.month),
        "today": today,
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (first + timedelta(days=32)).strftime("%Y-%m"),
    }
    return render(request, "events/month.html", context)


@requires(Right.EVENTS_VIEW)
@require_safe
def day(request):
    """What is held on a day, hour by hour, with the parts of each programme."""
    chosen = day_of(request.GET.get("d", ""), timezone.localdate())
    chosen = min(max(chosen, date(2000, 1, 1)), date(2100, 1, 1))
    events = Event.objects.for_list().between(chosen, chosen).prefetch_related("programme")
    context = {
        "day": chosen,
        "events": events,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
    }
    return render(request, "events/day.html", context)


def found(pk) -> Event:
    return get_object_or_404(Event.objects.for_list().select_related("manager"), pk=pk)


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int


@requires(Right.EVENTS_VIEW)
@require_safe
def detail(request, pk):
    """The page of an event; htmx gets the list of guests alone."""
    event = found(pk)
    guests = event.invitations.visible_to(request.user)
    counts = guests.counts()
    context = {"event": event} | _guests(request, event, guests, counts)
    if request.htmx and not request.htmx.boosted:
        return render(request, "events/_guest_table.html", context)
    return render(request, "events/event_detail.html", context | _figures(event, request.user, guests, counts))


def _guests(request, event, guests, counts) -> dict:
    """The tab that is open, its page, and how many stand under each."""
    filterset = GuestFilter(request.GET, queryset=guests, request=request)
    sizes = {name: sum(counts[one] for one in answers) for name, answers in GuestFilter.GROUPS.items()}
    tabs = [Tab(name, label, sizes[name]) for name, label in GuestFilter.LABELS.items() if sizes[name]]
    total = sum(counts.values())
    paginator = Paginator(filterset.qs, _PER_PAGE)
    group = request.GET.get("group", "")
    if not request.GET.get("q") and not request.GET.get("part"):
        # The tabs have counted already.
        paginator.count = sizes.get(group, total)
    page = paginator.get_page(request.GET.get("page"))
    chosen = filterset.form.cleaned_data["part"] if filterset.is_valid() else None
    return {
        "tabs": tabs,
        "total": total,
        "group": group,
        "part": event.programme.filter(pk=chosen).first() if chosen else None,
        "page_obj": page,
        "rows": balance.with_letters(event, page),
    }


def _figures(event: Event, user, guests, counts) -> dict:
    total = sum(counts.values()) - counts[Rsvp.REVOKED] - counts[Rsvp.DRAFT]
    waiting = guests.in_turn().select_related("outlet")[:_WAITING] if counts[Rsvp.WAITLISTED] else []
    asking = guests.undecided() if counts[Rsvp.DRAFT] else guests.none()
    camera_queue = guests.filter(rsvp=Rsvp.WAITLISTED, needs_camera=True).count() if event.camera_places else 0
    return {
        "parts": [
            (counts[Rsvp.ACCEPTED], "accent", Rsvp.ACCEPTED.label),
            (counts[Rsvp.TENTATIVE], "gold", Rsvp.TENTATIVE.label),
            (counts[Rsvp.WAITLISTED] + counts[Rsvp.OFFERED], "plum", Rsvp.WAITLISTED.label),
            (counts[Rsvp.DECLINED], "", Rsvp.DECLINED.label),
        ],
        "invited": total,
        "sides": balance.sides(guests),
        "waiting": waiting,
        "camera_queue": camera_queue,
        "colleagues": asking.exclude(parent=None).select_related("parent")[:_WAITING],
        "applicants": asking.exclude(applied_at=None).order_by("applied_at")[:_WAITING],
        "applied": asking.exclude(applied_at=None).count() if counts[Rsvp.DRAFT] else 0,
        "programme": event.programme.annotate(
            people=Sum("sign_ups__invitation__people", filter=Q(sign_ups__invitation__rsvp__in=SEATED))
        ),
        "remarks": remarks.of_event(event, user)[:_WAITING],
        "letters_in_words": remarks.in_words(event, user).select_related("contact")[:_WAITING],
        "official": OfficialLetter.objects.visible_to(user)
        .filter(event=event)
        .select_related("organisation")
        .annotate(named=Count("nominated", filter=Q(nominated__in=guests.order_by().values("pk")))),
        "takes_letters": event.kind in TRAININGS,
        "letters": event.mailings.select_related("mailing"),
        "counts": counts,
        "silent": counts[Rsvp.INVITED],
        "tasks": event.tasks.all(),
        "is_over": event.ends_at < timezone.now(),
        "can_be_held": event.status == EventStatus.OPEN and event.starts_at < timezone.now(),
    }


@requires(Right.HISTORY)
@require_safe
def history(request, pk):
    event = found(pk)
    return history_panel(request, event.title, reverse("events:event-detail", args=[pk]), event)


@requires(Right.EVENTS_VIEW)
@require_safe
def contact_panel(request, pk):
    """What a contact was invited to, for the contact's page."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    rows = contact.invitations.select_related("event").order_by("-event__starts_at")[:_PER_PAGE]
    return render(request, "events/_contact_panel.html", {"contact": contact, "rows": rows})
