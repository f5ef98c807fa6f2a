from celery import shared_task

from .pipeline import send


@shared_task
def send_due():
    send.send_due()
