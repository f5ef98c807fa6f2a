"""Count what hangs on two cards, in every room, before it moves from one to the other."""

from dataclasses import dataclass

from django.db.models import Count

from crm.models import Contact, Distinct, ImportRow, Merge, PersonName, Unread

from .record import references

# Nobody asks about these.
_LEFT_OUT = {Distinct, ImportRow, Merge, PersonName, Unread}


@dataclass(frozen=True)
class Holding:
    """Rows of one table on the card that stays, and on the one that goes."""

    label: str
    keep: int
    drop: int


def holdings(keep: Contact, drop: Contact) -> list[Holding]:
    """What moves to the card that stays, table by table; tables where nothing moves are left out."""
    found = []
    for model, columns in references().items():
        if model in _LEFT_OUT:
            continue
        for column in columns:
            rows = model._base_manager.filter(**{f"{column}__in": [keep.pk, drop.pk]}).order_by()
            counts = dict(rows.values_list(column).annotate(Count("pk")))
            if moving := counts.get(drop.pk, 0):
                found.append(Holding(_label(model), counts.get(keep.pk, 0), moving))
    return found


def _label(model) -> str:
    """Topics and tags are called as the card calls them."""
    for field in Contact._meta.many_to_many:
        if field.remote_field.through is model:
            return str(field.verbose_name)
    return str(model._meta.verbose_name_plural)
