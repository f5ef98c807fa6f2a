"""Empty what taking a change back needs, once that cannot be done any more."""

from django.db import transaction
from django.utils import timezone

from audit.log import log
from audit.models import WORKER

from ..models import BulkChange, Step
from . import segments, steps


@transaction.atomic
def forget() -> int:
    """Of long ago changes it stays known what was done and by whom. Return of how many more is kept no longer."""
    now = timezone.now()
    changes = BulkChange.objects.filter(at__lt=now - segments.UNDO_DAYS).exclude(what={}, before={})
    done = Step.objects.filter(at__lt=now - steps.UNDO_FOR).exclude(record={})
    count = changes.update(what={}, before={}) + done.update(record={})
    if count:
        log("crm.undo.forgotten", by=WORKER, count=count)
    return count
