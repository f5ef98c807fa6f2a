"""Import a list from the shell, as the pages do it: `manage.py import_contacts LIST.xlsx --by EMAIL`."""

import json

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from crm.actions import imports
from crm.importing.plan import Plan
from crm.importing.remarks import TEXTS
from crm.models import Contact, ImportBatch, ImportRow

from ._imports import add_arguments, file_of, in_words, person_of

Outcome = ImportRow.Outcome


class Command(BaseCommand):
    help = (
        "Writes the people of a list. Created + updated + merged + refused is the number of rows: merged is a row of "
        "somebody who is in the list or here already, and to whom it adds nothing of its own."
    )

    def add_arguments(self, parser):
        add_arguments(parser)

    def handle(self, *args, **options):
        by, file = person_of(options["by"]), file_of(options["file"])
        try:
            plan = _planned(file, by) if options["dry_run"] else _written(file, by)
        except imports.UnreadableFile as error:
            raise CommandError(str(error)) from error
        told = report(plan)
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else in_words(told))


def _planned(file: ContentFile, by: User) -> Plan:
    return imports.plan_of(file.read(), ImportBatch(uploaded_by=by))


def _written(file: ContentFile, by: User) -> Plan:
    return imports.write_at_once(file, by=by, kind=Contact.Kind.JOURNALIST, basis=Contact.Basis.UNKNOWN)


def report(plan: Plan) -> dict[str, object]:
    counts = plan.tally
    return {
        "rows": len(plan.rows),
        "created": counts[Outcome.CREATED],
        "updated": counts[Outcome.CHANGED],
        "merged": counts[Outcome.MERGED] + counts[Outcome.UNCHANGED],
        "refused": [
            {
                "sheet": row.record.sheet,
                "row": row.record.number,
                "reason": str(TEXTS[row.record.refusal]),
            }
            for row in plan.rows
            if row.outcome == Outcome.REFUSED
        ],
        "proposals": [
            {name: value for name, value in one.stored().items() if name != "key"}
            for row in plan.rows
            for one, _take in row.proposals
        ],
    }
