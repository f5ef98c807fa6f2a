import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions import import_undo
from ..actions.imports import AT_ONCE, AlreadyCommitted, UnreadableFile, answer, begin_writing, commit, discard, receive
from ..forms.imports import ImportForm
from ..importing.exported import escaped
from ..importing.remarks import restored
from ..models import Contact, ImportBatch, ImportRow
from .import_jobs import undone_words
from .import_rows import PAGE, rows_page, ticks_of


def batch_of(request, pk):
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
            return redirect("crm:import-columns", pk=batch.pk)
    waiting = ImportBatch.objects.visible_to(request.user).filter(committed_at=None).select_related("uploaded_by")[:5]
    status = 422 if form.errors else 200
    return render(request, "crm/import_create.html", {"form": form, "waiting": waiting}, status=status)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def write(request, pk):
    """Write a short list at once, a long one by a job; one that was stopped goes on. Ticks on the page count."""
    batch = batch_of(request, pk)
    try:
        if ticks := ticks_of(request):
            answer(batch, by=request.user, proposals=ticks)
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
    batch = batch_of(request, pk)
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
    batch = batch_of(request, pk)
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
    batch = batch_of(request, pk)
    if not batch.committed_at:
        return redirect("crm:import-columns", pk=pk)
    if batch.is_at_work:
        return redirect("jobs:job-detail", pk=batch.job_id)
    page = rows_page(request, batch, is_written=True)
    stayed = Contact.objects.visible_to(request.user).filter(pk__in=batch.found.get("stayed", [])[:PAGE])
    total = sum(count for _name, _label, count in page["tabs"])
    return render(request, "crm/import_result.html", page | {"batch": batch, "total": total, "stayed": stayed})


@requires(Right.CONTACTS_IMPORT)
@require_safe
def refused(request, pk):
    """The rows that were not taken, with the reasons, as a table to mend and to bring again."""
    return refused_table(batch_of(request, pk))


def refused_table(batch) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.pk}.csv"'
    table = csv.writer(response, delimiter=";")
    table.writerow([_("Sheet"), _("Row"), _("Name"), _("Why")])
    for row in batch.rows.filter(outcome=ImportRow.Outcome.REFUSED):
        reasons = " ".join(remark.text for remark in restored(row.remarks))
        table.writerow(map(escaped, [row.sheet, str(row.number), row.name, reasons]))
    return response
