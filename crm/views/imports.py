from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from ..actions.imports import AlreadyCommitted, UnreadableFile, commit, discard, mappings_for, plan_for, receive, remap
from ..forms.imports import ImportForm, MappingForm, facts
from ..importing.remarks import restored
from ..models import Contact, ImportBatch, ImportRow

PAGE = 50
OUTCOMES = [(str(outcome.value), outcome.label) for outcome in ImportRow.Outcome]


def _batch(request, pk):
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("uploaded_by"), pk=pk)


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
    waiting = (
        ImportBatch.objects.visible_to(request.user)
        .filter(status=ImportBatch.Status.UPLOADED)
        .select_related("uploaded_by")[:5]
    )
    status = 422 if form.errors else 200
    return render(request, "crm/import_create.html", {"form": form, "waiting": waiting}, status=status)


@requires(Right.CONTACTS_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    batch = _batch(request, pk)
    if batch.status == ImportBatch.Status.DONE:
        return redirect("crm:import-result", pk=pk)
    form = None
    try:
        if request.method == "POST":
            form = MappingForm(request.POST, mappings=mappings_for(batch))
            if form.is_valid():
                remap(batch, form.kept(), by=request.user)
                return redirect("crm:import-review", pk=pk)
        plan = plan_for(batch)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. Nothing was written a second time."))
        return redirect("crm:import-result", pk=pk)
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("crm:import-create")
    context = {"batch": batch, "plan": plan, "form": form or MappingForm(mappings=plan.mappings)}
    return render(request, "crm/import_review.html", context | _page(request, plan), status=422 if form else 200)


def _page(request, plan) -> dict:
    """The rows of the tab asked for; the first tab that has any when none is."""
    tabs = [(outcome, label, plan.tally[outcome]) for outcome, label in OUTCOMES]
    tabs.append(("remarks", _("with remarks"), sum(row.has_remarks for row in plan.rows)))
    show = _shown_tab(request, tabs)
    rows = [row for row in plan.rows if row.outcome == show or (show == "remarks" and row.has_remarks)]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    people = _visible(request, [row.contact for row in page])
    shown = [(row, facts(row.changes), people.get(row.contact)) for row in page]
    return {"tabs": tabs, "show": show, "page_obj": page, "rows": shown}


def _visible(request, keys):
    """Those of these contacts that this person may know of, by key."""
    return Contact.objects.visible_to(request.user).in_bulk([key for key in keys if key])


def _shown_tab(request, tabs) -> str:
    return request.GET.get("show") or next((name for name, _label, count in tabs if count), tabs[0][0])


@requires(Right.CONTACTS_IMPORT)
@require_POST
def write(request, pk):
    batch = _batch(request, pk)
    try:
        commit(batch, by=request.user)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. Nothing was written a second time."))
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("crm:import-create")
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
    if batch.status != ImportBatch.Status.DONE:
        return redirect("crm:import-review", pk=pk)
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    tabs = [(outcome, label, counts.get(outcome, 0)) for outcome, label in OUTCOMES]
    show = _shown_tab(request, tabs)
    page = Paginator(batch.rows.filter(outcome=show), PAGE).get_page(request.GET.get("page"))
    people = _visible(request, [row.contact_id for row in page])
    rows = [(row, restored(row.remarks), people.get(row.contact_id)) for row in page]
    context = {"batch": batch, "tabs": tabs, "show": show, "page_obj": page, "rows": rows}
    return render(request, "crm/import_result.html", context | {"total": sum(counts.values())})
