"""The rows of a list under tabs: what will become of them, or what became of them."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from ..forms.imports import facts, wish
from ..importing.remarks import restored
from ..models import Contact, ImportRow

PAGE = 50
OUTCOMES = [(str(outcome.value), outcome.label) for outcome in ImportRow.Outcome]


def rows_page(request, batch, *, is_written) -> dict:
    """The rows of the tab asked for; the first tab that has any when none is."""
    rows = batch.rows.filter(is_written=is_written)
    counts = outcomes(rows)
    tabs = [(outcome, label, counts.get(outcome, 0)) for outcome, label in OUTCOMES]
    if not is_written:
        tabs.append(("proposals", _("asked for"), rows.exclude(proposals=[]).count()))
    show = shown_tab(request, tabs)
    shown = rows.exclude(proposals=[]) if show == "proposals" else rows.filter(outcome=show)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    people = visible(request, [row.contact_id for row in page])
    described = [(row, facts(row.changes), restored(row.remarks), people.get(row.contact_id)) for row in page]
    asked = _asked(page, batch.decisions.get("proposals", {})) if show == "proposals" else []
    return {"tabs": tabs, "show": show, "page_obj": page, "rows": described, "asked": asked}


def _asked(rows, answers) -> list[tuple[ImportRow, list]]:
    """The proposals of each row in words, ticked as a person answered: a long list is not read anew for each answer."""
    return [
        (row, [(one | {"take": answers.get(one["key"], one["take"])}, wish(one)) for one in row.proposals])
        for row in rows
    ]


def ticks_of(request) -> dict[str, bool]:
    """What a person answered about the proposals of one page: one that is shown and not ticked is refused."""
    ticked = set(request.POST.getlist("take"))
    return {key: key in ticked for key in request.POST.getlist("shown")}


def outcomes(rows) -> dict[str, int]:
    return dict(rows.order_by().values_list("outcome").annotate(Count("pk")))


def visible(request, keys) -> dict[int, Contact]:
    """Those of these contacts that this person may know of, by key."""
    return Contact.objects.visible_to(request.user).in_bulk([key for key in keys if key])


def shown_tab(request, tabs) -> str:
    names = [name for name, _label, _count in tabs]
    asked = request.GET.get("show")
    return asked if asked in names else next((name for name, _label, count in tabs if count), names[0])
