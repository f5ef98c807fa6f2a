from celery import shared_task
from django.utils import timezone

from audit.models import WORKER

from .actions import import_undo, merging, retention, suppression


@shared_task
def forget_merges():
    merging.forget()


@shared_task
def forget_changes():
    retention.forget()
    import_undo.forget()


@shared_task
def end_holds():
    suppression.end_holds(timezone.localdate(), by=WORKER)
