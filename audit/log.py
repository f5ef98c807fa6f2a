"""The one way entries get into the journal, one or many."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from django.db.models import Model
from django.utils import timezone

from core.text import fold

from . import origin
from .changes import masked, storable
from .kinds import KEPT, kind_of
from .models import WITHOUT_ORIGIN, Entry

_CHUNK = 500


def log(
    action: str,
    subject: Model | None = None,
    *,
    by: object,
    changes: Mapping[str, list] | None = None,
    **details: object,
) -> Entry:
    """Write that `by` did `action` ("crm.contact.added") to `subject`; `by` is a person or a word ("recipient")."""
    entry = _entry(action, subject, by, changes or {}, details)
    entry.save(force_insert=True)
    return entry


def log_each(action: str, subjects: Iterable[Model], *, by: object, **details: object) -> None:
    """The same of many subjects: an entry for each, in as few queries as that takes."""
    Entry.objects.bulk_create((_entry(action, one, by, {}, details) for one in subjects), batch_size=_CHUNK)


def _entry(
    action: str, subject: Model | None, by: object, changes: Mapping[str, list], details: Mapping[str, object]
) -> Entry:
    at, kind, label = timezone.now(), kind_of(action), masked(str(subject))[:200] if subject else ""
    return Entry(
        at=at,
        by=masked(str(by))[:254],
        by_id=by.pk if isinstance(by, Model) else None,
        action=action,
        kind=kind,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        subject_label=label,
        subject_key=fold(label)[:400],
        changes={name: [storable(before), storable(after)] for name, (before, after) in changes.items()},
        details=storable(details),
        origin="" if by in WITHOUT_ORIGIN else origin.current()[:200],
        keep_until=at.astimezone(UTC).date() + KEPT[kind],
    )
