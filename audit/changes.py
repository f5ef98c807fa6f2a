"""What was there before and after, in a form that the journal may keep for years.

The journal cannot be corrected, so no way to reach anybody may enter it: addresses and numbers are masked wherever
they stand, and of a long text only its length is kept.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Model, TextField

from core import addresses, phones

LONGEST = 120
# The key under which the length of a text stands in place of the text.
CHARACTERS = "characters"
# What is masked already is left as it is.
_ADDRESS = re.compile(r"(?<![\w.+%'•-])[\w.+%'•-]+@[\w-]+(?:\.[\w-]+)*(?![\w•])")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d[\d ()-]{6,}\d|\d{9,15}|\d{2,3}[ -]\d{3}[ -]?\d{2}[ -]?\d{2})(?![\w-])")


class Text(str):
    """Words of which the journal keeps the length alone, however short they are."""

    __slots__ = ()


def snapshot(instance: Model, fields: Iterable[str]) -> dict[str, object]:
    """The values of these fields now. Not yet fit to be stored: `difference` sees to that."""
    values = {}
    for name in fields:
        value = getattr(instance, name)
        is_text = isinstance(instance._meta.get_field(name), TextField) and isinstance(value, str)
        values[name] = Text(value) if is_text else value
    return values


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list]:
    """{field: [before, after]} of what differs, ready to be stored. A field missing on one side is None there."""
    return {
        name: [storable(before.get(name)), storable(after.get(name))]
        for name in [*before, *(name for name in after if name not in before)]
        if before.get(name) != after.get(name)
    }


def storable(value: object) -> object:
    """A value as JSON can hold it and the journal may."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): storable(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
    text = str(value)
    if text and (isinstance(value, Text) or len(text) > LONGEST):
        return {CHARACTERS: len(text)}
    return masked(text)


def masked(text: str) -> str:
    """The text with every e-mail address and telephone number in it masked."""
    text = _ADDRESS.sub(lambda found: _mask(found[0]), text)
    return _PHONE.sub(lambda found: phones.mask(found[0]), text)


def _mask(address: str) -> str:
    """`s•••i@c•••.test`: a domain may name one organisation, and whoever is open today may be sealed tomorrow."""
    local, _at, domain = (address if "•" in address else addresses.mask(address)).rpartition("@")
    return f"{local}@{domain[:1]}•••{domain[domain.rfind('.') :] if '.' in domain else ''}"
