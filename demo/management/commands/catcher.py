import signal
from threading import Event

from django.core.management.base import BaseCommand

from demo.catcher import listen


class Command(BaseCommand):
    help = "Keep every letter sent to 127.0.0.1:PORT in a folder; deliver none."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8025)

    def handle(self, *, port, **options):
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        catcher = listen(port)
        try:
            stop.wait()
        finally:
            catcher.stop()
