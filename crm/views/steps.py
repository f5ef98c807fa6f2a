"""Offer to take a step back, and take it back; and whose card a person may change."""

from functools import wraps

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires

from ..actions.steps import CannotTakeBack, take_back
from ..models import Contact, Organisation, Step


def of_contact(view):
    """The view gets the contact: 404 for who may not know of it, a refusal where it is sealed to them."""

    @wraps(view)
    def with_contact(request, pk, **kwargs):
        contact = get_object_or_404(Contact.objects.visible_to(request.user).for_list(), pk=pk)
        if contact.is_sealed and not request.user.may(Right.CONTACTS_SEALED):
            return refuse(request, (Right.CONTACTS_SEALED,))
        return view(request, contact, **kwargs)

    return with_contact


def done(request, said: str, step: Step | None = None):
    """Say what was done, with a way back."""
    messages.success(request, said, extra_tags=reverse("crm:step-undo", args=[step.pk]) if step else "")


def page_of(request, subject: Contact | Organisation):
    """The page of what was changed, or the list where this person may not see it any more."""
    if isinstance(subject, Organisation):
        return redirect("crm:organisation-detail", pk=subject.pk)
    if Contact.objects.visible_to(request.user).filter(pk=subject.pk).exists():
        return redirect("crm:contact-detail", pk=subject.pk)
    return redirect("crm:contact-list")


@requires(Right.CONTACTS_EDIT)
@require_POST
def undo(request, pk):
    """Take a step back. Who may not change what it was about does not learn that there was one."""
    user = request.user
    contacts = Contact.objects.visible_to(user)
    if not user.may(Right.CONTACTS_SEALED):
        contacts = contacts.exclude(sensitivity="sealed")
    places = Organisation.objects.visible_to(user)
    steps = Step.objects.filter(
        Q(contact__in=contacts.order_by().values("pk")) | Q(organisation__in=places.order_by().values("pk"))
    )
    step = get_object_or_404(steps, pk=pk)
    try:
        take_back(step, by=user)
    except CannotTakeBack as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: everything is as it was."))
    return page_of(request, step.contact or step.organisation)
