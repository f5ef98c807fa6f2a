"""Erase a person for good: what goes, what stays, and the name typed to confirm."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires

from ..actions import erasure
from ..forms.erasure import ErasureForm
from ..models import Contact


@requires(Right.CONTACTS_ERASE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def create(request, pk):
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    uploads = erasure.uploads_of(contact)
    form = ErasureForm(request.POST if request.method == "POST" else None, contact=contact, uploads=uploads)
    if form.is_valid():
        try:
            erasure.erase(contact, **form.chosen(), by=request.user)
            messages.success(
                request, _("The person is erased. Their name stands nowhere but in the journal, until its day.")
            )
            return redirect("crm:contact-list")
        except erasure.Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "contact": contact,
        "uploads": uploads,
        "goes": erasure.goes(contact),
        "is_emptied": erasure.is_emptied(contact),
    }
    return render(request, "crm/erase_form.html", context, status=422 if form.errors else 200)
