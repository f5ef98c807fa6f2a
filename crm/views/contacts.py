from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.panels import panels_of
from core.views import FilteredListView

from ..actions.contacts import save_contact
from ..filters import ContactFilter
from ..forms.contacts import ContactForm
from ..models import Contact, Suppression


class ContactList(FilteredListView):
    queryset = Contact.objects.for_list()
    filterset_class = ContactFilter
    template_name = "crm/contact_list.html"
    partial_name = "crm/_contact_table.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        counts = dict(Contact.objects.order_by().values_list("kind").annotate(Count("pk")))
        keys = [email.key for contact in context["object_list"] for email in contact.emails.all()]
        return context | {
            "tabs": [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in Contact.Kind],
            "total": sum(counts.values()),
            "stopped": dict(Suppression.objects.filter(key__in=keys).values_list("key", "reason")),
        }


@require_safe
def detail(request, pk):
    contact = get_object_or_404(Contact.objects.for_list(), pk=pk)
    stopped = Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()])
    return render(
        request,
        "crm/contact_detail.html",
        {"contact": contact, "stopped": {entry.key: entry for entry in stopped}, "panels": panels_of("crm.contact")},
    )


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
