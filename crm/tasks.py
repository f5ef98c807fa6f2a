from celery import shared_task

from .actions import merging


@shared_task
def forget_merges():
    merging.forget()
