"""The dative of an official letter's addressee in Russian: a proposal that a person looks at. Pure."""

import re

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

_MAKER = PetrovichDeclinationMaker()
_GENDER = PetrovichGenderDetector()
# Surnames of the Tajik kind stay as they are: «Рахмонзода Юсуфу».
_UNCHANGED = re.compile(r"(зода|заде|зод|пур|ӣ|иён|ён|дӯст|духт)$", re.IGNORECASE)
_ADJECTIVES = [("ый", "ому"), ("ий", "ему"), ("ой", "ому"), ("ая", "ой"), ("яя", "ей")]
# Offices; the rest of the line stands in the genitive already: «министр юстиции».
_OFFICES = re.compile(
    r"(министр|директор|прокурор|начальник|ректор|редактор|советник|комиссар|координатор|депутат|президент)$"
)


def addressee(lines: str) -> str:
    """Office and name, a line each, as they are called, put into the dative; what is not known stays as it is."""
    return "\n".join(_line(line.strip()) for line in lines.splitlines() if line.strip())


def _line(line: str) -> str:
    words = line.split()
    capital = 2 <= len(words) <= 3 and all(word[:1].isupper() for word in words)
    return _name(words) if capital and _head(words[0]) == words[0] else _office(words)


def _name(words: list[str]) -> str:
    """Surname, given name, patronymic; of two words the second may be either."""
    parts = [NamePart.LASTNAME, NamePart.FIRSTNAME, NamePart.MIDDLENAME][: len(words)]
    gender = _gender(words)
    declined = [
        word if _UNCHANGED.search(word) else _MAKER.make(part, gender, Case.DATIVE, word)
        for part, word in zip(parts, words, strict=True)
    ]
    return " ".join(declined)


def _gender(words: list[str]) -> Gender:
    patronymic = words[2] if len(words) == 3 else None
    try:
        found = _GENDER.detect(lastname=words[0], firstname=words[1], middlename=patronymic)
    except (StopIteration, ValueError, KeyError):
        found = Gender.ANDROGYNOUS
    return Gender.MALE if found is Gender.ANDROGYNOUS else found


def _office(words: list[str]) -> str:
    """«Генеральный прокурор Республики …» → «Генеральному прокурору Республики …»."""
    done: list[str] = []
    for place, word in enumerate(words):
        if adjective := next((end for end in _ADJECTIVES if word.casefold().endswith(end[0])), None):
            done.append(word[: -len(adjective[0])] + adjective[1])
            continue
        return " ".join([*done, _head(word), *words[place + 1 :]])
    return " ".join(words)


def _head(word: str) -> str:
    folded = word.casefold()
    if folded == "глава":
        return word[:-1] + "е"
    if folded == "посол":
        return word[:-2] + "лу"
    if folded.endswith(("тель", "арь")):
        return word[:-1] + "ю"
    return f"{word}у" if _OFFICES.search(folded) else word
