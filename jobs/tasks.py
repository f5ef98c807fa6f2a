from celery import shared_task
from celery.signals import worker_shutting_down

from . import actions, running


@shared_task
def work():
    running.work()


@shared_task
def forget():
    actions.forget()


@worker_shutting_down.connect
def shut_down(**_options):
    """A job at work goes back into the queue after its chunk, instead of holding up the end of the worker."""
    running.stopping.set()
