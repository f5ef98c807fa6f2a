"""Find the strings to translate in the sources. Needs Babel, which only developing installs; writes nothing."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.utils.translation.template import templatize

from .env import ROOT

PYTHON_ROOTS = ["config", "demo", "dashboard", "events", "mailings", "crm", "jobs", "accounts", "audit", "core"]
TEMPLATE_ROOTS = ["templates"]
TEMPLATE_SUFFIXES = {".html", ".txt", ".mjml"}
_SIMPLE = {name: None for name in ("_", "_t", "gettext", "gettext_lazy", "gettext_noop")}
_PLURAL = {name: (1, 2) for name in ("ngettext", "ngettext_lazy")}
_CONTEXT = {name: ((1, "c"), 2) for name in ("pgettext", "pgettext_lazy")}
_BOTH = {name: ((1, "c"), 2, 3) for name in ("npgettext", "npgettext_lazy")}
KEYWORDS = _SIMPLE | _PLURAL | _CONTEXT | _BOTH


class Key(NamedTuple):
    """What tells two entries of a catalogue apart."""

    msgid: str
    context: str | None


class Found(NamedTuple):
    key: Key
    plural: str
    path: str


def find_all(root: Path = ROOT) -> Iterator[Found]:
    """Every string to translate under `root`, as often as it occurs."""
    for path in _files(root, PYTHON_ROOTS, {".py"}):
        yield from find(path.read_text(), path.relative_to(root).as_posix())
    for path in _files(root, TEMPLATE_ROOTS, TEMPLATE_SUFFIXES):
        yield from find(as_python(path.read_text()), path.relative_to(root).as_posix())


def find(source: str, path: str) -> Iterator[Found]:
    """The strings in one Python source."""
    for _line, words, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        msgid, plural = words if isinstance(words, tuple) else (words, "")
        if msgid:
            yield Found(Key(msgid, context), plural, path)


def as_python(template: str) -> str:
    """A template as calls of gettext. Django blanks the rest out, but for indents, which would not parse."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def _files(root: Path, folders: list[str], suffixes: set[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path
