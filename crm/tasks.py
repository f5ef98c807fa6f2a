from celery import shared_task

from .actions import import_undo, merging, retention


@shared_task
def forget_merges():
    merging.forget()


@shared_task
def forget_changes():
    retention.forget()
    import_undo.forget()
