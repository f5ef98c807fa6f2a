"""Telephone numbers as people in Tajikistan write them, to E.164. Pure."""

import re

import phonenumbers

_EXTENSION = re.compile(r"\s*(?:доб\.?|ext\.?|вн\.?)\s*\d+\s*$", re.IGNORECASE)


class NotAPhone(ValueError):
    """The text cannot be read as one telephone number."""


def parse(text: str) -> str:
    """+992 form of one number. Letter О for zero and 7-digit Dushanbe numbers are repaired. Raises NotAPhone."""
    typed = _EXTENSION.sub("", text.strip())
    typed = re.sub(r"(?<=[\d\s()+-])[ОоOo](?=[\d\s()-]|$)|^[ОоOo](?=\d)", "0", typed)
    bare = re.sub(r"\D", "", typed)
    if len(bare) == 7 and not typed.startswith("+"):
        typed = f"+99237{bare}"
    elif len(bare) == 13 and bare.startswith("810992"):
        typed = f"+{bare[3:]}"
    elif len(bare) == 12 and bare.startswith("992"):
        typed = f"+{bare}"
    elif len(bare) == 13 and bare.startswith("8992"):
        typed = f"+{bare[1:]}"
    try:
        number = phonenumbers.parse(typed, "TJ")
    except phonenumbers.NumberParseException as error:
        raise NotAPhone(text) from error
    if not phonenumbers.is_possible_number(number):
        raise NotAPhone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display(number: str) -> str:
    """+992 93 000 00 00, as it is read aloud."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number


def mask(number: str) -> str:
    """`•••47`: the last two digits, enough to tell one's own number."""
    return "•••" + re.sub(r"\D", "", number)[-2:]
