"""Put an address on the stop list, or take it off."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log, log_each
from audit.models import Entry
from core.sealing import blind

from ..models import EmailAddress, Suppression


class WhyLifted(TextChoices):
    """Why staff take an address off the list: words the journal may keep."""

    WORKS = "works", _("The mailbox works again")
    MISTAKE = "mistake", _("Put there by mistake")
    ASKED = "asked", _("The person asked for letters")


@transaction.atomic
def suppress(
    address: str, reason: str, *, key: str = "", evidence: str = "", until_on: date | None = None, by: object
) -> Suppression:
    """Stop an address; of a sealed one the sender has only the blind `key`. A hold has a day on which it ends.

    The first reason stays, unless the second one outweighs it. What staff wrote down is kept with what the person says.
    """
    key = key or blind(address)
    shown = "" if EmailAddress.objects.filter(key=key).exclude(sealed="").exists() else address
    entry, is_news = Suppression.objects.select_for_update().get_or_create(
        key=key, defaults={"address": shown, "reason": reason, "evidence": evidence, "until_on": until_on}
    )
    before = None if is_news else entry.reason
    if not is_news and entry.is_outweighed_by(reason):
        if before == Suppression.Reason.MANUAL:
            evidence = "\n".join(filter(None, [entry.evidence, evidence]))
        entry.reason, entry.evidence, entry.at, entry.until_on = reason, evidence, timezone.now(), until_on
        entry.save()
        is_news = True
    if is_news:
        log("crm.address.suppressed", entry, by=by, changes={"reason": [before, reason]}, reason=reason)
    return entry


@transaction.atomic
def lift(address: str, reason: str, *, key: str = "", by: object) -> bool:
    """Take an address off the stop list if it is there for `reason`. Return whether it was.

    What staff had written down before the person said the same stands again.
    """
    entry = Suppression.objects.select_for_update().filter(key=key or blind(address), reason=reason).first()
    if entry is None:
        return False
    before = Suppression.Reason.MANUAL if _is_of_staff_too(entry) else None
    log("crm.address.lifted", entry, by=by, changes={"reason": [reason, before]}, reason=reason)
    if before:
        Suppression.objects.filter(pk=entry.pk).update(reason=before)
    else:
        entry.delete()
    return True


def _is_of_staff_too(entry: Suppression) -> bool:
    """Whether staff had put it there when its present reason came. Nothing but the journal remembers."""
    told = Entry.objects.filter(
        subject_type=entry._meta.label_lower, subject_id=entry.pk, action="crm.address.suppressed"
    )
    last = told.first()
    return last is not None and last.changes["reason"] == [Suppression.Reason.MANUAL, entry.reason]


@transaction.atomic
def end_holds(on: date, *, by: object) -> int:
    """Take off the list what was held until before this day. Return how many addresses."""
    over = list(Suppression.objects.select_for_update().filter(reason=Suppression.Reason.ON_HOLD, until_on__lt=on))
    log_each("crm.address.lifted", over, by=by, reason=Suppression.Reason.ON_HOLD)
    Suppression.objects.filter(pk__in=[entry.pk for entry in over]).delete()
    return len(over)


@transaction.atomic
def take_off(entry: Suppression, why: str, *, by: User) -> bool:
    """A manager takes an address off the stop list. Return whether it still was there for what they saw.

    Raises PermissionDenied, also for what the recipient said: that the recipient alone takes back.
    """
    if not by.may(Right.CONTACTS_LIFT) or not entry.is_liftable:
        raise PermissionDenied
    there = Suppression.objects.select_for_update().filter(pk=entry.pk, reason=entry.reason).first()
    if there is None:
        return False
    log("crm.address.lifted", there, by=by, changes={"reason": [there.reason, None]}, why=WhyLifted(why))
    there.delete()
    return True
