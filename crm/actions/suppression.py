"""Put an address on the stop list, or take it off."""

from django.db import transaction

from audit.log import log
from core import addresses

from ..models import Suppression


@transaction.atomic
def suppress(address: str, reason: str, *, evidence: str = "", by: object) -> Suppression:
    """Stop an address. The first reason stays: a second one neither weakens nor hides it."""
    entry, created = Suppression.objects.get_or_create(
        key=addresses.key(address), defaults={"reason": reason, "evidence": evidence}
    )
    if created:
        log("crm.address.suppressed", entry, by=by, reason=reason)
    return entry


@transaction.atomic
def lift(address: str, reason: str, *, by: object) -> bool:
    """Take an address off the stop list if it is there for `reason`. Return whether it was."""
    entry = Suppression.objects.filter(key=addresses.key(address), reason=reason).first()
    if entry is None:
        return False
    log("crm.address.lifted", entry, by=by, reason=reason)
    entry.delete()
    return True
