from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.middleware import refuse
from accounts.roles import Right
from audit.history import history_panel
from core.panels import panels_of
from core.rights import requires
from core.sealing import CannotUnseal
from core.views import FilteredListView

from ..actions import sealing
from ..actions.contacts import save_contact
from ..filters import ContactFilter
from ..forms.contacts import ContactForm
from ..models import Contact, Suppression
from .stops import consent_of


@method_decorator(requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION), name="dispatch")
class ContactList(FilteredListView):
    filterset_class = ContactFilter
    template_name = "crm/contact_list.html"
    partial_name = "crm/_contact_table.html"

    def get_queryset(self):
        self.queryset = Contact.objects.visible_to(self.request.user).for_list()
        return super().get_queryset()

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        visible = Contact.objects.visible_to(self.request.user)
        counts = dict(visible.order_by().values_list("kind").annotate(Count("pk")))
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


def _visible(request, pk):
    """The contact, or the same 404 whether it is not there or not for this person."""
    return get_object_or_404(Contact.objects.visible_to(request.user).for_list(), pk=pk)


@requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION)
@require_safe
@never_cache  # what was shown on it must not come back with the browser's Back
def detail(request, pk):
    return _record(request, _visible(request, pk))


def _record(request, contact, revealed=None):
    user = request.user
    context = {
        "contact": contact,
        "revealed": revealed,
        "stops": Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()]),
        "panels": panels_of("crm.contact", user),
        "may_reveal": contact.is_sealed and user.may(Right.CONTACTS_SEALED),
        "may_edit": user.may(Right.CONTACTS_EDIT) and (not contact.is_sealed or user.may(Right.CONTACTS_SEALED)),
        "consent": consent_of(contact, user),
        "is_restricted": any(position.organisation.restricted_on for position in contact.current_positions),
    }
    part = revealed and request.htmx and not request.htmx.boosted
    return render(request, "crm/_ways.html" if part else "crm/contact_detail.html", context)


@requires(Right.CONTACTS_SEALED)
@require_POST
@never_cache
def reveal(request, pk):
    """How to reach a sealed contact, once, on the page that follows; the look is in the journal."""
    contact = _visible(request, pk)
    if not contact.is_sealed:
        return redirect("crm:contact-detail", pk=pk)
    try:
        return _record(request, contact, sealing.reveal(contact, by=request.user))
    except CannotUnseal:
        return _without_key(request, contact)


def _without_key(request, contact):
    messages.error(request, _("It cannot be opened: the key is not on this machine. Tell who looks after the server."))
    address = reverse("crm:contact-detail", args=[contact.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request, pk=None):
    """The form of a sealed contact is a look at it: a POST of `open` shows it filled, GET only offers that."""
    contact = _visible(request, pk) if pk else Contact()
    sees_sealed = request.user.may(Right.CONTACTS_SEALED)
    if contact.is_sealed and not sees_sealed:
        return refuse(request, (Right.CONTACTS_SEALED,))
    if contact.is_sealed and request.method != "POST":
        return render(request, "crm/contact_open.html", {"contact": contact})
    try:
        revealed = sealing.reveal(contact, by=request.user) if contact.is_sealed and "open" in request.POST else None
    except CannotUnseal:
        return _without_key(request, contact)
    typed = None if revealed or request.method != "POST" else request.POST
    form = ContactForm(typed, instance=contact, sees_sealed=sees_sealed, revealed=revealed)
    if form.is_valid():
        saved = save_contact(form.instance, ways=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
        return redirect("crm:contact-detail", pk=saved.pk)
    status = 422 if form.errors else 200
    return render(request, "crm/contact_form.html", {"form": form, "contact": contact}, status=status)


@requires(Right.HISTORY)
@require_safe
def history(request, pk):
    """Who did what to a contact and to its addresses on the stop list."""
    contact = _visible(request, pk)
    stops = Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()])
    return history_panel(request, contact.name, reverse("crm:contact-detail", args=[pk]), contact, *stops)
