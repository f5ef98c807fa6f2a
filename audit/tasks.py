from celery import shared_task

from . import retention


@shared_task
def forget():
    retention.forget()
