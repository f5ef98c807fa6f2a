from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from audit.history import history_panel
from core.panels import panels_of
from core.rights import requires
from core.views import FilteredListView

from ..actions.contacts import save_contact
from ..filters import ContactFilter
from ..forms.contacts import ContactForm
from ..models import Contact, Suppression


@method_decorator(requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION), name="dispatch")
class ContactList(FilteredListView):
    queryset = Contact.objects.for_list()
    filterset_class = ContactFilter
    template_name = "crm/contact_list.html"
    partial_name = "crm/_contact_table.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        counts = dict(Contact.objects.order_by().values_list("kind").annotate(Count("pk")))
        return context | {
            "tabs": [(kind.value, kind.plural, counts.get(kind.value, 0)) for kind in Contact.Kind],
            "total": sum(counts.values()),
            "rows": _with_stops(context["object_list"]),
        }


def _with_stops(contacts):
    """Each contact with its stop list entry, if one of its addresses has any."""
    keys = [email.key for contact in contacts for email in contact.emails.all()]
    stops = Suppression.objects.in_bulk(keys, field_name="key")
    return [
        (contact, next((stops[email.key] for email in contact.emails.all() if email.key in stops), None))
        for contact in contacts
    ]


@requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION)
@require_safe
def detail(request, pk):
    contact = get_object_or_404(Contact.objects.for_list(), pk=pk)
    stops = Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()])
    context = {"contact": contact, "stops": stops, "panels": panels_of("crm.contact", request.user)}
    return render(request, "crm/contact_detail.html", context)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk=None):
    contact = get_object_or_404(Contact, pk=pk) if pk else Contact()
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        saved = save_contact(form.instance, ways=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
        return redirect("crm:contact-detail", pk=saved.pk)
    return render(
        request, "crm/contact_form.html", {"form": form, "contact": contact}, status=422 if form.errors else 200
    )


@requires(Right.HISTORY)
@require_safe
def history(request, pk):
    """Who did what to a contact and to its addresses on the stop list."""
    contact = get_object_or_404(Contact.objects.for_list(), pk=pk)
    stops = Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()])
    return history_panel(request, contact.name, reverse("crm:contact-detail", args=[pk]), contact, *stops)
