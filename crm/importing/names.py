"""Read who a row is about: from one cell or three columns, with a position behind the name or none. Pure."""

import re
from dataclasses import dataclass, field

from core.text import clean, fold

from .remarks import Remark

_TAIL = re.compile(r"\s*(?:\n|,\s|;\s|\s[–—-]\s|\()\s*")
_NOBODY = re.compile(r"[\W_]*|нет|уточнить|б/п|н/[ад]|вакансия|надорад|no|none", re.IGNORECASE)
_OFFICES_TYPED = (
    "редакция, редакция газеты, пресс-служба, пресс-центр, пресс служба, приёмная, секретариат, канцелярия, офис, "
    "отдел новостей, новостной отдел, общий адрес, общая почта, идора, идораи рӯзнома, хадамоти матбуот, "
    "маркази матбуот, қабулгоҳ, editorial, editorial office, newsroom, news desk, office, press office, "
    "press service, reception"
)
_OFFICES = {fold(words) for words in _OFFICES_TYPED.split(",")}
# Folding every name of a long list takes a second: only what begins like an office is folded.
_OFFICE_LIKE = re.compile(
    r"\W*(?:ред|пресс?|приемн|приёмн|секр|канц|офис|отдел|новост|общ|идор|хадам|марказ|ма[рp]каз|[қк]аб|editor|news|office|press|recep|redak)",
    re.IGNORECASE,
)
# Endings only surnames have: -ин and -зод are not among them, for Парвина and Беҳзод are given names.
_SURNAME = re.compile(r"\w\w(?:[оеё]в|[оеё]ва|ск(?:ий|ая)|цк(?:ий|ая)|зода|[oe]va?|zoda|skiy|skaya)$")
_PATRONYMIC = re.compile(r"(?:[оеё]вич|ьич|[оеё]вна|ична|ovich|evich|ovna|evna)$")


def is_placeholder(text: str) -> bool:
    """Whether the text only says that there is nothing: «—», «нет», «уточнить»."""
    return bool(_NOBODY.fullmatch(text))


@dataclass
class Name:
    full: str = ""
    given: str = ""
    office: str = ""
    rest: str = ""
    remarks: list[Remark] = field(default_factory=list)


def read(cell: str) -> Name:
    """A name typed into one cell; what follows it («, редактор», «(юрист)») becomes `rest`."""
    head, *tail = _TAIL.split(cell.strip(), maxsplit=1)
    rest = clean("".join(tail))
    if rest.endswith(")") and "(" not in rest:
        rest = rest[:-1]
    if _is_office(head):
        return Name(office=clean(head), rest=rest)
    full = _capitalised(clean(head).strip(" ,;.–—-") if not re.search(r"\b\w\.$", head) else clean(head))
    if is_placeholder(full):
        return Name(rest=rest)
    if "," in cell and len(full.split()) == 1 and re.fullmatch(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*)?", rest):
        full, rest = f"{full} {_capitalised(rest)}", ""
    return Name(full, given=_given(full.split()), rest=rest)


def join(surname: str, given: str, patronymic: str) -> Name:
    """A name typed into columns; surname and name in each other's column are put right and told."""
    parts = [_capitalised(clean(part)) for part in (surname, given, patronymic)]
    surname, given, patronymic = ("" if is_placeholder(part) else part for part in parts)
    if _is_office(surname or given):
        return Name(office=surname or given)
    remarks = []
    if surname and given and _is_surname(given) and not _is_surname(surname):
        remarks.append(Remark("swapped-names", f"{surname} {given}"))
        surname, given = given, surname
    full = " ".join(part for part in (surname, given, patronymic) if part)
    return Name(full, given=given if len(given.split()) == 1 and not given.endswith(".") else "", remarks=remarks)


def _is_office(text: str) -> bool:
    """Whether not a person is named but a desk, as the row of a newsroom says it."""
    return bool(_OFFICE_LIKE.match(text)) and fold(text) in _OFFICES


def _capitalised(text: str) -> str:
    """A name typed in capitals or without any, as names are written."""
    if text.islower() and len(text) > 3:
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)
    # «САИДОВ Умар» as well; two or three capitals may be initials.
    shortest = 2 if text.isupper() and len(text) > 3 else 4
    return re.sub(rf"(?<!\.)\b[^\W\d_]{{{shortest},}}\b", lambda word: _word(word[0]), text)


def _word(word: str) -> str:
    return word.capitalize() if word.isupper() else word


def _is_surname(word: str) -> bool:
    return bool(_SURNAME.search(word.casefold()))


def is_certain(text: str) -> bool:
    """Whether a text of two or three words is a name beyond doubt: one of them has the ending of a surname."""
    words = text.split()
    return (
        len(words) in {2, 3}
        and text == _capitalised(text)
        and any(_is_surname(word) or _PATRONYMIC.search(word.casefold()) for word in words)
    )


def _given(words: list[str]) -> str:
    """The given name, where an ending tells it for certain; else nothing."""
    words = [word for word in words if not word.endswith(".")]
    if len(words) == 3 and _PATRONYMIC.search(words[2].casefold()):
        return words[1]
    if len(words) == 3 and _PATRONYMIC.search(words[1].casefold()):
        return words[0]
    if len(words) == 2 and _is_surname(words[0]) != _is_surname(words[1]):
        return words[1] if _is_surname(words[0]) else words[0]
    return ""


def words(name: str) -> frozenset[str]:
    """The folded words of a name: what two spellings of it share, in any order."""
    return frozenset(word.strip(".+-@") for word in fold(name).split()) - {""}


_VOWELS = str.maketrans("oe", "ai")


def is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names, already known to share an address, are of one person: equal, or one a part of the other.

    Vowels that spellings exchange (Обидов, Абидов) count as equal here and nowhere else; an initial stands for a word.
    """
    short, long = sorted(({word.translate(_VOWELS) for word in names} for names in (one, other)), key=len)
    missing, free = short - long, long - short
    initials = {word for word in missing if len(word) == 1}
    if missing - initials or short == initials:
        long_initials = {word for word in free if len(word) == 1}
        return bool(long_initials and short & long) and _stand_for(long_initials, missing) and len(missing) == len(free)
    return bool(short) and _stand_for(initials, free)


def _stand_for(initials: set[str], whole: set[str]) -> bool:
    return all(any(word.startswith(initial) for word in whole) for initial in initials)
