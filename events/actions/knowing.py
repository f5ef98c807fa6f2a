"""Who a reporter may be: by address or telephone for certain, by name as a question to a person."""

from core.sealing import blind
from crm.matching.names import keys, match
from crm.models import Contact, EmailAddress, Phone
from crm.models.name_key import name_key

from ..models import PressRequest

_SHOWN = 3


def contact_of(address: str, phone: str = "") -> Contact | None:
    """The one contact with this address or telephone. Of a shared one nobody is taken for certain."""
    for model, text in ((EmailAddress, address), (Phone, phone)):
        if text:
            found = Contact.objects.filter(pk__in=model.objects.filter(key=blind(text)).values("contact"))
            if len(held := list(found.active()[:2])) == 1:
                return held[0]
    return None


def may_be(request: PressRequest, user) -> list[Contact]:
    """Contacts that this person may know of and that the reporter may be, the likeliest first."""
    visible = Contact.objects.visible_to(user).active()
    shared = EmailAddress.objects.filter(key=request.address_key).values("contact") if request.address_key else []
    found = list(visible.filter(pk__in=shared)[:_SHOWN]) if request.address_key else []
    if request.reporter_name and keys(request.reporter_name):
        namesakes = visible.filter(name_key=name_key(request.reporter_name)).exclude(pk__in=[one.pk for one in found])
        found += [one for one in namesakes[:_SHOWN] if match(one.name, request.reporter_name).is_strong]
    return found[:_SHOWN]
