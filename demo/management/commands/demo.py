from django.core.management.base import BaseCommand, CommandError

from demo.load import NotTheDemo, empty, is_empty, load


class Command(BaseCommand):
    help = "load: fill an empty database with the demo. reset: empty it first; everything in it is lost."

    def add_arguments(self, parser):
        parser.add_argument("step", choices=["load", "reset"])

    def handle(self, *, step, **options):
        if step == "reset":
            self._empty()
        if not is_empty():
            return
        made = load()
        self.stdout.write(f"Demo: {made['rows']} rows imported, {made['letters']} letters sent to the mail catcher.")

    def _empty(self):
        try:
            empty()
        except NotTheDemo as refusal:
            raise CommandError("There are accounts beside the demo's: nothing was deleted.") from refusal
