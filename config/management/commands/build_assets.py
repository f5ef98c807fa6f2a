from django.core.management.base import BaseCommand

from config.env import ROOT
from core import assets


class Command(BaseCommand):
    help = "Make the fonts and icons in assets/ out of the installed packages. Does nothing when they are fresh."
    requires_system_checks = []

    def handle(self, **options):
        built = assets.build(ROOT / "assets")
        if options["verbosity"]:
            self.stdout.write("assets: built" if built else "assets: fresh")
