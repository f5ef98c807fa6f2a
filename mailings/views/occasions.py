"""The calendar of occasions for greetings: what comes, what was sent last year, and the button that prepares cards."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.cards import prepare, save_occasion
from ..forms.cards import OccasionForm
from ..models import Card, Coming, Greeting, Occasion
from ..pipeline.greetings import already_greeted, birthdays
from .numbers import number_in


@dataclass
class Row:
    """An occasion on its day: how many were greeted the year before, and the cards of this one."""

    coming: Coming
    last_year: int = 0
    cards: list[Card] = field(default_factory=list)

    @property
    def year(self) -> int:
        return self.coming.on.year


def rows_of(coming: list[Coming]) -> list[Row]:
    """Two queries more, however many occasions."""
    counts = Greeting.objects.in_force().order_by().values_list("occasion", "year").annotate(Count("pk"))
    greeted = {(occasion, year): count for occasion, year, count in counts}
    cards = list(Card.objects.select_related("mailing").order_by("pk"))
    return [
        Row(
            one,
            greeted.get((one.occasion.pk, one.on.year - 1), 0),
            [card for card in cards if (card.occasion_id, card.year) == (one.occasion.pk, one.on.year)],
        )
        for one in coming
    ]


@requires(Right.MAILINGS_VIEW)
@require_safe
def calendar(request):
    today = timezone.localdate()
    rows = rows_of(Occasion.objects.coming(today))
    shown = {row.coming.occasion.pk for row in rows}
    others = [one for one in Occasion.objects.prefetch_related("dates") if one.pk not in shown]
    sees_people = request.user.may(Right.CONTACTS_VIEW)
    context = {
        "rows": rows,
        "unknown": [one for one in others if one.is_active and one.moves],
        "asleep": [one for one in others if not one.is_active],
        "birthday": next((one for one in others if one.is_birthday and one.is_active), None),
        "birthdays": birthdays(request.user, today)[:5] if sees_people else [],
    }
    return render(request, "mailings/occasion_list.html", context)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk=None):
    occasion = get_object_or_404(Occasion, pk=pk) if pk else Occasion()
    form = OccasionForm(request.POST or None, instance=occasion)
    if request.method == "POST" and form.is_valid():
        save_occasion(form.save(commit=False), dates=form.dates, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": occasion})
        return redirect("mailings:occasion-list")
    context = {"form": form, "occasion": Occasion.objects.get(pk=pk) if pk else None}
    return render(request, "mailings/occasion_form.html", context, status=422 if form.errors else 200)


@requires(Right.MAILINGS_WRITE)
@require_POST
def begin(request, pk):
    """A draft of a card for the next time of an occasion, or for the year that was asked for."""
    occasion = get_object_or_404(Occasion, pk=pk, is_active=True)
    this_year = timezone.localdate().year
    asked = number_in(request.POST.get("year", ""))
    year = asked if asked in {this_year, this_year + 1} else this_year
    card = prepare(occasion, year, by=request.user)
    messages.success(request, _("A draft is ready. Look at the picture, the words and whom it goes to."))
    return redirect("mailings:card-detail", pk=card.mailing_id)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def birthday_list(request):
    """Whose birthday comes in the next month; a press prepares one card for those who are marked."""
    occasion = Occasion.objects.filter(kind="birthday", is_active=True).first()
    coming = birthdays(request.user, timezone.localdate())
    people = {str(contact.pk): (day, contact) for day, contact in coming}
    if request.method == "POST" and occasion:
        chosen = [people[key] for key in dict.fromkeys(request.POST.getlist("people")) if key in people]
        if chosen:
            return _prepare_birthdays(request, occasion, chosen)
        messages.error(request, _("Nobody is marked. Mark whom to greet, then prepare the card."))
    have = (
        {year: already_greeted(occasion.pk, year, list(_of(coming, year))) for year in _years(coming)}
        if occasion
        else {}
    )
    rows = [(day, contact, contact.pk in have.get(day.year, ())) for day, contact in coming]
    return render(request, "mailings/birthday_list.html", {"rows": rows, "occasion": occasion})


def _years(coming) -> set[int]:
    return {day.year for day, _contact in coming}


def _of(coming, year: int):
    return (contact for day, contact in coming if day.year == year)


def _prepare_birthdays(request, occasion: Occasion, chosen: list[tuple[date, object]]):
    """A card is one of a year: of those after New Year's Eve another one is prepared."""
    year = min(day.year for day, _contact in chosen)
    people = [contact for day, contact in chosen if day.year == year]
    card = prepare(occasion, year, contacts=people, by=request.user)
    text = ngettext(
        "A draft for %(count)s person is ready. Send it on the day.",
        "A draft for %(count)s people is ready. Send it on the day.",
        len(people),
    )
    messages.success(request, text % {"count": len(people)})
    return redirect("mailings:card-detail", pk=card.mailing_id)
