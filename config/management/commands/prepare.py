from django.conf import settings
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Make what has to be there before the first request. Quick, and without effect, when it is there already."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--database", action="store_true", help="also bring the tables up to date, fill the demo")

    def handle(self, *, database: bool, **options):
        call_command("build_assets", verbosity=0)
        call_command("messages", "compile")
        if database:
            call_command("migrate", interactive=False, verbosity=0)
            if settings.DEMO:
                call_command("demo", "load")
