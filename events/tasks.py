from celery import shared_task
from django.utils import timezone

from .actions.after import purge_names
from .actions.waiting import give_places
from .pipeline.letters import send_waiting


@shared_task
def offer_places():
    give_places(timezone.now())


@shared_task
def send_letters():
    send_waiting()


@shared_task
def forget_names():
    purge_names(timezone.localdate())
