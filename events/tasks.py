from celery import shared_task

from .actions import registry, requests_clock
from .pipeline import desk_letters


@shared_task
def send_answers():
    desk_letters.send_waiting()


@shared_task
def watch_deadlines():
    requests_clock.look()
    requests_clock.ask_for_results()
    registry.remind_of_terms()
