"""A reader asks for their data, or to be erased. A letter's link only asks; what another letter confirms is a wish."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from audit.models import RECIPIENT
from crm.models import Contact, EmailAddress
from crm.states import Sensitivity

from ..models import Delivery, OwnDataRequest
from ..states import TrialStatus


@transaction.atomic
def ask_for_own_data(delivery: Delivery, kind: str, *, language: str) -> None:
    """Queue the letter to the reader's own address: one a day, and none where nobody is left whom we know.

    None goes to an address that is not the reader's any more, which others may read: staff answer it, unconfirmed.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.contact_id is None or OwnDataRequest.objects.recent(delivery.address_key).exists():
        return
    asked = OwnDataRequest(delivery=delivery, kind=kind, language=language)
    if not _is_in_use(delivery):
        asked.status, asked.confirmed_at = TrialStatus.FAILED, asked.asked_at
    asked.save()


def _is_in_use(delivery: Delivery) -> bool:
    return EmailAddress.objects.filter(contact=delivery.contact_id, key=delivery.address_key, retired_on=None).exists()


@transaction.atomic
def confirm(request: OwnDataRequest) -> Contact | None:
    """The reader confirms it. Return the contact whose data may be given now; otherwise staff answer."""
    is_news = OwnDataRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    contact = contact_to_give(request)
    if contact:
        OwnDataRequest.objects.filter(pk=request.pk, settled_at=None).update(settled_at=timezone.now())
        log("mailings.own_data.given", contact, by=RECIPIENT)
    elif is_news:
        log("mailings.own_data.asked", request.delivery.contact, by=RECIPIENT, request=request.kind)
    return contact


def contact_to_give(request: OwnDataRequest) -> Contact | None:
    """Whose data the mailbox alone may have: an open contact who uses it and shares it with nobody.

    For whoever is kept more carefully a mailbox that others may read is no proof; a person of ours looks.
    """
    if request.kind != OwnDataRequest.Kind.COPY:
        return None
    contact = Contact.objects.with_everything().filter(pk=request.delivery.contact_id).first()
    if contact is None or contact.is_post or contact.sensitivity != Sensitivity.OPEN:
        return None
    owners = EmailAddress.objects.filter(key=request.delivery.address_key).order_by().values_list("contact", flat=True)
    return contact if _is_in_use(request.delivery) and set(owners) == {contact.pk} else None


@transaction.atomic
def settle(request: OwnDataRequest, *, by: User) -> None:
    """Staff have answered. Erasing settles its request by itself: nothing of it is left."""
    if not by.may(Right.CONTACTS_ERASE):
        raise PermissionDenied
    if OwnDataRequest.objects.waiting().filter(pk=request.pk).update(settled_at=timezone.now(), settled_by=by):
        log("mailings.own_data.settled", request.delivery.contact, by=by, request=request.kind)
