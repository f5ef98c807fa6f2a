"""The Celery application. With no broker configured nothing connects to one: `manage.py worker` runs the same tasks."""

import logging
import os

from celery import Celery
from celery.signals import setup_logging

from core.logs import log_uncaught

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("payom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_options):
    """Celery adds no handler of its own: it would write a failed task's exception and arguments."""
    log_uncaught(logging.getLogger("payom.celery"))
