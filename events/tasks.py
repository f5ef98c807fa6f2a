from celery import shared_task
from django.utils import timezone

from .actions import registry, requests_clock
from .actions.after import freeze_forgotten, purge_names
from .actions.asking import forget_particulars
from .actions.joining import forget_applicants
from .actions.waiting import give_places
from .pipeline import desk_letters
from .pipeline.letters import send_waiting


@shared_task
def offer_places():
    give_places(timezone.now())


@shared_task
def send_letters():
    send_waiting()


@shared_task
def forget_names():
    freeze_forgotten(timezone.localdate())
    purge_names(timezone.localdate())
    forget_particulars(timezone.localdate())
    forget_applicants(timezone.localdate())


@shared_task
def send_answers():
    desk_letters.send_waiting()


@shared_task
def watch_deadlines():
    requests_clock.look()
    requests_clock.ask_for_results()
    registry.remind_of_terms()
