from celery import shared_task
from django.conf import settings
from django.utils import timezone

from . import actions
from .actions import incoming, provider_events
from .pipeline import confirming, doctor, ledger, probes, send, tallying, trial, tryout, visits


@shared_task
def send_due():
    # Somebody waits for a test and looks into the mailbox; it is a few letters at most.
    trial.send_waiting()
    confirming.send_waiting()
    tryout.try_accounts()
    send.send_due()


@shared_task
def start_scheduled():
    actions.start_scheduled(at=timezone.now())


@shared_task
def look():
    probes.look()
    doctor.look()


@shared_task
def read_mailbox():
    if settings.MAILBOX_HOST:
        incoming.read_mailbox()


@shared_task
def forget_incoming():
    incoming.forget_incoming(timezone.now() - settings.INCOMING_KEPT)
    provider_events.forget_events()


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
