"""Say that a person has looked at how a letter speaks to somebody."""

from django.db import transaction
from django.utils import timezone

from audit.log import log
from core.text import clean

from ..models import Contact, PersonName, suggested_address


@transaction.atomic
def check_address(contact: Contact, language: str, text: str, *, by: object) -> PersonName:
    """Letters in `language` speak to the contact as `text` says, which somebody has read. Nothing: as is suggested."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    name = contact.names.filter(language=language).first() or PersonName(contact=contact, language=language)
    suggestion, _is_sure = suggested_address(contact, language)
    text = clean(text) or suggestion
    # A suggestion is kept as such where there is a name it follows from.
    name.address = "" if text == suggestion and str(name) else text
    name.address_checked_at = timezone.now()
    name.save()
    Contact.objects.filter(pk=contact.pk).count_save()
    log("crm.contact.address_checked", contact, by=by, language=language)
    return name
