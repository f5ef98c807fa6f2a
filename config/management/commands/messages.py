import importlib

from django.core.management import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    help = "The catalogues in locale/: gather the strings, check the translations, compile. Needs no gettext."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("verb", choices=["update", "check", "compile"])

    def handle(self, *, verb: str, **options):
        {"update": self.gather, "check": self.examine, "compile": self.compile}[verb]()

    def gather(self):
        found = all_strings()
        for language in catalogues.LANGUAGES:
            catalogue = catalogues.update(language, found)
            catalogues.save(language, catalogue)
            missing = len(catalogue.untranslated_entries())
            self.stdout.write(f"{language}: {len(catalogue)} strings, {missing} to translate")

    def examine(self):
        found = all_strings()
        lines = [line for language in catalogues.LANGUAGES for line in catalogues.problems(language, found)]
        if lines:
            raise CommandError("\n".join(lines))

    def compile(self):
        for language in catalogues.LANGUAGES:
            catalogues.compile_if_changed(language)


def all_strings() -> list:
    # Babel, which it needs, is there for developing only; `compile` must do without.
    return list(importlib.import_module("config.strings").find_all())
