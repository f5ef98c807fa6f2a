"""Mark organisations that a court has banned, and say whom a member of the coalition speaks for."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log

from ..models import Organisation, Representation


@transaction.atomic
def restrict(name: str, *, on: date, note: str, by: User) -> Organisation:
    """Hide the people of an organisation from ordinary roles and leave them out of mailings."""
    organisation = Organisation.objects.named(name)
    organisation.restricted_on, organisation.restricted_note = on, note
    organisation.save()
    log("crm.organisation.restricted", organisation, by=by, on=on.isoformat())
    return organisation


@transaction.atomic
def lift_restriction(organisation: Organisation, *, by: User) -> None:
    """The ban is over, or was entered by mistake: its people are seen and written to like all others."""
    organisation.restricted_on, organisation.restricted_note = None, ""
    organisation.save()
    log("crm.organisation.restriction_lifted", organisation, by=by)


@transaction.atomic
def represent(user: User, organisation: Organisation | None, *, by: User) -> Representation | None:
    """Say which organisation a member represents; None: none any more. Raises ValidationError in another role."""
    if organisation and not user.may(Right.OWN_ORGANISATION):
        raise ValidationError(_("Only a member representative represents an organisation: change the role first."))
    if organisation is None:
        Representation.objects.filter(user=user).delete()
        log("crm.representation.ended", user, by=by)
        return None
    entry, _made = Representation.objects.update_or_create(user=user, defaults={"organisation": organisation})
    log("crm.representation.set", user, by=by, organisation=organisation.name)
    return entry
