"""Put an address on the stop list, or take it off."""

from django.db import transaction
from django.utils import timezone

from audit.log import log
from core.sealing import blind

from ..models import EmailAddress, Suppression


@transaction.atomic
def suppress(address: str, reason: str, *, key: str = "", evidence: str = "", by: object) -> Suppression:
    """Stop an address; of a sealed one the sender has only the blind `key`.

    The first reason stays, unless it is a dead mailbox and the second one a person's wish.
    """
    key = key or blind(address)
    shown = "" if EmailAddress.objects.filter(key=key).exclude(sealed="").exists() else address
    entry, is_news = Suppression.objects.select_for_update().get_or_create(
        key=key, defaults={"address": shown, "reason": reason, "evidence": evidence}
    )
    before = None if is_news else entry.reason
    if not is_news and entry.is_outweighed_by(reason):
        entry.reason, entry.evidence, entry.at = reason, evidence, timezone.now()
        entry.save()
        is_news = True
    if is_news:
        log("crm.address.suppressed", entry, by=by, changes={"reason": [before, reason]}, reason=reason)
    return entry


@transaction.atomic
def lift(address: str, reason: str, *, key: str = "", by: object) -> bool:
    """Take an address off the stop list if it is there for `reason`. Return whether it was."""
    entry = Suppression.objects.filter(key=key or blind(address), reason=reason).first()
    if entry is None:
        return False
    log("crm.address.lifted", entry, by=by, changes={"reason": [reason, None]}, reason=reason)
    entry.delete()
    return True
