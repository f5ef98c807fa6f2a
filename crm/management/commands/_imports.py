"""What the commands that import a list have in common: whose work it is, the file, the report in lines."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="xlsx, xls, ods, csv, tsv or vCards")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--by", metavar="EMAIL", help="whose work it is; else the first account that may import")


def person_of(email: str | None) -> User:
    people = User.objects.filter(is_active=True).order_by("pk")
    found = people.filter(email__iexact=email) if email else people
    person = next((one for one in found if one.may(Right.CONTACTS_IMPORT)), None)
    if person is None:
        raise CommandError(_("There is no account that may import contacts; name one with --by EMAIL."))
    return person


def file_of(path: str) -> ContentFile:
    try:
        return ContentFile(Path(path).read_bytes(), name=Path(path).name)
    except OSError as error:
        raise CommandError(_("The file %(name)s cannot be read.") % {"name": path}) from error


def in_words(told: dict) -> str:
    counts = {name: len(value) if isinstance(value, list) else value for name, value in told.items()}
    lines = [f"{name}: {count}" for name, count in counts.items()]
    lines += [f"{row['sheet']} {row['row']}: {row['reason']}" for row in told["refused"]]
    return "\n".join(lines)
