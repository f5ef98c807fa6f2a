import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mailings.actions.incoming import AT_ONCE, take_all
from mailings.pipeline.mailbox import sources
from mailings.pipeline.mailbox.kinds import Verdict, judge
from mailings.states import IncomingKind


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
        for name, verdict, acts in _judged(_letters(maildir, mbox, eml), classify_only):
            self.stdout.write(_told(name, verdict, acts) if options["json"] else _said(name, verdict))


def _judged(letters: Iterator[tuple[str, bytes]], classify_only: bool) -> Iterator[tuple[str, Verdict, bool]]:
    """Each letter's name, what it is, and whether a dead mailbox in it is (or would be) stopped."""
    while batch := list(islice(letters, AT_ONCE)):
        names = [name for name, _raw in batch]
        if classify_only:
            verdicts = [(judge(raw)[1], True) for _name, raw in batch]
        else:
            taken = take_all(raw for _name, raw in batch)
            verdicts = [(one.verdict, one.incoming.delivery_id is not None) for one in taken]
        for name, (verdict, is_ours) in zip(names, verdicts, strict=True):
            yield name, verdict, is_ours and verdict.kind == IncomingKind.BOUNCE


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


def _told(name: str, verdict: Verdict, acts: bool) -> str:
    recipients = [one.as_told(acts=acts) for one in verdict.recipients]
    return json.dumps({"file": name, "kind": str(verdict.kind), "recipients": recipients}, ensure_ascii=False)


def _said(name: str, verdict: Verdict) -> str:
    return " ".join([name, verdict.kind, *(f"{one.address}={one.bounce}" for one in verdict.recipients)])
