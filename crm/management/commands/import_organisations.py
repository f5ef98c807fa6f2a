"""Import a list of organisations from the shell, as the pages do it: `manage.py import_organisations LIST.xlsx`."""

import json

from django.core.management.base import BaseCommand, CommandError

from crm.actions import organisation_imports as imports
from crm.importing.remarks import restored
from crm.models import OrganisationRow

from ._imports import add_arguments, file_of, in_words, person_of

Outcome = OrganisationRow.Outcome


class Command(BaseCommand):
    help = "Writes the organisations of a list. Created + updated + unchanged + refused is the number of rows."

    def add_arguments(self, parser):
        add_arguments(parser)
        parser.add_argument(
            "--replace", action="store_true", help="where the list says otherwise, it is right; else it fills gaps only"
        )

    def handle(self, *args, **options):
        by, file = person_of(options["by"]), file_of(options["file"])
        try:
            if options["dry_run"]:
                rows = imports.plan_of(file.read(), replaces=options["replace"])
            else:
                rows = list(imports.write_at_once(file, by=by, replaces=options["replace"]).rows.all())
        except imports.UnreadableFile as error:
            raise CommandError(str(error)) from error
        told = report(rows)
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else in_words(told))


def report(rows: list[OrganisationRow]) -> dict[str, object]:
    outcomes = [row.outcome for row in rows]
    return {
        "rows": len(rows),
        "created": outcomes.count(Outcome.CREATED),
        "updated": outcomes.count(Outcome.CHANGED),
        "unchanged": outcomes.count(Outcome.UNCHANGED),
        "refused": [
            {"sheet": row.sheet, "row": row.number, "reason": restored(row.remarks)[0].text}
            for row in rows
            if row.outcome == Outcome.REFUSED
        ],
    }
