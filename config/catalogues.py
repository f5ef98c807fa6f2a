"""The catalogues in locale/: merge found strings in, tell what is wrong with them, compile them without gettext."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from .env import ROOT
from .overrides import OVERRIDES, Override

LOCALE = ROOT / "locale"
LANGUAGES = ("ru", "tg", "en")
SOURCE_LANGUAGE = "en"
PLURAL_FORMS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "tg": "nplurals=2; plural=(n != 1);",
    "en": "nplurals=2; plural=(n != 1);",
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|(?<!\{)\{\w*\}(?!\})")

Key = tuple[str, str | None]


def overrides(language: str) -> dict[Key, Override]:
    return {(override.msgid, override.context): override for override in OVERRIDES.get(language, [])}


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> polib.POFile:
    path = path_of(language)
    catalogue = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    return catalogue


def update(language: str, found: Iterable) -> polib.POFile:
    """The catalogue with exactly the found strings, sorted; what was translated stays. No line numbers: small diffs."""
    known = {(entry.msgid, entry.msgctxt): entry for entry in read(language) if not entry.obsolete}
    ours = overrides(language)
    merged = {key: _entry(key, override.plural, known) for key, override in ours.items()}
    for string in found:
        entry = merged.setdefault(tuple(string.key), _entry(string.key, string.plural, known))
        if string.plural and not entry.msgid_plural:
            entry.msgid_plural = string.plural
    for key, entry in merged.items():
        _fill(entry, ours.get(key), language)
    catalogue = read(language)
    catalogue[:] = sorted(merged.values(), key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return catalogue


def _entry(key: Key, plural: str, known: dict[Key, polib.POEntry]) -> polib.POEntry:
    before = known.get(tuple(key), polib.POEntry())
    return polib.POEntry(
        msgid=key[0],
        msgctxt=key[1],
        msgid_plural=plural,
        msgstr=before.msgstr,
        msgstr_plural=dict(before.msgstr_plural),
        flags=[flag for flag in before.flags if flag == "fuzzy"],
        tcomment=before.tcomment,
    )


def _fill(entry: polib.POEntry, override: Override | None, language: str) -> None:
    """Give English its own words, an override its translation, and each entry the form (plural or not) it needs."""
    ready = override.translation if override else ""
    if not entry.msgid_plural:
        entry.msgstr_plural = {}
        entry.msgstr = entry.msgid if language == SOURCE_LANGUAGE else entry.msgstr or ready
        return
    entry.msgstr = ""
    forms = range(int(PLURAL_FORMS[language].split("=")[1][0]))
    entry.msgstr_plural = {number: entry.msgstr_plural.get(number) or ready for number in forms}
    if language == SOURCE_LANGUAGE:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}


def save(language: str, catalogue: polib.POFile) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def problems(language: str, found: Iterable) -> Iterator[str]:
    """One line for each string that is missing, unsure, no longer used, or whose placeholders differ."""
    wanted = {tuple(string.key) for string in found} | overrides(language).keys()
    entries = {(entry.msgid, entry.msgctxt): entry for entry in read(language) if not entry.obsolete}
    for key in sorted(wanted - entries.keys(), key=str):
        yield f"{language}: not in the catalogue (make messages): {_shown(key)}"
    for key, entry in sorted(entries.items(), key=str):
        if key not in wanted:
            yield f"{language}: no longer used (make messages): {_shown(key)}"
        elif trouble := _trouble(entry):
            yield f"{language}: {trouble}: {_shown(key)}"


def _shown(key: Key) -> str:
    return f"{key[0]!r} ({key[1]})" if key[1] else repr(key[0])


def _trouble(entry: polib.POEntry) -> str:
    if "fuzzy" in entry.flags:
        return "unsure"
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        return "not translated"
    allowed = [_placeholders(entry.msgid)]
    if entry.msgid_plural:
        allowed = [_placeholders(entry.msgid_plural)] + allowed * (len(texts) == 2)
    if any(_placeholders(text) not in allowed for text in texts):
        return "other placeholders than the original"
    return ""


def _placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)))


def compile_if_changed(language: str) -> bool:
    """Write the .mo beside the .po unless it is there and newer; whole or not at all."""
    source = path_of(language)
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return False
    unfinished = target.with_suffix(f".{os.getpid()}.part")
    polib.pofile(str(source)).save_as_mofile(str(unfinished))
    os.replace(unfinished, target)
    return True
