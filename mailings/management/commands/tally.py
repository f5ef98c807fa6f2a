from django.core.management import BaseCommand, CommandError

from ...models import Mailing
from ...pipeline import tallying


class Command(BaseCommand):
    help = (
        "Rebuild the counts that reports across mailings read; with --check only say where they differ from the rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options):
        mailings = Mailing.objects.filter(frozen_count__isnull=False).order_by("pk")
        wrong = [mailing.pk for mailing in mailings if tallying.differences(mailing)]
        if check and wrong:
            raise CommandError(
                f"Counts differ from the rows in mailings {', '.join(map(str, wrong))}: run without --check."
            )
        for mailing in mailings.filter(pk__in=wrong):
            tallying.count(mailing)
        self.stdout.write(
            f"{len(wrong)} of {mailings.count()} mailings counted anew." if wrong else "All counts are right."
        )
