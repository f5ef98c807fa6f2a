"""Take contacts out, as a file or on paper: within the limit of a day, with a reason, and written down."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Lockdown, User
from accounts.roles import Right
from audit.log import log

from ..models import Contact, Export, new_mark


class Refused(Exception):
    """Nothing left; the message is for the person who asked."""


def left_today(user: User) -> int:
    """How many contacts this person may still take out until midnight."""
    return max(0, settings.EXPORT_ROWS_PER_DAY - Export.objects.filter(by=user).of_today().contacts())


@transaction.atomic
def take_out(
    chosen: QuerySet[Contact],
    *,
    by: User,
    reason: str,
    rule: dict[str, str],
    format: str,
    write: Callable[[Export, Sequence[Contact]], bytes],
) -> tuple[Export, bytes]:
    """Let `write` make the file of the chosen contacts that may leave, and write it down. Raises Refused.

    Whoever breaks off in the middle leaves neither a file nor an entry.
    """
    # Two exports of one person at once wait for each other here, so that together they keep to the limit.
    by = User.objects.select_for_update().get(pk=by.pk)
    _check(by)
    left = left_today(by)
    contacts = list(chosen.visible_to(by).that_may_leave().for_list()[: left + 1])
    if not contacts:
        raise Refused(_("There is nobody to take out. Change the filter of the list."))
    if len(contacts) > left:
        raise Refused(over_the_limit(left))
    export = Export.objects.create(by=by, reason=reason, rule=rule, format=format, rows=len(contacts), mark=new_mark())
    log(
        "crm.contacts.printed" if format not in Export.FILES else "crm.contacts.exported", export, by=by,
        rows=export.rows, reason=reason, filter=rule["words"], format=format, mark=export.mark,
    )  # fmt: skip
    return export, write(export, contacts)


@transaction.atomic
def hand_over(contact: Contact, *, by: User, notes: bool, write: Callable[[Contact], bytes]) -> bytes:
    """Let `write` make the file of everything known about one person, for that person, and write it down.

    Of a sealed contact it opens everything there is: for that one more right is needed. Raises Refused.
    """
    _check(by)
    if contact.is_sealed:
        if not by.may(Right.CONTACTS_SEALED):
            raise PermissionDenied
        log("crm.contact.revealed", contact, by=by)
    log("crm.person.exported", contact, by=by, notes=notes)
    return write(contact)


def _check(by: User) -> None:
    if not by.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    if Lockdown.objects.on().exclude(key_holder=by).exists():
        raise Refused(_("Everything is locked down: only the key holder can take contacts out until it is lifted."))


def over_the_limit(left: int) -> str:
    """What stands in the way, and what to do."""
    if not left:
        return _("You have taken out as many contacts as one day allows. Come back tomorrow.")
    return ngettext(
        "You may take out %(left)s more contact today. Narrow the filter, or come back tomorrow.",
        "You may take out %(left)s more contacts today. Narrow the filter, or come back tomorrow.",
        left,
    ) % {"left": left}
