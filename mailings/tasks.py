from celery import shared_task
from django.utils import timezone

from . import actions
from .pipeline import ledger, probes, send, tallying, trial, visits


@shared_task
def send_due():
    # Somebody waits for a test and looks into the mailbox; it is a few letters at most.
    trial.send_waiting()
    send.send_due()


@shared_task
def start_scheduled():
    actions.start_scheduled(at=timezone.now())


@shared_task
def look():
    probes.look()


@shared_task
def load_visits():
    visits.load()


@shared_task
def tally():
    tallying.count_recent()


@shared_task
def record_evidence():
    ledger.record()


@shared_task
def forget_visits():
    visits.forget()
