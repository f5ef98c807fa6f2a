"""The format of our own export: what `crm.resources` writes and the import reads back to the letter. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import clean

LANGUAGES = ("ru", "tg", "en")
# Each column in Russian, Tajik and English: who takes a list out reads its headings in their own language.
HEADINGS = {
    "number": ("Номер контакта", "Рақами тамос", "Contact number"),
    "name": ("ФИО", "Ному насаб", "Full name"),
    "given_name": ("Имя", "Ном", "Given name"),
    "kind": ("Кто", "Кӣ", "Who"),
    "organisation": ("Организация", "Ташкилот", "Organisation"),
    "title": ("Должность", "Вазифа", "Position"),
    "emails": ("E-mail", "Почтаи электронӣ", "E-mail"),
    "phones": ("Телефон", "Телефон", "Telephone"),
    "languages": ("Язык", "Забон", "Language"),
    "city": ("Город", "Шаҳр", "City"),
    "postal_address": ("Почтовый адрес", "Нишонии почтавӣ", "Postal address"),
    "sensitivity": ("Доступ", "Дастрасӣ", "Access"),
    "note": ("Примечание", "Эзоҳ", "Note"),
    "mark": ("Выгрузка", "Содирот", "Export"),
}
KINDS = {
    "journalist": ("журналист", "рӯзноманигор", "journalist"),
    "press_service": ("пресс-служба", "хадамоти матбуот", "press service"),
    "partner": ("партнёр", "шарик", "partner"),
    "other": ("другое", "дигар", "other"),
}
# A sealed contact never leaves, so there is no word for it.
LEVELS = {
    "open": ("открытый", "кушода", "open"),
    "internal": ("внутренний", "дохилӣ", "internal"),
}
LANGUAGE_NAMES = {
    "ru": ("русский", "русӣ", "Russian"),
    "tg": ("таджикский", "тоҷикӣ", "Tajik"),
    "en": ("английский", "англисӣ", "English"),
}
# What a cell of Excel holds.
MAX_CELL = 32_767
MARK = re.compile(r"V-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}")
_FIELDS = {clean(word).casefold(): field for field, words in HEADINGS.items() for word in words}
_LOOKED_AT = 10


@dataclass(frozen=True)
class Layout:
    """Where the header of our export stands and what each of its columns holds ("" for one that somebody added)."""

    header: int
    fields: tuple[str, ...]

    def code(self, row: Sequence[str]) -> tuple[str, int] | None:
        """The mark of the export and the number of the contact in this row; nothing where somebody else wrote it."""
        mark, number = (self._cell(row, field) for field in ("mark", "number"))
        # Longer than any key of a database is no number of ours.
        return (mark, int(number)) if MARK.fullmatch(mark) and re.fullmatch(r"[0-9]{1,18}", number) else None

    def _cell(self, row: Sequence[str], field: str) -> str:
        index = self.fields.index(field)
        return row[index].strip() if index < len(row) else ""


def layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The layout of a table we exported, told by its headings; None for any other table."""
    for index, row in enumerate(rows[:_LOOKED_AT]):
        fields = tuple(map(_field, row))
        if {"number", "name", "mark"} <= set(fields):
            return Layout(index, fields)
    return None


def _field(heading: str) -> str:
    """The field of a heading; «Организация 2» is the second of its kind."""
    return _FIELDS.get(clean(re.sub(r" \d{1,2}$", "", heading.strip())).casefold(), "")


def escaped(text: str) -> str:
    """The text as a cell that no program takes for a formula: with an apostrophe before what might be one (OWASP)."""
    return f"'{text}" if is_live(text) else text


def unescaped(cell: str) -> str:
    """The text of a cell: without the apostrophe that `escaped` put there, and with any other."""
    return cell[1:] if cell.startswith("'") and is_live(cell[1:]) else cell


def is_live(text: str) -> bool:
    """Whether a spreadsheet might calculate this, or it begins with an apostrophe and would be mistaken for escaped."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    first = next((char for char in text if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"}), " ")
    # The wide and the small forms (＝ ﹦) count as what they are forms of.
    return unicodedata.normalize("NFKC", first)[:1] in {"=", "+", "-", "@", "'"}
