from celery import shared_task

from . import letters
from .sessions import SessionStore


@shared_task
def send_letters():
    letters.send_due()


@shared_task
def forget_sessions():
    SessionStore.clear_expired()
