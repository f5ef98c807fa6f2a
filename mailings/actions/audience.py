"""To whom a mailing goes: its rule, and people added by hand."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Right
from audit.changes import difference
from audit.log import log
from crm.criteria import includes_restricted
from crm.models import Contact
from crm.models.wording import for_journal

from ..models import Mailing
from ..models.rules import OUTCOME, PICK, of_crm
from ..models.wording import for_journal as ours_for_journal
from ..states import WrongState
from .approval import refuse_second_way, reopen


@transaction.atomic
def set_audience(mailing: Mailing, rule: Mapping[str, list[str]], *, by) -> None:
    """Say who gets a mailing; who was added by hand stays. Raises WrongState where `by` may not include people of
    restricted organisations, and for a correction, which goes to those who got the first letter.
    """
    if includes_restricted(of_crm(rule)) and not by.may(Right.CONTACTS_RESTRICTED):
        raise WrongState(_("People of restricted organisations can be included only by who may see them."))
    mailing.hold()
    picked = {} if PICK in rule else {PICK: mailing.audience.get(PICK, [])}
    _set_rule(mailing, {**picked, **rule}, by=by)


@transaction.atomic
def pick(mailing: Mailing, contact: Contact, *, by) -> None:
    """Add one person by hand."""
    mailing.hold()
    picked = {*mailing.audience.get(PICK, []), str(contact.pk)}
    _set_rule(mailing, {**mailing.audience, PICK: list(picked)}, by=by)


@transaction.atomic
def unpick(mailing: Mailing, contact: Contact, *, by) -> None:
    """Take somebody off who was added by hand. The last one stays where without them the letter would go to all."""
    mailing.hold()
    left = {*mailing.audience.get(PICK, [])} - {str(contact.pk)}
    rule = {**mailing.audience, PICK: list(left)}
    if not any(rule.values()):
        raise WrongState(_("Without this person the letter would go to all contacts. Choose somebody else first."))
    _set_rule(mailing, rule, by=by)


def _set_rule(mailing: Mailing, rule: Mapping[str, list[str]], *, by) -> None:
    if mailing.corrects_id:
        raise WrongState(_("A correction goes to exactly those who got the letter it corrects."))
    refuse_second_way(mailing)
    reopen(mailing, by=by)
    before = _said(mailing)
    mailing.audience = {name: sorted(values) for name, values in rule.items() if values}
    mailing.save(update_fields=["audience"])
    log("mailings.audience.set", mailing, by=by, changes=difference(before, _said(mailing)))


def _said(mailing: Mailing) -> dict[str, list[str]]:
    return {**for_journal(of_crm(mailing.audience)), **ours_for_journal(mailing.audience)}


def only(mailing: Mailing, outcome: str) -> dict[str, list[str]]:
    """The rule of those whose letter of `mailing` came to this outcome."""
    return {OUTCOME: [f"{mailing.pk}:{outcome}"]}
