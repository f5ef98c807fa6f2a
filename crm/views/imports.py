import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions import import_undo
from ..actions.imports import (
    AT_ONCE,
    AlreadyCommitted,
    UnreadableFile,
    begin_writing,
    commit,
    decide,
    discard,
    mappings,
    receive,
    remap,
)
from ..forms.imports import ImportForm, MappingForm, facts, wish
from ..importing.exported import escaped
from ..importing.remarks import restored
from ..importing.together import DIFFERENT, LATER, SAME
from ..matching.reasons import Reason
from ..models import Contact, ImportBatch, ImportRow
from .import_jobs import undone_words

PAGE = 50
OUTCOMES = [(str(outcome.value), outcome.label) for outcome in ImportRow.Outcome]
ANSWERS = {
    SAME: gettext_lazy("Same person"),
    DIFFERENT: gettext_lazy("Different people"),
    LATER: gettext_lazy("Decide later"),
}


def _batch(request, pk):
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("uploaded_by", "job"), pk=pk)


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = receive(form.cleaned_data.pop("file"), by=request.user, **form.cleaned_data)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("crm:import-review", pk=batch.pk)
    waiting = ImportBatch.objects.visible_to(request.user).filter(committed_at=None).select_related("uploaded_by")[:5]
    status = 422 if form.errors else 200
    return render(request, "crm/import_create.html", {"form": form, "waiting": waiting}, status=status)


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    batch = _batch(request, pk)
    if elsewhere := _not_waiting(request, batch):
        return elsewhere
    form = MappingForm(request.POST if request.method == "POST" else None, mappings=mappings(batch))
    if request.method == "POST" and form.is_valid():
        return _changed(request, batch, lambda: remap(batch, form.kept(), by=request.user))
    context = {"batch": batch, "form": form, "found": batch.found} | _page(request, batch, is_written=False)
    return render(request, "crm/import_review.html", context, status=422 if form.errors else 200)


def _not_waiting(request, batch):
    """Where to go with a list that cannot be reviewed, or not yet."""
    if batch.committed_at:
        return redirect("crm:import-result", pk=batch.pk)
    if batch.is_at_work:
        return redirect("jobs:job-detail", pk=batch.job_id)
    if batch.status == ImportBatch.Status.READING:
        refused = batch.job and batch.job.result.get("error")
        messages.error(
            request, refused or _("Reading the list did not come to its end. Delete it and choose it again.")
        )
        return redirect("crm:import-create")
    return None


def _changed(request, batch, change):
    """Do what reads the list anew, and go where that is seen."""
    try:
        change()
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. Nothing was written a second time."))
        return redirect("crm:import-result", pk=batch.pk)
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("crm:import-create")
    return redirect("crm:import-review", pk=batch.pk)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def decide_open(request, pk):
    """Answers about pairs, and ticks of proposals: those shown on the page, so that one not ticked is refused."""
    batch = _batch(request, pk)
    if elsewhere := _not_waiting(request, batch):
        return elsewhere
    known = {pair["key"] for pair in batch.found.get("pairs", [])}
    pairs = {key: request.POST.get(f"pair-{key}", "") for key in known}
    shown, ticked = request.POST.getlist("shown"), set(request.POST.getlist("take"))
    return _changed(
        request,
        batch,
        lambda: decide(
            batch,
            by=request.user,
            pairs={key: answer for key, answer in pairs.items() if answer in ANSWERS},
            proposals={key: key in ticked for key in shown},
        ),
    )


def _page(request, batch, *, is_written) -> dict:
    """The rows of the tab asked for; the first tab that has any when none is."""
    rows = batch.rows.filter(is_written=is_written)
    counts = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    tabs = [(outcome, label, counts.get(outcome, 0)) for outcome, label in OUTCOMES]
    if not is_written:
        tabs += [
            ("pairs", _("perhaps the same"), len(batch.found["pairs"])),
            ("proposals", _("asked for"), rows.exclude(proposals=[]).count()),
        ]
    show = _shown_tab(request, tabs)
    if show == "pairs":
        return {"tabs": tabs, "show": show} | _pairs(request, batch)
    shown = rows.exclude(proposals=[]) if show == "proposals" else rows.filter(outcome=show)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    people = _visible(request, [row.contact_id for row in page])
    described = [(row, facts(row.changes), restored(row.remarks), people.get(row.contact_id)) for row in page]
    asked = [(row, [(one, wish(one)) for one in row.proposals]) for row in page] if show == "proposals" else []
    return {"tabs": tabs, "show": show, "page_obj": page, "rows": described, "asked": asked}


def _pairs(request, batch) -> dict:
    page = Paginator(batch.found["pairs"], PAGE).get_page(request.GET.get("page"))
    people = _visible(request, [pair["second"].get("card") for pair in page])
    answers = batch.decisions.get("pairs", {})
    pairs = [
        (
            pair,
            people.get(pair["second"].get("card")),
            ", ".join(str(Reason(reason)) for reason in pair["reasons"]),
            answers.get(pair["key"], LATER),
        )
        for pair in page
    ]
    return {"pairs": pairs, "page_obj": page, "answers": ANSWERS.items()}


def _visible(request, keys):
    """Those of these contacts that this person may know of, by key."""
    return Contact.objects.visible_to(request.user).in_bulk([key for key in keys if key])


def _shown_tab(request, tabs) -> str:
    names = [name for name, _label, _count in tabs]
    asked = request.GET.get("show")
    return asked if asked in names else next((name for name, _label, count in tabs if count), names[0])


@requires(Right.CONTACTS_IMPORT)
@require_POST
def write(request, pk):
    """Write a short list at once, a long one by a job; one that was stopped goes on."""
    batch = _batch(request, pk)
    try:
        if batch.found.get("rows", 0) > AT_ONCE:
            return redirect("jobs:job-detail", pk=begin_writing(batch, by=request.user).pk)
        commit(batch, by=request.user)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. Nothing was written a second time."))
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("crm:import-create")
    return redirect("crm:import-result", pk=pk)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def undo(request, pk):
    batch = _batch(request, pk)
    try:
        if import_undo.is_long(batch):
            return redirect("jobs:job-detail", pk=import_undo.begin_undo(batch, by=request.user).pk)
        counts = import_undo.undo(batch, by=request.user)
    except import_undo.CannotUndo:
        messages.warning(request, _("This import cannot be taken back any more, or is at work just now."))
    else:
        messages.success(request, undone_words(counts))
    return redirect("crm:import-result", pk=pk)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def throw_away(request, pk):
    batch = _batch(request, pk)
    try:
        discard(batch, by=request.user)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. It cannot be deleted any more."))
    else:
        messages.success(request, _("The upload is deleted. Nothing of it was written."))
    return redirect("crm:import-create")


@requires(Right.CONTACTS_IMPORT)
@require_safe
def result(request, pk):
    batch = _batch(request, pk)
    if not batch.committed_at:
        return redirect("crm:import-review", pk=pk)
    if batch.is_at_work:
        return redirect("jobs:job-detail", pk=batch.job_id)
    page = _page(request, batch, is_written=True)
    stayed = Contact.objects.visible_to(request.user).filter(pk__in=batch.found.get("stayed", [])[:PAGE])
    total = sum(count for _name, _label, count in page["tabs"])
    return render(request, "crm/import_result.html", page | {"batch": batch, "total": total, "stayed": stayed})


@requires(Right.CONTACTS_IMPORT)
@require_safe
def refused(request, pk):
    """The rows that were not taken, with the reasons, as a table to mend and to bring again."""
    batch = _batch(request, pk)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.pk}.csv"'
    table = csv.writer(response, delimiter=";")
    table.writerow([_("Sheet"), _("Row"), _("Name"), _("Why")])
    for row in batch.rows.filter(outcome=ImportRow.Outcome.REFUSED):
        reasons = " ".join(remark.text for remark in restored(row.remarks))
        table.writerow(map(escaped, [row.sheet, str(row.number), row.name, reasons]))
    return response
