"""The one way an entry gets into the audit log."""

from django.db.models import Model

from .models import Entry


def log(action: str, subject: Model | None = None, *, by: object, **details: object) -> Entry:
    """Write that `by` did `action` ("crm.contact.added") to `subject`. Details hold counts and names, no address."""
    return Entry.objects.create(
        action=action,
        by=str(by),
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        details=details,
    )
