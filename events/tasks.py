from celery import shared_task
from django.utils import timezone

from .actions.waiting import give_places


@shared_task
def offer_places():
    give_places(timezone.now())
