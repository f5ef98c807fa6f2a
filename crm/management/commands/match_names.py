import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from crm.matching.names import match

COLUMNS = ("a", "b", "verdict", "score", "reason")


class Command(BaseCommand):
    help = "Compare the names in columns a and b of a CSV file, row by row: verdict strong, weak or none, and why."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8, with a first row that names the columns a and b")
        parser.add_argument("--out", metavar="FILE", help="write there and not to the screen")

    def handle(self, *, file: str, out: str | None = None, **options):
        answer = io.StringIO()
        csv.writer(answer, lineterminator="\n").writerows([COLUMNS, *_compared(Path(file))])
        if not out:
            self.stdout.write(answer.getvalue(), ending="")
            return
        try:
            Path(out).write_text(answer.getvalue(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error


def _compared(path: Path) -> Iterator[tuple]:
    for one, other in _pairs(path):
        verdict = match(one, other)
        yield one, other, verdict.grade, f"{verdict.score:.3f}", "; ".join(map(str, verdict.reasons))


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The two names of each row; raises CommandError with one sentence where there are none to be had."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not in UTF-8: save it as “CSV UTF-8” and try again.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    if missing := [column for column in ("a", "b") if column not in (reader.fieldnames or ())]:
        raise CommandError(f"{path} has no column {' and no column '.join(missing)} in its first row.")
    try:
        for row in reader:
            yield row["a"] or "", row["b"] or ""
    except csv.Error as error:
        raise CommandError(f"{path} breaks off in line {reader.line_num}: {error}.") from error


def _delimiter(text: str) -> str:
    """What stands most often in the first row: Excel writes semicolons where a comma is for decimals."""
    return max(",;\t", key=text.partition("\n")[0].count)
