from django.core.management.base import BaseCommand

from audit.retention import forget


class Command(BaseCommand):
    help = "Delete the entries of the journal that are past their day. The worker does it daily."

    def handle(self, **options):
        self.stdout.write(f"Past their day and deleted: {forget()}.")
