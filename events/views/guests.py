"""Guests of an event: put on the list, answered for, let in, taken off."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal
from crm.models import Contact, Segment, of_criterion

from ..actions import answers, balance, cards, guests, signed, waiting
from ..forms.guests import AnswerForm, ReasonForm, SegmentForm
from ..models import Invitation, OfficialLetter
from ..states import WrongState
from .events import found

_FOUND = 20


def guest(request, pk) -> Invitation:
    """An invitation, or the same 404 whether it is not there or its contact is not for this person."""
    rows = Invitation.objects.visible_to(request.user).select_related(
        "event__venue", "contact", "outlet", "parent", "nominated_by"
    )
    return get_object_or_404(rows, pk=pk)


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """People onto the list: found by name, or everybody of a segment."""
    event = found(pk)
    seen = Contact.objects.visible_to(request.user).active()
    form = SegmentForm(request.POST or None, segments=Segment.objects.all())
    letter = _letter(request, event, request.GET.get("letter", ""))
    if request.method == "POST" and form.is_valid():
        return _added(request, event, seen.filter(of_criterion("segment", [str(form.cleaned_data["segment"].pk)])))
    asked = request.GET.get("who", "").strip()
    there = set(event.invitations.values_list("contact", flat=True))
    people = seen.for_list().search(asked)[:_FOUND] if asked else []
    context = {"event": event, "form": form, "asked": asked, "found": [(one, one.pk in there) for one in people]}
    context["letter"] = letter
    return render(request, "events/guest_add.html", context, status=422 if form.errors else 200)


def _letter(request, event, number):
    """The letter by which a body names people for this event, as far as this person may know of it."""
    letters = OfficialLetter.objects.visible_to(request.user).that_name(event)
    return letters.filter(pk=number_of(number)).first()


@requires(Right.EVENTS_EDIT)
@require_POST
def pick(request, pk):
    """One person onto the list."""
    seen = Contact.objects.visible_to(request.user).active()
    chosen = get_object_or_404(seen, pk=number_of(request.POST.get("contact", "")))
    event = found(pk)
    return _added(request, event, seen.filter(pk=chosen.pk), _letter(request, event, request.POST.get("letter", "")))


def _added(request, event, contacts, letter=None):
    people = contacts.prefetch_related("positions__organisation")
    new = guests.add_guests(event, people, letter=letter, by=request.user)
    messages.success(request, ngettext("%(count)s guest added.", "%(count)s guests added.", new) % {"count": new})
    if letter:
        # A letter mostly names several: the next one follows.
        return redirect(f"{reverse('events:guest-add', args=[event.pk])}?letter={letter.pk}")
    return redirect("events:event-detail", pk=event.pk)


@requires(Right.EVENTS_EDIT)
@require_POST
def nominate(request, pk):
    """By which letter of their body somebody comes, or by none."""
    row = guest(request, pk)
    seen = OfficialLetter.objects.visible_to(request.user).that_name(row.event)
    if row.nominated_by_id and row.nominated_by not in seen:
        messages.error(request, _("A letter that you may not see names them. Nothing was changed."))
        return redirect("events:guest-detail", pk=pk)
    letter = _letter(request, row.event, request.POST.get("letter", ""))
    guests.nominate(row, letter=letter, by=request.user)
    messages.success(request, _("Noted: %(answer)s.") % {"answer": letter or _("no letter names them")})
    return redirect("events:guest-detail", pk=pk)


def number_of(text: str) -> int:
    """A number that somebody posted; that of no row, where it is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@requires(Right.EVENTS_VIEW)
@require_safe
@never_cache
def detail(request, pk):
    """One guest: the four facts, what they need, and all that was said."""
    row = guest(request, pk)
    return _page(request, row, AnswerForm(instance=row))


@requires(Right.EVENTS_EDIT)
@require_POST
@never_cache
def reach(request, pk):
    """How to reach somebody who has no card, once, on the page that follows; the look is in the journal."""
    row = guest(request, pk)
    if not row.sealed_address:
        return redirect("events:guest-detail", pk=pk)
    try:
        return _page(request, row, AnswerForm(instance=row), reached=signed.reach(row, by=request.user))
    except CannotUnseal:
        messages.error(request, _("The key that this was sealed with is not on this machine. Nothing can be shown."))
        return redirect("events:guest-detail", pk=pk)


def _page(request, row, form, status=HTTPStatus.OK, reached="", reason=None):
    balance.with_letters(row.event, [row])
    context = {
        "reached": reached,
        "guest": row,
        "event": row.event,
        "form": form,
        "log": row.log.select_related("by")[:50],
        "calls": row.calls.select_related("by")[:10],
        "letters": row.letters.order_by("-pk")[:10],
        "sign_ups": row.sign_ups.select_related("part").order_by("part__starts_at"),
        "replacements": row.replacements.all(),
        "official": OfficialLetter.objects.visible_to(request.user).that_name(row.event),
        "reason": reason or ReasonForm(),
    }
    return render(request, "events/guest_detail.html", context, status=status)


@requires(Right.EVENTS_EDIT)
@require_POST
@never_cache
def note(request, pk):
    """An answer that reached staff."""
    row = guest(request, pk)
    form = AnswerForm(request.POST, instance=row)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            said = {name: typed[name] for name in ("source", "note", "confirms")}
            said |= {"needs": form.needs(), "given": form.given()}
            guests.note_answer(row, typed["answer"], **said, by=request.user)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
            row = guest(request, pk)
        else:
            messages.success(request, _("Noted: %(answer)s.") % {"answer": row.get_rsvp_display()})
            return redirect("events:guest-detail", pk=pk)
    return _page(request, row, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def verb(request, pk, action, done, **arguments):
    """Do one step with a guest and say in one sentence what came of it."""
    row = guest(request, pk)
    try:
        action(row, by=request.user, **arguments)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    if not Invitation.objects.filter(pk=pk).exists() or request.POST.get("next") == "event":
        return redirect("events:event-detail", pk=row.event_id)
    return redirect("events:guest-detail", pk=pk)


@requires(Right.EVENTS_EDIT)
@require_POST
def withdraw(request, pk):
    done = _("The invitation is withdrawn. Its link opens nothing now.")
    return _taken_away(request, pk, guests.withdraw, done)


def _taken_away(request, pk, action, done):
    """By a person, and with a reason; what was typed stays where it is missing."""
    row, form = guest(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        return verb(request, pk, action, done, **form.cleaned_data)
    messages.error(request, _("Say why: the reason stays among us. Nothing was changed."))
    return _page(request, row, AnswerForm(instance=row), HTTPStatus.UNPROCESSABLE_ENTITY, reason=form)


@requires(Right.EVENTS_EDIT)
@require_POST
def take_off(request, pk):
    return verb(request, pk, guests.take_off, _("Taken off the list."))


@requires(Right.EVENTS_EDIT)
@require_POST
def send_to_wait(request, pk):
    """Somebody who has a place waits for another."""
    return _taken_away(request, pk, waiting.send_to_wait, _("They wait for a place now."))


@requires(Right.EVENTS_EDIT)
@require_POST
def give_place(request, pk):
    return verb(request, pk, waiting.give_place, _("A place is held for them, and a letter says so."))


@requires(Right.EVENTS_EDIT)
@require_POST
def put_first(request, pk):
    return verb(request, pk, waiting.put_first, _("They are first in turn now."))


@requires(Right.EVENTS_EDIT)
@require_POST
def accept_colleague(request, pk):
    return verb(request, pk, guests.accept_colleague, _("The colleague is on the list."))


@requires(Right.CONTACTS_EDIT)
@require_POST
def make_contact(request, pk):
    if not request.user.may(Right.EVENTS_EDIT):
        raise PermissionDenied
    return verb(request, pk, cards.make_contact, _("Added to the contacts."))


@requires(Right.EVENTS_EDIT)
@require_POST
def accredit(request, pk):
    after = request.POST.get("accreditation", "")
    return verb(request, pk, answers.accredit, _("Decided."), after=after)


@requires(Right.EVENTS_EDIT)
@require_POST
def presence(request, pk):
    records = request.POST.get("records") == "yes"
    done = (
        _("Presence is written down.") if records else _("At the door they are counted, and nothing is written down.")
    )
    return verb(request, pk, guests.set_presence, done, records=records)
