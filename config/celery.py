"""The Celery application. With no broker configured nothing connects to one: `manage.py worker` runs the same tasks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("payom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
