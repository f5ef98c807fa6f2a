"""Who may do what: one table. Everything that asks about a right asks here; the page of roles shows it as it stands.

Rights are codes, so that this room, which lies under the others, need not know them.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Right(TextChoices):
    """Something a person may do, in plain words."""

    DESK = "desk.view", _("Open the desk, change one's own settings")
    CONTACTS_VIEW = "contacts.view", _("See open contacts")
    CONTACTS_INTERNAL = "contacts.view_internal", _("See internal contacts, and that a sealed one exists")
    CONTACTS_SEALED = "contacts.view_sealed", _("See how to reach a sealed contact; each look is written down")
    CONTACTS_RESTRICTED = "contacts.view_restricted", _("See people of organisations banned by a court")
    CONTACTS_EDIT = "contacts.edit", _("Add and change contacts")
    CONTACTS_IMPORT = "contacts.import", _("Import lists")
    CONTACTS_LIFT = "contacts.lift", _("Lift a person's stop rule, take an address off the stop list")
    CONTACTS_ERASE = "contacts.erase", _("Erase a person for good")
    CONTACTS_EXPORT = "contacts.export", _("Take contacts out as a file")
    MAILINGS_VIEW = "mailings.view", _("Read mailings and their reports")
    MAILINGS_WRITE = "mailings.write", _("Write mailings and choose who gets them")
    MAILINGS_SEND = "mailings.send", _("Send, pause and stop approved mailings")
    MAILINGS_APPROVE = "mailings.approve", _("Approve what others wrote")
    REQUESTS_VIEW = "requests.view", _("Read press requests and interviews")
    REQUESTS_WORK = "requests.work", _("Answer press requests, arrange interviews, keep the register of letters")
    HISTORY = "audit.history", _("See the history of a record")
    AUDIT = "audit.view", _("Read the journal: sign-ins, exports, looks at sealed contacts")
    ACCOUNTS = "accounts.manage", _("Invite people, give roles, close accounts")
    LOCK_DOWN = "accounts.lock_down", _("Lock everything down at once")
    OWN_ORGANISATION = "organisation.own", _("See the people, events and requests of one's own organisation")
    DOOR = "events.check_in", _("Mark arrivals at the door of one event")
    EVENTS_VIEW = "events.view", _("See events and who is invited to them")
    EVENTS_EDIT = "events.edit", _("Prepare events, invite, note answers")


class Role(TextChoices):
    HEAD = "head", _("Head")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")
    MEMBER = "member", _("Member representative")
    VIEWER = "viewer", _("Viewer")
    DOOR = "door", _("Door")


SUMMARIES = {
    Role.HEAD: _("Approves and sees everything."),
    Role.EDITOR: _("Writes, prepares, imports."),
    Role.ADMINISTRATOR: _("Looks after accounts and settings; need not see contacts or letters."),
    Role.MEMBER: _("Represents one organisation of the coalition and sees what belongs to it, never the whole list."),
    Role.VIEWER: _("Reads, changes nothing."),
    Role.DOOR: _("Only the check-in page of one event, until it is over."),
}

TABLE: dict[str, frozenset[str]] = {
    Role.HEAD: frozenset(
        {
            Right.DESK,
            Right.CONTACTS_VIEW,
            Right.CONTACTS_INTERNAL,
            Right.CONTACTS_SEALED,
            Right.CONTACTS_RESTRICTED,
            Right.CONTACTS_EDIT,
            Right.CONTACTS_IMPORT,
            Right.CONTACTS_LIFT,
            Right.CONTACTS_ERASE,
            Right.MAILINGS_VIEW,
            Right.MAILINGS_WRITE,
            Right.MAILINGS_SEND,
            Right.MAILINGS_APPROVE,
            Right.EVENTS_VIEW,
            Right.EVENTS_EDIT,
            Right.REQUESTS_VIEW,
            Right.REQUESTS_WORK,
            Right.HISTORY,
            Right.AUDIT,
            Right.LOCK_DOWN,
        }
    ),
    Role.EDITOR: frozenset(
        {
            Right.DESK,
            Right.CONTACTS_VIEW,
            Right.CONTACTS_INTERNAL,
            Right.CONTACTS_EDIT,
            Right.CONTACTS_IMPORT,
            Right.MAILINGS_VIEW,
            Right.MAILINGS_WRITE,
            Right.MAILINGS_SEND,
            Right.EVENTS_VIEW,
            Right.EVENTS_EDIT,
            Right.REQUESTS_VIEW,
            Right.REQUESTS_WORK,
            Right.HISTORY,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Right.DESK, Right.AUDIT, Right.ACCOUNTS}),
    Role.MEMBER: frozenset({Right.DESK, Right.OWN_ORGANISATION}),
    Role.VIEWER: frozenset(
        {Right.DESK, Right.CONTACTS_VIEW, Right.MAILINGS_VIEW, Right.EVENTS_VIEW, Right.REQUESTS_VIEW}
    ),
    Role.DOOR: frozenset({Right.DESK, Right.DOOR}),
}
# Rights given to a person by name, beside the role.
ADMINISTERS = TABLE[Role.ADMINISTRATOR]
EXPORTS = frozenset({Right.CONTACTS_EXPORT})
# An export shows what its maker sees anyway: without that there is nothing to take out.
MAY_EXPORT = frozenset({Role.HEAD, Role.EDITOR})
# A role that must end by itself.
TEMPORARY = frozenset({Role.DOOR})


def rights_of(role: str, *, also_administers: bool = False, may_export: bool = False) -> frozenset[str]:
    """All rights of a person with this role and these additions."""
    rights = TABLE[role]
    if also_administers:
        rights |= ADMINISTERS
    if may_export and role in MAY_EXPORT:
        rights |= EXPORTS
    return rights


def holders(right: str) -> list[Role]:
    """The roles that bring a right, for "who could do this?"."""
    return [role for role in Role if right in TABLE[role]]
