"""The form of a contact."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import sealing
from ..actions.contacts import save_contact
from ..forms.contacts import ContactForm
from ..models import Contact
from .contacts import visible, without_key


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request, pk=None):
    """The form of a sealed contact is a look at it: a POST of `open` shows it filled, GET only offers that."""
    contact = visible(request, pk) if pk else Contact()
    sees_sealed = request.user.may(Right.CONTACTS_SEALED)
    if contact.is_sealed and not sees_sealed:
        return refuse(request, (Right.CONTACTS_SEALED,))
    if contact.is_sealed and request.method != "POST":
        return render(request, "crm/contact_open.html", {"contact": contact})
    try:
        revealed = sealing.reveal(contact, by=request.user) if contact.is_sealed and "open" in request.POST else None
    except CannotUnseal:
        return without_key(request, contact)
    typed = None if revealed or request.method != "POST" else request.POST
    form = ContactForm(typed, instance=contact, sees_sealed=sees_sealed, revealed=revealed)
    if form.is_valid():
        saved = save_contact(form.instance, ways=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
        return redirect("crm:contact-detail", pk=saved.pk)
    status = 422 if form.errors else 200
    return render(request, "crm/contact_form.html", {"form": form, "contact": contact}, status=status)
