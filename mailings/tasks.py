from celery import shared_task

from .pipeline import send, trial


@shared_task
def send_due():
    # Somebody waits for a test and looks into the mailbox; it is a few letters at most.
    trial.send_waiting()
    send.send_due()
