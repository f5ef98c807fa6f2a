"""Making and changing an event: its form, its steps, its programme, its venues."""

from contextlib import suppress

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions import planning
from ..forms.planning import EventForm, ProgrammeForm, TaskForm, VenueForm
from ..models import Event, Series, Venue
from ..states import WrongState
from .events import found


def told_words(count: int) -> str:
    return ngettext("%(count)s person is told.", "%(count)s people are told.", count) % {"count": count}


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = planning.create_event(form.filled(), by=request.user)
        messages.success(request, _("The event is made. Put guests on the list, then open it for answers."))
        return redirect("events:event-detail", pk=event.pk)
    return _form(request, form)


def _form(request, form, event=None):
    context = {"form": form, "event": event, "venues": Venue.objects.all(), "all_series": Series.objects.all()}
    return render(request, "events/event_form.html", context, status=422 if form.errors else 200)


def _at(request, event):
    """With `?at=` the form stands at an hour that somebody has proposed; it is as long as it was."""
    asked = None
    with suppress(ValueError):
        asked = parse_datetime(request.GET.get("at", ""))
    if request.method == "POST" or asked is None or timezone.is_aware(asked):
        return {}
    seen = EventForm(instance=event).print_stored()
    later = timezone.make_aware(asked) - event.starts_at
    moments = ("starts_at", "ends_at", "doors_at", "answer_by")
    return {"seen": seen} | {name: moment + later for name in moments if (moment := getattr(event, name))}


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def update(request, pk):
    """Change an event. Before many are told that it moved, the page says who they are and asks once more."""
    event = found(pk)
    form = EventForm(request.POST or None, instance=event, initial=_at(request, event))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, event)
    old = Event.objects.select_related("venue").get(pk=pk)
    changed = form.filled()
    concerned = planning.preview(old, changed)
    if concerned and "tell" not in request.POST:
        context = {"form": form, "event": changed, "was": planning.when_and_where(old), "concerned": concerned}
        context["now"] = planning.when_and_where(changed)
        context |= _ways(planning.concerned(old))
        return render(request, "events/event_moved.html", context)
    told = planning.change_event(changed, tells=request.POST.get("tell") != "no", by=request.user)
    messages.success(request, _("Saved.") + (f" {told_words(told)}" if told else ""))
    return redirect("events:event-detail", pk=pk)


def _ways(guests) -> dict[str, int]:
    """How many are told by letter, and how many have to be called."""
    letters = planning.by_letter(guests)
    return {"by_letter": letters, "by_call": guests.count() - letters}


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request, pk):
    event = found(pk)
    form = ProgrammeForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            planning.set_programme(event, form.items, form.named, by=request.user)
        except WrongState as refusal:
            form.add_error("programme", str(refusal))
        else:
            planning.set_quotas(event, form.quotas, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("events:event-detail", pk=pk)
    return render(request, "events/programme.html", {"form": form, "event": event}, status=422 if form.errors else 200)


def step(request, pk, action, done, **arguments):
    """Do one step with an event and say in one sentence what came of it."""
    event = found(pk)
    try:
        result = action(event, by=request.user, **arguments)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done(result))
    return redirect("events:event-detail", pk=pk)


@requires(Right.EVENTS_EDIT)
@require_POST
def open_event(request, pk):
    return step(request, pk, planning.open_event, lambda _nothing: _("The invited may answer now."))


@requires(Right.EVENTS_EDIT)
@require_POST
def set_held(request, pk):
    return step(request, pk, planning.set_held, lambda _nothing: _("The event is over. Answers are closed."))


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    """Call an event off: who is told stands there, and their number is typed."""
    event = found(pk)
    count = planning.concerned_by_the_end(event).count()
    typed = request.POST.get("typed", "").strip()
    if request.method == "POST" and typed == str(count):
        return step(
            request, pk, planning.cancel_event, lambda told: _("The event is cancelled.") + f" {told_words(told)}"
        )
    is_wrong = request.method == "POST"
    context = {"event": event, "count": count, "typed": typed, "is_wrong": is_wrong}
    context["answers"] = planning.answers_of(planning.concerned_by_the_end(event))
    context |= _ways(planning.concerned_by_the_end(event))
    return render(request, "events/event_cancel.html", context, status=422 if is_wrong else 200)


@requires(Right.EVENTS_EDIT)
@require_POST
def task(request, pk, task_pk):
    event = found(pk)
    one = get_object_or_404(event.tasks, pk=task_pk)
    planning.finish_task(one, is_done="reopen" not in request.POST, by=request.user)
    return redirect("events:event-detail", pk=pk)


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request, pk):
    event = found(pk)
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        planning.add_task(event, **form.cleaned_data, by=request.user)
        return redirect("events:event-detail", pk=pk)
    return render(request, "events/task_form.html", {"form": form, "event": event}, status=422 if form.errors else 200)


@requires(Right.EVENTS_VIEW)
@require_safe
def venues(request):
    return render(request, "events/venue_list.html", {"venues": Venue.objects.all()})


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def venue(request, pk):
    place = get_object_or_404(Venue, pk=pk)
    form = VenueForm(request.POST or None, instance=place)
    if request.method == "POST" and form.is_valid():
        planning.save_venue(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("events:venue-list")
    return render(request, "events/venue_form.html", {"form": form, "venue": place}, status=422 if form.errors else 200)
