"""How a letter speaks to somebody: a suggestion for each language, which a person may overrule. Pure.

What has to be guessed is said to be: a wrong «Уважаемый» offends, a neutral greeting never does.
"""

import re
from dataclasses import dataclass

from .states import Gender

_SPACES = re.compile(r"\s+")
# Endings that tell. -ӣ, -зода and -иён tell nothing, nor does -ин: Амин is a father's name.
_FEMALE_PATRONYMIC = re.compile(r"(?:овна|евна|ёвна|ична|инична|духтар[иӣ]?|духт|ovna|evna)$")
_MALE_PATRONYMIC = re.compile(r"(?:ович|евич|ёвич|ьич|ovich|evich)$")
_FEMALE_SURNAME = re.compile(r"\w(?:[оеё]ва|ская|цкая|духт|ova|eva|skaya)$")
_MALE_SURNAME = re.compile(r"\w(?:[оеё]в|ский|цкий|ov|ev|skiy|skii)$")

NEUTRAL = {"ru": "Здравствуйте!", "tg": "Салом!", "en": "Hello,"}
_DEAR = {Gender.MALE: "Уважаемый", Gender.FEMALE: "Уважаемая"}
_SIR = {Gender.MALE: "Уважаемый господин", Gender.FEMALE: "Уважаемая госпожа"}
_TITLE = {Gender.MALE: "Mr", Gender.FEMALE: "Ms"}


@dataclass(frozen=True)
class Suggestion:
    """A form of address; of one that `is_sure` nothing was guessed."""

    text: str
    is_sure: bool


def suggest(
    language: str, *, surname: str = "", given_name: str = "", patronymic: str = "", gender: str = "",
    is_post: bool = False,
) -> Suggestion:  # fmt: skip
    """What a letter in `language` would begin with. The dative that a letter to a post needs is never guessed."""
    surname, given_name, patronymic = (_tidy(part) for part in (surname, given_name, patronymic))
    if is_post or not (surname or given_name):
        # A patronymic alone is no name. Of a post a person has to write the words.
        return Suggestion(NEUTRAL[language], is_sure=not is_post)
    if language == "tg":
        return Suggestion(f"Муҳтарам {_joined(given_name or surname, patronymic if given_name else '')}!", is_sure=True)
    guessed = gender or guess_gender(surname=surname, patronymic=patronymic)
    is_sure = bool(gender) or not guessed
    suggested = _russian if language == "ru" else _english
    return Suggestion(suggested(surname, given_name, patronymic, guessed), is_sure)


def read_name(full: str, given_name: str = "") -> tuple[str, str, str]:
    """Surname, given name and patronymic of a name in one piece, as far as a patronymic or `given_name` tells."""
    words = full.split()
    if len(words) == 3 and _is_patronymic(words[2]):
        return words[0], words[1], words[2]
    if len(words) == 3 and _is_patronymic(words[1]):
        return words[2], words[0], words[1]
    if len(words) == 2 and given_name in words:
        return words[1 - words.index(given_name)], given_name, ""
    return "", given_name, ""


def _is_patronymic(word: str) -> bool:
    word = word.casefold()
    return bool(_FEMALE_PATRONYMIC.search(word) or _MALE_PATRONYMIC.search(word))


def guess_gender(*, surname: str = "", patronymic: str = "") -> str:
    """Woman or man as the endings have it, the patronymic before the surname; "" where they do not tell."""
    for word, female, male in (
        (patronymic, _FEMALE_PATRONYMIC, _MALE_PATRONYMIC),
        (surname, _FEMALE_SURNAME, _MALE_SURNAME),
    ):
        word = word.casefold()
        if female.search(word):
            return Gender.FEMALE
        if male.search(word):
            return Gender.MALE
    return ""


def _russian(surname: str, given_name: str, patronymic: str, gender: str) -> str:
    if not gender:
        # «Здравствуйте, Субҳӣ!» to a surname alone would be rude.
        return f"Здравствуйте, {_joined(given_name, patronymic)}!" if given_name else NEUTRAL["ru"]
    if given_name and patronymic:
        return f"{_DEAR[gender]} {given_name} {patronymic}!"
    if surname:
        return f"{_SIR[gender]} {surname}!"
    return f"{_DEAR[gender]} {given_name}!"


def _english(surname: str, given_name: str, _patronymic: str, gender: str) -> str:
    if gender and surname:
        return f"Dear {_TITLE[gender]} {surname},"
    return f"Dear {_joined(given_name, surname)}," if given_name else NEUTRAL["en"]


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
