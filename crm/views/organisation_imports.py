"""A list of organisations, step by step: the file, its columns, the difference it will make, the result."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions import organisation_undo
from ..actions.imports import AlreadyCommitted, UnreadableFile, discard
from ..actions.organisation_imports import begin_writing, commit, is_long, mappings, receive, remap
from ..forms.organisation_imports import OrganisationColumnsForm, OrganisationUploadForm, difference
from ..importing.remarks import restored
from ..models import Organisation, OrganisationImport, OrganisationRow
from .import_jobs import undone_words
from .import_rows import PAGE, outcomes, shown_tab
from .import_steps import go
from .imports import refused_table

Outcome = OrganisationRow.Outcome


def batch_of(request, pk):
    uploads = OrganisationImport.objects.visible_to(request.user).select_related("uploaded_by", "job")
    return get_object_or_404(uploads, pk=pk)


def _of_waiting_list(view):
    """The view gets the list itself; one that cannot be reviewed, or not yet, leads elsewhere."""

    @wraps(view)
    def opened(request, pk):
        batch = batch_of(request, pk)
        if batch.committed_at:
            return go(request, reverse("crm:organisation-import-result", args=[pk]))
        if batch.is_at_work:
            return go(request, reverse("jobs:job-detail", args=[batch.job_id]))
        if batch.status == OrganisationImport.Status.READING:
            told = batch.job and batch.job.result.get("error")
            messages.error(
                request, told or _("Reading the list did not come to its end. Delete it and choose it again.")
            )
            return go(request, reverse("crm:organisation-import-create"))
        return view(request, batch)

    return opened


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = OrganisationUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = receive(form.cleaned_data["file"], by=request.user, replaces=form.cleaned_data["replaces"])
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("crm:organisation-import-columns", pk=batch.pk)
    waiting = OrganisationImport.objects.visible_to(request.user).filter(committed_at=None)
    context = {"form": form, "waiting": waiting.select_related("uploaded_by")[:5]}
    return render(request, "crm/organisation_import_create.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_waiting_list
def columns(request, batch):
    posted = request.POST if request.method == "POST" else None
    form = OrganisationColumnsForm(posted, mappings=mappings(batch), initial={"replaces": batch.replaces})
    if request.method == "POST" and form.is_valid():
        try:
            if form.has_changed():
                remap(batch, form.kept(), replaces=form.cleaned_data["replaces"], by=request.user)
        except AlreadyCommitted:
            _say_written_before(request)
        if batch.is_at_work:
            return redirect("jobs:job-detail", pk=batch.job_id)
        return redirect("crm:organisation-import-check", pk=batch.pk)
    context = {"batch": batch, "form": form, "found": batch.found, "tally": _tally(batch)}
    return render(request, "crm/organisation_import_columns.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_IMPORT)
@require_safe
@_of_waiting_list
def check(request, batch):
    context = {"batch": batch, "found": batch.found, "tally": _tally(batch)}
    return render(request, "crm/organisation_import_check.html", context | _rows_page(request, batch))


@requires(Right.CONTACTS_IMPORT)
@require_POST
def write(request, pk):
    """Write a short list at once, a long one by a job; one that was stopped goes on."""
    batch = batch_of(request, pk)
    try:
        if is_long(batch):
            return redirect("jobs:job-detail", pk=begin_writing(batch, by=request.user).pk)
        commit(batch, by=request.user)
    except AlreadyCommitted:
        _say_written_before(request)
    return redirect("crm:organisation-import-result", pk=pk)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def undo(request, pk):
    batch = batch_of(request, pk)
    try:
        if organisation_undo.is_long(batch):
            return redirect("jobs:job-detail", pk=organisation_undo.begin_undo(batch, by=request.user).pk)
        counts = organisation_undo.undo(batch, by=request.user)
    except organisation_undo.CannotUndo:
        messages.warning(request, _("This import cannot be taken back any more, or is at work just now."))
    else:
        messages.success(request, undone_words(counts))
    return redirect("crm:organisation-import-result", pk=pk)


@requires(Right.CONTACTS_IMPORT)
@require_POST
def throw_away(request, pk):
    try:
        discard(batch_of(request, pk), by=request.user)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. It cannot be deleted any more."))
    else:
        messages.success(request, _("The upload is deleted. Nothing of it was written."))
    return redirect("crm:organisation-import-create")


@requires(Right.CONTACTS_IMPORT)
@require_safe
def result(request, pk):
    batch = batch_of(request, pk)
    if not batch.committed_at:
        return redirect("crm:organisation-import-columns", pk=pk)
    if batch.is_at_work:
        return redirect("jobs:job-detail", pk=batch.job_id)
    page = _rows_page(request, batch)
    known = Organisation.objects.visible_to(request.user)
    stayed = known.filter(pk__in=batch.rows.filter(taken_back="stayed").order_by().values("organisation"))[:PAGE]
    context = {"batch": batch, "stayed": stayed, "total": sum(count for _name, _label, count in page["tabs"])}
    return render(request, "crm/organisation_import_result.html", page | context)


@requires(Right.CONTACTS_IMPORT)
@require_safe
def refused(request, pk):
    """The rows that were not taken, with the reasons, as a table to mend and to bring again."""
    return refused_table(batch_of(request, pk))


def _say_written_before(request):
    messages.info(request, _("This list was written before. Nothing was written a second time."))


def _rows_page(request, batch) -> dict:
    """The rows of the tab asked for, each with its difference; of what is not to be seen, not even the name."""
    counts = outcomes(batch.rows.all())
    tabs = [(str(outcome.value), outcome.label, counts.get(outcome, 0)) for outcome in Outcome]
    show = shown_tab(request, tabs)
    page = Paginator(batch.rows.filter(outcome=show), PAGE).get_page(request.GET.get("page"))
    known = Organisation.objects.visible_to(request.user).in_bulk({row.organisation_id for row in page} - {None})
    rows = [(row, difference(row.changes), restored(row.remarks), known.get(row.organisation_id)) for row in page]
    return {"tabs": tabs, "show": show, "page_obj": page, "rows": rows}


def _tally(batch) -> list[tuple[str, str, int]]:
    counts = outcomes(batch.rows.all())
    return [
        ("created", pgettext("import", "New"), counts.get(Outcome.CREATED, 0)),
        ("changed", pgettext("import", "Will change"), counts.get(Outcome.CHANGED, 0)),
        ("unchanged", pgettext("import", "As they are"), counts.get(Outcome.UNCHANGED, 0)),
        ("refused", pgettext("import", "Refused"), counts.get(Outcome.REFUSED, 0)),
    ]
