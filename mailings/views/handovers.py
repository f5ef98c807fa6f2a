"""What was handed to whom: the list, its file, and writing one down."""

import csv
import io

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from core.views import FilteredListView
from crm.actions.exports import Refused, left_today, take_out
from crm.importing.exported import escaped
from crm.models import Contact, Export
from crm.permissions import may_edit
from crm.views.exports import attachment

from ..actions.handovers import change_handover, hand_over, remove_handover
from ..filters import HandoverFilter
from ..forms.cards import HandoverExportForm, HandoverForm
from ..models import Handover

_FOUND = 20


@method_decorator(requires(Right.CONTACTS_VIEW), name="dispatch")
class HandoverList(FilteredListView):
    filterset_class = HandoverFilter
    template_name = "mailings/handover_list.html"
    partial_name = "mailings/_handover_table.html"

    @property
    def queryset(self):
        rows = Handover.objects.visible_to(self.request.user).select_related("contact", "occasion", "by")
        return rows.prefetch_related("contact__positions__organisation")


@requires(Right.CONTACTS_EDIT)
@require_safe
def find(request):
    """Whom something was given to: looked for by name."""
    asked = request.GET.get("who", "").strip()
    found = Contact.objects.visible_to(request.user).for_list().search(asked)[:_FOUND] if asked else []
    return render(request, "mailings/handover_find.html", {"asked": asked, "found": found})


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def create(request, contact_pk):
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=contact_pk)
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    form = HandoverForm(request.POST or None, instance=Handover(contact=contact), user=request.user)
    if request.method == "POST" and form.is_valid():
        hand_over(form.save(commit=False), note=form.cleaned_data["note"], by=request.user)
        messages.success(request, _("Written down on the card of %(name)s.") % {"name": contact.name})
        return redirect("crm:contact-detail", pk=contact.pk)
    context = {"form": form, "contact": contact}
    return render(request, "mailings/handover_form.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_VIEW)
@require_safe
def panel(request, pk):
    """What a contact was given, for the contact's page."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    rows = contact.handovers.select_related("occasion", "by")[:_FOUND]
    context = {"contact": contact, "rows": rows, "may_write": may_edit(contact, request.user)}
    return render(request, "mailings/_handover_panel.html", context)


def _handover(request, pk):
    rows = Handover.objects.visible_to(request.user).select_related("contact")
    return get_object_or_404(rows, pk=pk)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def update(request, pk):
    handover = _handover(request, pk)
    if not may_edit(handover.contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    is_hidden = bool(handover.sealed_text)
    form = HandoverForm(request.POST or None, instance=handover, user=request.user, initial={"note": handover.text})
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        change_handover(form.save(commit=False), note=None if is_hidden and not note else note, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("mailings:handover-list")
    context = {"form": form, "contact": handover.contact, "handover": handover, "is_hidden": is_hidden}
    return render(request, "mailings/handover_form.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_EDIT)
@require_POST
def delete(request, pk):
    handover = _handover(request, pk)
    if not may_edit(handover.contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    remove_handover(handover, by=request.user)
    messages.success(request, _("Taken off the list."))
    return redirect("mailings:handover-list")


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def export(request):
    """The list as it is filtered, as a file: names of people leave as contacts do."""
    # A request that waited for the password comes here past the middleware that asks for rights.
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    form = HandoverExportForm(request.POST or None, initial={"query": request.GET.urlencode()})
    rows = Handover.objects.visible_to(request.user).select_related("contact", "occasion", "by")
    asked = QueryDict(form["query"].value() or "")
    rows = HandoverFilter(asked, queryset=rows, request=request).qs
    people = Contact.objects.visible_to(request.user).filter(pk__in=rows.order_by().values("contact"))
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, form.cleaned_data["reason"], rows, people)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    leaving = people.that_may_leave()
    context = {
        "form": form,
        "rows": rows.filter(contact__in=leaving.order_by().values("pk")).count(),
        "people": leaving.count(),
        "staying": people.count() - leaving.count(),
        "left": left_today(request.user),
        "query": asked.urlencode(),
    }
    return render(request, "mailings/handover_export.html", context, status=422 if form.errors else 200)


def _file(request, reason, rows, people):
    rule = {"query": "", "words": _("What was handed over")}

    def write(export, contacts):
        keys = {contact.pk for contact in contacts}
        return _csv([row for row in rows if row.contact_id in keys], export)

    export, content = take_out(people, by=request.user, reason=reason, rule=rule, format=Export.Format.CSV, write=write)
    name = f"handed-over-{timezone.localtime(export.at):%Y-%m-%d}-{export.mark}.csv"
    return attachment(content, name, "text/csv; charset=utf-8")


def _csv(rows, export) -> bytes:
    """Semicolons and a byte order mark, as Excel in Russian expects. The notes stay here."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(
        [_("When"), _("Who"), _("What"), _("How many"), _("Occasion"), _("Year"), _("Who handed it over"), _("Mark")]
    )
    for row in rows:
        cells = [
            date_format(row.on, "SHORT_DATE_FORMAT"),
            row.contact.name,
            row.get_thing_display(),
            row.count,
            row.occasion or "",
            row.year,
            row.by.name,
            export.mark,
        ]
        writer.writerow([escaped(str(cell)) for cell in cells])
    return file.getvalue().encode("utf-8-sig")
