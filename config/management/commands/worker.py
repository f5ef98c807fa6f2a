import logging
import signal
import threading
import time

from celery import Task
from django.conf import settings
from django.core.management import BaseCommand
from django.db import close_old_connections

from config.celery import app
from core.logs import log_uncaught
from jobs.running import stopping

logger = logging.getLogger("payom.worker")

# What may take minutes runs beside the others: letters never wait for it.
BESIDE = frozenset({"jobs.tasks.work"})


class Command(BaseCommand):
    help = "Run the periodic tasks in this process, with no broker: the same list that Celery beat runs."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run each task once and end")

    def handle(self, *, once: bool, **options):
        app.autodiscover_tasks(force=True)
        schedule = [(app.tasks[entry["task"]], entry["schedule"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()]
        if once:
            for task, _ in schedule:
                run(task)
            return
        log_uncaught(logger)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        loop_beside([entry for entry in schedule if entry[0].name in BESIDE], stopping)
        loop([entry for entry in schedule if entry[0].name not in BESIDE], stopping)


def loop_beside(schedule: list[tuple[Task, float]], stopped: threading.Event) -> threading.Thread:
    """The same in a thread of its own, which the process waits for at its end."""
    thread = threading.Thread(target=loop, args=(schedule, stopped), name="jobs")
    thread.start()
    return thread


def loop(schedule: list[tuple[Task, float]], stopped: threading.Event) -> None:
    """Run each task every so many seconds, one after another, until told to stop; a stop waits for the task at work."""
    due = [time.monotonic()] * len(schedule)
    while schedule and not stopped.is_set():
        for number, (task, seconds) in enumerate(schedule):
            if due[number] <= (begun := time.monotonic()) and not stopped.is_set():
                run(task)
                # From its beginning: what fills its time is due again after the others, and no mailing waits.
                due[number] = begun + seconds
        stopped.wait(max(0, min(due) - time.monotonic()))


def run(task: Task) -> None:
    """Run one task; its failure is logged and ends only this round."""
    close_old_connections()
    try:
        task.run()
    except Exception as failure:
        logger.error("Task %s failed: %s", task.name, type(failure).__name__, exc_info=True)
    finally:
        close_old_connections()
