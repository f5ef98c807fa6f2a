"""The steps of an import between the file and the result: columns and duplicates, then the check."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.imports import AlreadyCommitted, UnreadableFile, decide, mappings, recount, remap
from ..forms.import_pairs import ANSWERS, Pairs
from ..forms.imports import MappingForm, closed_values
from ..importing.together import SAME
from ..models import ImportBatch, ImportRow
from .import_rows import outcomes, rows_page, ticks_of
from .imports import batch_of

Outcome = ImportRow.Outcome


def _of_waiting_list(view):
    """The view gets the list itself; one that cannot be reviewed, or not yet, leads elsewhere."""

    @wraps(view)
    def opened(request, pk):
        batch = batch_of(request, pk)
        return _not_waiting(request, batch) or view(request, batch)

    return opened


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_waiting_list
def columns(request, batch):
    """Which column goes where, and one pair of perhaps the same people at a time."""
    known = mappings(batch)
    form = MappingForm(request.POST if request.method == "POST" else None, mappings=known)
    if request.method == "POST" and form.is_valid():
        then = "check" if "check" in request.POST else "columns"
        there, by = reverse(f"crm:import-{then}", args=[batch.pk]), request.user
        if form.has_changed():
            return _changed(request, batch, there, lambda: remap(batch, form.kept(), by=by, then=then))
        if batch.found.get("waits"):
            return _changed(request, batch, there, lambda: recount(batch, by=by, then=then))
        return redirect(there)
    pairs = Pairs(batch, request.user)
    context = {"batch": batch, "form": form, "found": batch.found, "closed": closed_values(batch.found)}
    counts = outcomes(batch.rows.filter(is_written=False))
    context |= {"pairs": pairs, "pair": pairs.at(request.GET.get("pair")), "tally": _tally(counts, pairs)}
    return render(request, "crm/import_columns.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_IMPORT)
@require_POST
@_of_waiting_list
def decide_pair(request, batch):
    """One answer, perhaps for all pairs alike, and which fields of the row go on the card."""
    pairs = Pairs(batch, request.user)
    pair, answer = pairs.of(request.POST.get("pair", "")), request.POST.get("answer")
    there = reverse("crm:import-columns", args=[batch.pk])
    if pair is None or answer not in ANSWERS:
        messages.warning(request, _("This pair is not asked about any more."))
        return redirect(there)
    answers = dict.fromkeys([pair.key, *(pair.alike if "alike" in request.POST else [])], answer)
    there += f"?pair={pairs.following(answers)}#pairs"
    fields = {pair.place: pair.chosen(request.POST) if pair.card and answer == SAME else {}}
    return _changed(request, batch, there, lambda: decide(batch, by=request.user, pairs=answers, fields=fields))


@requires(Right.CONTACTS_IMPORT)
@require_safe
@_of_waiting_list
def check(request, batch):
    """What will be written, row by row, and what the list asks for."""
    context = {"batch": batch, "found": batch.found} | rows_page(request, batch, is_written=False)
    counts = {outcome: count for outcome, _label, count in context["tabs"]}
    context["tally"] = _tally(counts, Pairs(batch, request.user))
    return render(request, "crm/import_check.html", context)


@requires(Right.CONTACTS_IMPORT)
@require_POST
@_of_waiting_list
def decide_wishes(request, batch):
    """Keep the ticks of proposals."""
    there = f"{reverse('crm:import-check', args=[batch.pk])}?show=proposals"
    return _changed(request, batch, there, lambda: decide(batch, by=request.user, proposals=ticks_of(request)))


def _tally(counts, pairs) -> list[tuple[str, str, int]]:
    """What the import will do, in four numbers."""
    return [
        ("created", pgettext("import", "New"), counts.get(Outcome.CREATED, 0)),
        ("changed", pgettext("import", "Will change"), counts.get(Outcome.CHANGED, 0)),
        ("pairs", pgettext("import", "To decide"), pairs.open),
        ("refused", pgettext("import", "Refused"), counts.get(Outcome.REFUSED, 0)),
    ]


def _not_waiting(request, batch):
    """Where to go with a list that cannot be reviewed, or not yet."""
    if batch.committed_at:
        return go(request, reverse("crm:import-result", args=[batch.pk]))
    if batch.is_at_work:
        return go(request, reverse("jobs:job-detail", args=[batch.job_id]))
    if batch.status == ImportBatch.Status.READING:
        refused = batch.job and batch.job.result.get("error")
        messages.error(
            request, refused or _("Reading the list did not come to its end. Delete it and choose it again.")
        )
        return go(request, reverse("crm:import-create"))
    return None


def _changed(request, batch, there, change):
    """Do what reads the list anew, and go where that is seen."""
    try:
        change()
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. Nothing was written a second time."))
        return go(request, reverse("crm:import-result", args=[batch.pk]))
    except UnreadableFile as error:
        messages.error(request, str(error))
        return go(request, reverse("crm:import-create"))
    if batch.is_at_work:
        return go(request, reverse("jobs:job-detail", args=[batch.job_id]))
    return redirect(there)


def go(request, url):
    """To another page, also for htmx, which would look there for a part of this one."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
