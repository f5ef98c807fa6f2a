"""What an action is called on the screen. Every action that the code logs stands here; a test compares."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import RECIPIENT, SENDER, WORKER

SENTENCES: dict[str, str | Promise] = {
    "accounts.link.sent": _("Sign-in link sent"),
    "accounts.link.shown": _("Sign-in link shown to an administrator"),
    "accounts.lockdown.lifted": _("Lock down lifted"),
    "accounts.locked_down": _("Everything locked down"),
    "accounts.password.changed": _("Password changed"),
    "accounts.rules.changed": _("Rules of signing in changed"),
    "accounts.second_factor.added": _("Second factor added"),
    "accounts.second_factor.removed": _("Second factor removed"),
    "accounts.second_factor.renewed": _("Spare codes renewed"),
    "accounts.second_factor.reset": _("Second factor reset by an administrator"),
    "accounts.session.ended": _("Device signed out"),
    "accounts.session.ended_others": _("Signed out on all other devices"),
    "accounts.session.ended_all": _("Person signed out everywhere"),
    "accounts.settings.changed": _("Own settings changed"),
    "accounts.sign_in.code_failed": _("Wrong second factor"),
    "accounts.sign_in.failed": _("Wrong password or unknown account"),
    "accounts.signed_in": _("Signed in"),
    "accounts.signed_in.new_device": _("Signed in from a new device"),
    "accounts.signed_out": _("Signed out"),
    "accounts.user.changed": _("Account changed"),
    "accounts.user.closed": _("Account closed"),
    "accounts.user.invited": _("Person invited"),
    "accounts.user.opened": _("Account opened again"),
    "audit.entries.forgotten": _("Journal entries past their day deleted"),
    "crm.address.lifted": _("Address taken off the stop list"),
    "crm.address.suppressed": _("Address put on the stop list"),
    "crm.contact.added": _("Contact added"),
    "crm.contact.changed": _("Contact changed"),
    "crm.contact.revealed": _("Sealed contact looked at"),
    "crm.contact.sensitivity": _("Protection of a contact changed"),
    "crm.contacts.exported": _("Contacts taken out as a file"),
    "crm.import.committed": _("List imported"),
    "crm.import.discarded": _("Uploaded list deleted, nothing of it written"),
    "crm.import.received": _("List uploaded"),
    "crm.import.remapped": _("Columns of a list assigned"),
    "crm.contact.moved": _("Work of a contact changed"),
    "crm.organisation.added": _("Organisation added"),
    "crm.organisation.changed": _("Organisation changed"),
    "crm.organisation.closed": _("Organisation closed"),
    "crm.organisation.merged": _("Organisation merged into another"),
    "crm.organisation.renamed": _("Organisation renamed"),
    "crm.organisation.reopened": _("Organisation opened again"),
    "crm.position.added": _("Position added"),
    "crm.position.changed": _("Position changed"),
    "crm.position.deleted": _("Position deleted"),
    "crm.post.added": _("Post added"),
    "crm.post.held": _("Holder of a post set"),
    "crm.step.taken_back": _("Taken back what was done"),
    "crm.stop.added": _("Stop rule added"),
    "crm.stop.lifted": _("Stop rule lifted"),
    "crm.organisation.restricted": _("Organisation marked as banned by a court"),
    "crm.organisation.restriction_lifted": _("Mark of a banned organisation taken off"),
    "crm.representation.ended": _("Representing an organisation ended"),
    "crm.representation.set": _("Person made representative of an organisation"),
    "mailings.mailing.restored": _("A restored backup was noticed: its letters wait for a decision"),
    "mailings.mailing.decided": _("Decided on all letters of unknown outcome"),
    "mailings.audience.set": _("Audience chosen"),
    "mailings.delivery.decided": _("Letter of unknown outcome decided"),
    "mailings.mailing.approved": _("Mailing approved"),
    "mailings.mailing.cancelled": _("Mailing stopped for good"),
    "mailings.mailing.created": _("Mailing created"),
    "mailings.mailing.described": _("Kind or topics of a mailing changed"),
    "mailings.mailing.paused": _("Mailing paused"),
    "mailings.mailing.reopened": _("Mailing edited, approval taken back"),
    "mailings.mailing.resumed": _("Mailing resumed"),
    "mailings.mailing.returned": _("Mailing returned to draft"),
    "mailings.mailing.started": _("Mailing sent off"),
    "mailings.mailing.submitted": _("Approval asked for"),
    "mailings.version.saved": _("Text of a letter saved"),
}

# Who is no person with an account.
BY_WORDS: dict[str, str | Promise] = {
    RECIPIENT: _("The recipient"),
    SENDER: _("The sender of letters"),
    WORKER: _("The worker"),
    "stranger": _("Somebody not signed in"),
    "command line": _("The command line"),
}


def sentence(action: str) -> str:
    """The action in plain words; its code where a newer version of Payom wrote it."""
    return str(SENTENCES.get(action, action))


def author(by: str) -> str:
    return str(BY_WORDS.get(by, by))
