"""Merge fields: a closed list that a text may name, and their values for one recipient.

A field is written `{имя|коллеги}`: its name in any of the three languages, and what to say when there is no value.
The grammar is ours and tiny: no template engine ever runs on a person's text, and a value is never read again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

NAMES = {
    "name": "name",
    "имя": "name",
    "ном": "name",
    "full name": "full_name",
    "имя и фамилия": "full_name",
    "ному насаб": "full_name",
    # How the letter speaks to the reader, whole: «Уважаемая Зебо Рустамовна!»
    "address": "address",
    "обращение": "address",
    "хитоб": "address",
    # Filled by the letter itself, not by people: see layouts.
    "unsubscribe_url": "unsubscribe_url",
    "hotline": "hotline",
    "rsvp_url": "rsvp_url",
}
# What the menu of the writing page offers in each language, with a default that a text may begin with.
OFFERED = {
    "ru": ["{обращение}", "{имя|коллеги}", "{имя и фамилия|коллеги}"],
    "tg": ["{хитоб}", "{ном|ҳамкорон}", "{ному насаб|ҳамкорон}"],
    "en": ["{address}", "{name|colleagues}", "{full name|colleagues}"],
}
# Below this likeness a guess helps nobody.
_ALIKE = 0.6
_FIELD = re.compile(r"\{([^{}|<>\n]{0,40})(?:\|([^{}<>\n]{0,100}))?\}")


@dataclass(frozen=True)
class Field:
    meaning: str
    default: str


def split(text: str) -> list[str | Field]:
    """The text as literal pieces and fields in turn; unknown names in braces stay literal."""
    parts: list[str | Field] = []
    start = 0
    for match in _FIELD.finditer(text):
        if meaning := NAMES.get(match[1].strip().casefold()):
            parts += [text[start : match.start()], Field(meaning, (match[2] or "").strip())]
            start = match.end()
    return [*parts, text[start:]]


def fill(parts: list[str | Field], values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """The pieces put together for one recipient."""
    return woven(parts, chosen(parts, values, escape))


def woven(parts: list[str | Field], words: list[str]) -> str:
    """The pieces with these words in the places of their fields, in their order."""
    words = iter(words)
    return "".join([part if isinstance(part, str) else next(words) for part in parts])


def chosen(parts: list[str | Field], values: Mapping[str, str], escape: Callable[[str], str] = str) -> list[str]:
    """What the fields say to one recipient. A default stands in the text already, so only values are escaped."""
    fields = (part for part in parts if isinstance(part, Field))
    return [escape(values.get(field.meaning, "").strip()) or field.default for field in fields]


def unknown_fields(text: str) -> list[str]:
    """Names in braces that are no merge fields, as typed."""
    return [match[0] for match in _FIELD.finditer(text) if match[1].strip().casefold() not in NAMES]


def without_default(text: str) -> list[str]:
    """Meanings of fields that would leave a hole for a person without that value; a form of address there always is."""
    fields = (part for part in split(text) if isinstance(part, Field))
    return [part.meaning for part in fields if not part.default and part.meaning != "address"]


def speaks_to_reader(text: str) -> bool:
    """Whether the text names the form of address."""
    return any(isinstance(part, Field) and part.meaning == "address" for part in split(text))


def nearest(field: str, language: str) -> str:
    """The field that was probably meant by an unknown one, its default kept; of the letter's language if there is one.

    Empty where nothing is near.
    """
    typed, bar, default = field.strip("{}").partition("|")
    own = [offered.strip("{}").partition("|")[0] for offered in OFFERED[language]]
    name = " ".join(typed.split()).casefold()
    found = get_close_matches(name, own, 1, _ALIKE) or get_close_matches(name, NAMES, 1, _ALIKE)
    return "{" + found[0] + bar + default + "}" if found else ""
