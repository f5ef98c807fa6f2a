"""Import a list from the shell, as the pages do it: `manage.py import_contacts LIST.xlsx --by EMAIL`."""

import json
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from crm.actions import imports
from crm.importing.plan import Plan
from crm.importing.remarks import TEXTS
from crm.models import Contact, ImportBatch, ImportRow

Outcome = ImportRow.Outcome


class Command(BaseCommand):
    help = (
        "Writes the people of a list. Created + updated + merged + refused is the number of rows: merged is a row of "
        "somebody who is in the list or here already, and to whom it adds nothing of its own."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="xlsx, xls, ods, csv, tsv or vCards")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--by", metavar="EMAIL", help="whose work it is; else the first account that may import")

    def handle(self, *args, **options):
        by = _person(options["by"])
        try:
            file = ContentFile(Path(options["file"]).read_bytes(), name=Path(options["file"]).name)
        except OSError as error:
            raise CommandError(_("The file %(name)s cannot be read.") % {"name": options["file"]}) from error
        try:
            plan = _planned(file, by) if options["dry_run"] else _written(file, by)
        except imports.UnreadableFile as error:
            raise CommandError(str(error)) from error
        told = report(plan)
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _in_words(told))


def _person(email: str | None) -> User:
    people = User.objects.filter(is_active=True).order_by("pk")
    found = people.filter(email__iexact=email) if email else people
    person = next((one for one in found if one.may(Right.CONTACTS_IMPORT)), None)
    if person is None:
        raise CommandError(_("There is no account that may import contacts; name one with --by EMAIL."))
    return person


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


def _in_words(told: dict) -> str:
    counts = {name: len(value) if isinstance(value, list) else value for name, value in told.items()}
    lines = [f"{name}: {count}" for name, count in counts.items()]
    lines += [f"{row['sheet']} {row['row']}: {row['reason']}" for row in told["refused"]]
    return "\n".join(lines)
