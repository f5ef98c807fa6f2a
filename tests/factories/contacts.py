"""People of every kind of care, brought there by the product's own actions, and staff of every role."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from core.text import fold
from crm.actions.contacts import save_contact
from crm.actions.organisations import represent, restrict
from crm.models import Contact, Organisation
from tests.factories.mailings import person

HEAD = "head@contacts.test"
# What save_contact takes beside the contact, where it is given.
HANGING = {"names", "former_surnames", "topics", "tags", "unread", "photo"}
CHAIKHONA, NAVID, BANNED = "Чойхона", "Навид", "Запрещённая"


def make_contact(
    name: str, *, sensitivity: str = "open", organisation: str = "", emails=(), phones=(), note: str = "", **fields
) -> Contact:
    ways = {"emails": list(emails), "phones": list(phones), "organisation": organisation, "title": "", "note": note}
    contact = Contact(name=name, sensitivity=sensitivity, **fields)
    return save_contact(contact, ways=ways, by=person(HEAD))


def change(contact: Contact, *, by: User | None = None, **changed) -> Contact:
    """Save a contact anew as the form does: everything as it is but for what is given."""
    contact = Contact.objects.get(pk=contact.pk)
    position = contact.positions.first()
    ways = {
        "emails": [email.reveal() for email in contact.emails.all()],
        "phones": [phone.reveal() for phone in contact.phones.all()],
        "organisation": position.organisation.name if position else "",
        "title": position.title if position else "",
        "note": contact.reveal()["note"],
    }
    ways |= {name: changed.pop(name) for name in HANGING & changed.keys()}
    for field in changed.keys() - ways.keys():
        setattr(contact, field, changed[field])
    ways |= {name: changed[name] for name in ways.keys() & changed.keys()}
    return save_contact(contact, ways=ways, by=by or person(HEAD))


def make_staff(role: str, **fields) -> User:
    """A member of staff; a member represents the organisation Навид."""
    until = timezone.now() + timedelta(days=1) if role == Role.DOOR else None
    user = User.objects.create_user(
        f"staff-{role}@payom.test", "x", name=str(role), role=role, expires_at=until, **fields
    )
    if role == Role.MEMBER:
        represent(user, Organisation.objects.named(NAVID), by=person(HEAD))
    return user


def make_everybody() -> None:
    """One contact of each care at each of three organisations, the last of them banned: "sealed Навид"."""
    for organisation in (CHAIKHONA, NAVID, BANNED):
        for level in ("open", "internal", "sealed"):
            address = f"{level}@{fold(organisation)}.test"
            make_contact(f"{level} {organisation}", sensitivity=level, organisation=organisation, emails=[address])
    restrict(BANNED, on=date(2026, 1, 15), note="суд", by=person(HEAD))
