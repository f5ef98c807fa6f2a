from celery import shared_task
from django.utils import timezone

from . import actions
from .pipeline import probes, send, trial, tryout


@shared_task
def send_due():
    # Somebody waits for a test and looks into the mailbox; it is a few letters at most.
    trial.send_waiting()
    tryout.try_accounts()
    send.send_due()


@shared_task
def start_scheduled():
    actions.start_scheduled(at=timezone.now())


@shared_task
def look():
    probes.look()
