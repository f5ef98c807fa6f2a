"""Hand the rows of one card over to another one. Where both have the same, one row stays and gains what it lacked."""

from collections.abc import Mapping

from django.db import models
from django.db.models import Max, Q

from crm.models import Contact, Distinct, EmailAddress, FormerSurname, PersonName, Phone, Position

from .fields import DROP
from .record import references, uniques

# What the row that stays takes over from the one that goes, where it has nothing itself.
_FILLED: dict[type[models.Model], tuple[str, ...]] = {
    PersonName: ("surname", "given_name", "patronymic", "address"),
    FormerSurname: ("until",),
    Position: ("title", "started_on", "post_id"),
    EmailAddress: ("position_id", "retired_on"),
    Phone: ("position_id", "retired_on"),
}


def choice_of(row: models.Model) -> str:
    """The name under which people choose between this row and its twin; "" where there is no choice."""
    if isinstance(row, PersonName):
        return f"name-{row.language}"
    return f"position-{row.organisation_id}" if isinstance(row, Position) else ""


def move(drop: Contact, keep: Contact, choices: Mapping[str, str]) -> None:
    """Everything of any room that names `drop` names `keep`, or is gone."""
    _queue_ways(drop, keep)
    # Positions first: the ways that belong to one follow it to its twin.
    for model in sorted(references(), key=lambda model: model is not Position):
        columns = references()[model]
        if uniques(model) or model is Distinct:
            for row in _of(model, columns, drop):
                _move_one(row, columns, drop, keep, choices)
            continue
        for column in columns:
            model._base_manager.filter(**{column: drop.pk}).update(**{column: keep.pk})


def twin_of(row: models.Model, contact: Contact) -> models.Model | None:
    """The row that stands in the way of this one at another card, if there is one."""
    columns = references()[type(row)]
    named = {column: contact.pk for column in columns if getattr(row, column)}
    return _twin(row, named)


def _of(model: type[models.Model], columns: list[str], contact: Contact) -> list[models.Model]:
    named = Q()
    for column in columns:
        named |= Q(**{column: contact.pk})
    return list(model._base_manager.filter(named).order_by("pk"))


def _queue_ways(drop: Contact, keep: Contact) -> None:
    """The addresses of the card that stays come first, as before."""
    for model in (EmailAddress, Phone):
        last = model.objects.filter(contact=keep).aggregate(last=Max("rank"))["last"]
        if last is not None:
            model.objects.filter(contact=drop).update(rank=models.F("rank") + last + 1)


def _move_one(row, columns: list[str], drop: Contact, keep: Contact, choices: Mapping[str, str]) -> None:
    named = {column: keep.pk for column in columns if getattr(row, column) == drop.pk}
    if isinstance(row, Distinct):
        pair = sorted({named.get("first_id", row.first_id), named.get("second_id", row.second_id)})
        if len(pair) == 1:
            row.delete()
            return
        named = dict(zip(("first_id", "second_id"), pair, strict=True))
    if isinstance(row, Position) and named.get("post_id", row.post_id) == named.get("contact_id", row.contact_id):
        # Nobody holds the post that they are.
        named["post_id"] = None
    if twin := _twin(row, named):
        _absorb(twin, row, prefer=choices.get(choice_of(row)) == DROP)
    else:
        type(row)._base_manager.filter(pk=row.pk).update(**named)


def _twin(row: models.Model, named: Mapping[str, int], target: type[models.Model] = Contact) -> models.Model | None:
    """Another row that has what this one would have, of what may be there once for each row of `target`."""
    rows = type(row)._base_manager
    for columns, condition in uniques(type(row), target):
        if not rows.filter(condition, pk=row.pk).exists():
            continue
        names = [row._meta.get_field(column).attname for column in columns]
        same = {name: named.get(name, getattr(row, name)) for name in names}
        if None not in same.values() and (found := rows.filter(condition, **same).exclude(pk=row.pk).first()):
            return found
    return None


def _absorb(twin: models.Model, row: models.Model, *, prefer: bool) -> None:
    """Take over what is missing, or where people preferred the other row all that it says; what hung on it follows."""
    taken = {
        name: getattr(row, name)
        for name in _FILLED.get(type(row), ())
        if getattr(row, name) and (prefer or not getattr(twin, name))
    }
    if isinstance(row, Phone):
        taken["messengers"] = " ".join(dict.fromkeys([*twin.messengers.split(), *row.messengers.split()]))
    if isinstance(row, Position) and taken.get("post_id") == twin.contact_id:
        del taken["post_id"]
    if taken:
        type(twin)._base_manager.filter(pk=twin.pk).update(**taken)
    for model, columns in references(type(row)).items():
        for column in columns:
            hanging = model._base_manager.filter(**{column: row.pk})
            if not uniques(model, type(row)):
                hanging.update(**{column: twin.pk})
                continue
            for one in hanging.order_by("pk"):
                if (there := _twin(one, {column: twin.pk}, type(row))) is None:
                    hanging.filter(pk=one.pk).update(**{column: twin.pk})
                elif hasattr(there, "take_over"):
                    # The rest goes with its row.
                    there.take_over(one)
    row.delete()
