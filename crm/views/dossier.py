"""Everything known about one person, made into a file for that person."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions.exports import Refused, hand_over
from ..dossier import write
from ..forms.exports import DossierForm
from ..models import Contact
from .exports import attachment


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def create(request, pk):
    # A request that waited for the password comes here past the middleware that asks for rights.
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    contact = get_object_or_404(Contact.objects.visible_to(request.user).with_everything(), pk=pk)
    if contact.is_sealed and not request.user.may(Right.CONTACTS_SEALED):
        raise PermissionDenied
    form = DossierForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        notes = form.cleaned_data["with_notes"]
        try:
            content = hand_over(contact, by=request.user, notes=notes, write=partial(write, notes=notes))
            return attachment(content, f"person-{timezone.localdate():%Y-%m-%d}.html", "text/html; charset=utf-8")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except CannotUnseal:
            messages.error(
                request, _("It cannot be opened: the key is not on this machine. Tell who looks after the server.")
            )
            return redirect("crm:contact-detail", pk=pk)
    status = 422 if form.errors else 200
    return render(request, "crm/dossier_form.html", {"form": form, "contact": contact}, status=status)
