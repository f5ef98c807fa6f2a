"""The one way an entry gets into the journal."""

from collections.abc import Mapping
from datetime import UTC

from django.db.models import Model
from django.utils import timezone

from core.text import fold

from . import origin
from .changes import masked, storable
from .kinds import KEPT, kind_of
from .models import WITHOUT_ORIGIN, Entry


def log(
    action: str,
    subject: Model | None = None,
    *,
    by: object,
    changes: Mapping[str, list] | None = None,
    **details: object,
) -> Entry:
    """Write that `by` did `action` ("crm.contact.added") to `subject`; `by` is a person or a word ("recipient")."""
    at, kind, label = timezone.now(), kind_of(action), masked(str(subject))[:200] if subject else ""
    return Entry.objects.create(
        at=at,
        by=masked(str(by))[:254],
        by_id=by.pk if isinstance(by, Model) else None,
        action=action,
        kind=kind,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        subject_label=label,
        subject_key=fold(label)[:400],
        changes={name: [storable(before), storable(after)] for name, (before, after) in (changes or {}).items()},
        details=storable(details),
        origin="" if by in WITHOUT_ORIGIN else origin.current()[:200],
        keep_until=at.astimezone(UTC).date() + KEPT[kind],
    )
