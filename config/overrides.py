"""Strings of Django that no source of ours holds and that its own catalogue lacks or has wrong."""

from typing import NamedTuple

_MONTHS = [
    ("January", "январи"),
    ("February", "феврали"),
    ("March", "марти"),
    ("April", "апрели"),
    ("May", "майи"),
    ("June", "июни"),
    ("July", "июли"),
    ("August", "августи"),
    ("September", "сентябри"),
    ("October", "октябри"),
    ("November", "ноябри"),
    ("December", "декабри"),
]
_SPANS = [
    ("year", "сол"),
    ("month", "моҳ"),
    ("week", "ҳафта"),
    ("day", "рӯз"),
    ("hour", "соат"),
    ("minute", "дақиқа"),
]


class Override(NamedTuple):
    """A string of Django and its translation, in every plural form: after a number a Tajik noun does not change."""

    msgid: str
    translation: str
    context: str | None = None
    plural: str = ""


OVERRIDES: dict[str, list[Override]] = {
    "tg": [
        # In a date the month takes an ending: 7 майи 2026.
        *[Override(month, tajik, context="alt. month") for month, tajik in _MONTHS],
        *[Override(f"%(num)d {span}", f"%(num)d {tajik}", plural=f"%(num)d {span}s") for span, tajik in _SPANS],
        Override(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ин ҷо бештар аз %(limit_value)d аломат намегунҷад (ҳоло %(show_value)d).",
            plural="Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        ),
        Override(
            "Ensure this filename has at most %(max)d character (it has %(length)d).",
            "Номи файл бояд аз %(max)d аломат зиёд набошад (ҳоло %(length)d).",
            plural="Ensure this filename has at most %(max)d characters (it has %(length)d).",
        ),
    ]
}
