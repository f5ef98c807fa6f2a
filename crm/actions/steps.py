"""Write down what a verb changes, row by row, and take it back exactly."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log

from ..models import Contact, EmailAddress, Organisation, Position, Step
from ..states import Sensitivity
from .own_word import keep_wishes
from .sealing import keep_rows, remove_traces

UNDO_FOR = timedelta(days=30)


class CannotTakeBack(Exception):
    """Somebody has changed since what this step changed. The message is for the person who asked."""


class Recorder:
    """Changes rows and remembers how they were, in order. What it is not told of is not taken back."""

    def __init__(self):
        self.events: list[list] = []

    def change(self, row: models.Model, **values: object) -> None:
        """Give a row other values, and save these alone."""
        fields = [row._meta.get_field(name) for name in values]
        before = {field.attname: getattr(row, field.attname) for field in fields}
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        after = {field.attname: getattr(row, field.attname) for field in fields}
        self.events.append(["changed", row._meta.label, row.pk, before, after])

    def make(self, row: models.Model) -> None:
        row.save(force_insert=True)
        self.events.append(["made", row._meta.label, row.pk])

    def delete(self, row: models.Model) -> None:
        """Delete a row that nothing hangs on any more."""
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        self.events.append(["deleted", row._meta.label, row.pk, values])
        row.delete()

    def step(self, action: str, subject: Contact | Organisation, *, by: User) -> Step:
        about = {"contact": subject} if isinstance(subject, Contact) else {"organisation": subject}
        return Step.objects.create(action=action, record={"events": self.events}, by=by, **about)


@transaction.atomic
def take_back(step: Step, *, by: User) -> Contact | Organisation:
    """Everything as it was before the step. Raises CannotTakeBack where that would undo what came later, too."""
    step = Step.objects.select_for_update().get(pk=step.pk)
    if timezone.now() - step.at > UNDO_FOR:
        raise CannotTakeBack(_("The time to take this back has run out."))
    if step.taken_back_at:
        raise CannotTakeBack(_("This has been taken back already."))
    people = _people_of(step)
    _refuse_sealed(step, people, by)
    had = _addresses_of(people)
    try:
        for what, label, pk, *values in reversed(step.record["events"]):
            _REVERSE[what](apps.get_model(label), pk, *values)
    except IntegrityError as error:
        raise CannotTakeBack(_("It cannot be taken back: somebody has changed the same since.")) from error
    _settle_ways(people, had, by)
    step.taken_back_at = timezone.now()
    step.save(update_fields=["taken_back_at"])
    touched(people)
    subject = step.contact or step.organisation
    log("crm.step.taken_back", subject, by=by, step=step.action)
    return subject


def _refuse_sealed(step: Step, people: set[int], by: User) -> None:
    """A step of a person's card may be about a second one, which is sealed by now."""
    is_sealed = Contact.objects.filter(pk__in=people, sensitivity=Sensitivity.SEALED).exists
    if step.contact_id and not by.may(Right.CONTACTS_SEALED) and is_sealed():
        raise CannotTakeBack(_("It cannot be taken back by you: it would change a sealed contact. Ask the head."))


def _addresses_of(people: Iterable[int]) -> set[tuple[int, str]]:
    return set(EmailAddress.objects.filter(contact__in=people).order_by().values_list("contact", "key"))


def _settle_ways(people: set[int], had: set[tuple[int, str]], by: User) -> None:
    """Whose addresses came or went: kept as the card is kept by now, and what was asked for there stays asked for."""
    has = _addresses_of(people)
    contacts = Contact.objects.in_bulk({pk for pk, _key in had ^ has})
    for contact in contacts.values():
        keep_wishes(contact, {key for pk, key in had - has if pk == contact.pk}, by=by)
        keep_rows(contact)
        if contact.is_sealed:
            remove_traces(contact)


def touched(people: Iterable[int]) -> None:
    """The work or the addresses of these people changed: search reads them anew, and an open form is told."""
    contacts = Contact.objects.filter(pk__in=list(people))
    contacts.reindex()
    contacts.count_save()


def _restore(model: type[models.Model], pk: int, before: dict, after: dict) -> None:
    as_left = {name: model._meta.get_field(name).to_python(value) for name, value in after.items()}
    found = model.objects.select_for_update().filter(pk=pk).values(*as_left).first()
    if found != as_left:
        raise CannotTakeBack(_("It cannot be taken back: somebody has changed the same since."))
    model.objects.filter(pk=pk).update(**before)


def _unmake(model: type[models.Model], pk: int) -> None:
    """Delete what the step made, unless it is gone already or somebody has hung something on it since."""
    row = model.objects.filter(pk=pk).first()
    if row is None:
        return
    for relation in model._meta.related_objects:
        if relation.related_model.objects.filter(**{relation.field.name: row}).exists():
            raise CannotTakeBack(_("It cannot be taken back: something new hangs on it by now."))
    row.delete()


def _bring_back(model: type[models.Model], pk: int, values: dict) -> None:
    model(**values).save(force_insert=True)


_REVERSE = {"changed": _restore, "made": _unmake, "deleted": _bring_back}


def _people_of(step: Step) -> set[int]:
    """Whose position or address the step touched, as it left them and as they were."""
    found = {step.contact_id} if step.contact_id else set()
    keys: dict[str, set[int]] = defaultdict(set)
    for _what, label, pk, *values in step.record["events"]:
        keys[label].add(pk)
        if values and values[0].get("contact_id"):
            found.add(values[0]["contact_id"])
    found |= keys.pop("crm.Contact", set())
    at = Position.objects.filter(organisation__in=keys.pop("crm.Organisation", set()))
    found |= set(at.values_list("contact", flat=True))
    for label, rows in keys.items():
        model = apps.get_model(label)
        if any(field.name == "contact" for field in model._meta.fields):
            found |= set(model.objects.filter(pk__in=rows).values_list("contact", flat=True))
    return found
