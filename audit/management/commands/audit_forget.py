from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from audit.retention import forget


class Command(BaseCommand):
    help = "Delete the entries of the journal that are past their day. The worker does it daily."

    def handle(self, **options):
        count = forget()
        text = ngettext("%(count)s entry was past its day.", "%(count)s entries were past their day.", count)
        self.stdout.write(text % {"count": count})
