import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mailings.actions.incoming import take_in
from mailings.pipeline.mailbox import sources
from mailings.pipeline.mailbox.kinds import Verdict, judge


class Command(BaseCommand):
    help = "Read letters that came in from files, as the worker reads the mailbox; or only say what they are."

    def add_arguments(self, parser):
        places = parser.add_mutually_exclusive_group(required=True)
        places.add_argument("--maildir", metavar="PATH", help="a Maildir, or any folder of letters")
        places.add_argument("--mbox", metavar="PATH", help="one file of many letters")
        places.add_argument("--eml", metavar="PATH", help="one letter, or a folder of them")
        parser.add_argument("--classify-only", action="store_true", help="say what each is; keep and change nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each letter")

    def handle(self, *, maildir, mbox, eml, classify_only, **options):
        for name, raw in _letters(maildir, mbox, eml):
            verdict = judge(raw)[1] if classify_only else take_in(raw).verdict
            self.stdout.write(_told(name, verdict) if options["json"] else _said(name, verdict))


def _letters(maildir: str, mbox: str, eml: str) -> Iterator[tuple[str, bytes]]:
    path, read = next((Path(one), read) for one, read in _places(maildir, mbox, eml) if one)
    if not path.exists():
        raise CommandError(f"{path} is not there.")
    try:
        yield from read(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _places(maildir: str, mbox: str, eml: str):
    return [(maildir, sources.maildir), (mbox, sources.mbox), (eml, sources.eml)]


def _told(name: str, verdict: Verdict) -> str:
    recipients = [one.as_told() for one in verdict.recipients]
    return json.dumps({"file": name, "kind": str(verdict.kind), "recipients": recipients}, ensure_ascii=False)


def _said(name: str, verdict: Verdict) -> str:
    return " ".join([name, verdict.kind, *(f"{one.address}={one.bounce}" for one in verdict.recipients)])
