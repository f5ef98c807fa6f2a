"""Read the e-mail addresses out of a cell in which people typed several, with any separators. Pure."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from core import addresses

from .remarks import Remark

_SEPARATORS = re.compile(r"[\s;,|/]+|(?<!\S)(?:или|ё|or|ва|и)(?!\S)", re.IGNORECASE)
_DISPLAY_NAME = re.compile(r"(?:\"[^\"]*\"|[\w.'\- ]+?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_COMMA_FOR_DOT = re.compile(r"(@[\w-]+),([a-z]{2,6})(?![\w@.-])", re.IGNORECASE)
# «a@outlet.tj.;» is what ends a list, no mistake of the address; a dot before what divides two addresses is one.
_STOP = re.compile(r"(@[\w.-]*\w)\.(?=[;,]\s*(?:[;,/|\n]|$))")
# «name @ outlet.tj»: what stands before is a local part, not the end of another address.
_SPACED = re.compile(r"(?<![\w.@+-])([A-Za-z\d._+-]+)[ \t]+@[ \t]*(?=[\w-]+\.\w)")
_LABEL = re.compile(
    r"(?:e-?mail|mail|эл\.?|элект\w*|почта\w*|адрес\w*|имейл|раб\.?|рабоч\w*|личн\.?|личн\w*|дом\.?|осн\.?|доп\.?)\.?:?",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[-–—?.*xх]*|нет|уточнить|нест|надорад|no|none", re.IGNORECASE)
# Taken out before a stroke divides addresses.
NO_VALUE = re.compile(r"(?<!\S)(?:н/[ад]|б/п|б/а|n/a)(?!\S)", re.IGNORECASE)
_RUSSIAN_KEYS = str.maketrans(
    'йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"',
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,.@",
)
# Top-level domains that do not exist and mail services people mistype: told, never changed silently.
_ODD = re.compile(
    r"\.(?:con|comm?m|ocm|cmo|kom|ogr|orgg|nte|ent|tset|rru|ruu|tjj|r)$"
    r"|@(?:gmial|gmai|gamil|gmal|gnail|jmail|g-mail|gmaill|mial|maii|mai|yndex|yadex|yadnex|yandx|yandeks|jandex|ramler|yaho|yhoo"
    r"|hotmal|hotmil|outlok|iclod|imbox|inbx)\.",
    re.IGNORECASE,
)

# What somebody who typed one of these most probably meant: offered, never changed silently.
_MEANT = {
    typed: meant
    for meant, words in {
        "gmail.com": "gmail.con gmail.co gmail.cm gmail.om gmail.ru gmail.ocm gmail.cmo gmial.com gmai.com gamil.com "
        "gmal.com gmaill.com gmail.com.ru gnail.com jmail.com g-mail.com",
        "mail.ru": "mail.ry mail.tu mial.ru mai.ru maii.ru mail.ru.com",
        "yandex.ru": "yandex.ry yandex.tu yndex.ru yadex.ru yadnex.ru yandx.ru yandeks.ru jandex.ru",
        "rambler.ru": "rambler.rt rambler.r ramler.ru",
        "inbox.ru": "inbox.r inbox.ri imbox.ru inbx.ru",
        "list.ru": "list.r",
        "yahoo.com": "yahoo.co yaho.com yhoo.com yahho.com",
        "hotmail.com": "hotmal.com hotmil.com",
        "outlook.com": "outlok.com",
        "icloud.com": "iclod.com",
        "tojikiston.com": "tojikiston.con tojikiston.co",
    }.items()
    for typed in words.split()
}
# Top-level domains that nobody delegates, and the one whose letters they have.
_TOP_LEVEL = {
    typed: meant
    for meant, words in {
        "com": "con comm cmm ocm cmo kom coom cpm vom",
        "org": "ogr orgg rog",
        "net": "ent nte nett",
        "ru": "rru ruu",
        "tj": "tjj",
        "test": "tset tets tst",
    }.items()
    for typed in words.split()
}
# Something like an address whose @ was forgotten; a site is none.
_WITHOUT_AT = re.compile(
    r"(?!www\.|https?:)[a-z\d_+-]*[a-z][\w+-]*(?:\.[\w-]+)*\.[a-z]{2,6}\.?", re.IGNORECASE | re.ASCII
)
_IN_USE = "|".join(["test|com|org|net|info|ru|tj|kz|uz|kg|eu|de|uk", *(name for name in _TOP_LEVEL if name.isalpha())])
_GLUED = re.compile(rf"([^@]+@[^@]+?\.(?:{_IN_USE}))(?!\.(?:{_IN_USE})\b)\.?(?=[^\W_])([^@]+@[^@]+)", re.IGNORECASE)
# Mail services, whose names are mistyped in every way; what is one letter away and no service itself was one of them.
_SERVICES = ("gmail", "mail", "yandex", "inbox", "rambler", "yahoo", "hotmail", "outlook", "icloud")
_NO_TYPO = {*_SERVICES, "email", "ymail", "hmail", "mails", "maili", "inbo", "mailo", "rmail", "tmail"}


def likely(address: str) -> str:
    """The address that was probably meant, "" where nothing looks mistyped."""
    local, _at, domain = address.rpartition("@")
    meant = _meant(domain.casefold())
    return f"{local}@{meant}" if meant else ""


@lru_cache(maxsize=8_192)
def _meant(domain: str) -> str:
    name, dot, rest = domain.partition(".")
    if domain in _MEANT or name in _NO_TYPO or not dot:
        return _MEANT.get(domain, "")
    meant = next(
        (one for one in _SERVICES if is_one_slip(name, one) or is_look_alike(name, one) or _is_beside(name, one)), ""
    )
    return f"{meant}.{rest}" if meant else ""


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether two letters changed places, or one of five or more is missing or there twice."""
    if len(typed) == len(meant):
        apart = [at for at, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
        if len(apart) != 2 or apart[1] - apart[0] != 1:
            return False
        swapped = meant[apart[0] : apart[1] + 1][::-1]
        return typed[apart[0] : apart[1] + 1] == swapped and not swapped.isdigit()
    short, long = sorted((typed, meant), key=len)
    if len(long) - len(short) != 1 or len(meant) < 5:
        return False
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    is_missing = short == typed
    return short[at:] == long[at + 1 :] and long[at].isalpha() and (is_missing or long[at] == long[at - 1])


# Digits that are taken for letters: gmai1.com, 0utlook.com.
_DIGITS = str.maketrans("01", "ol")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {frozenset(keys[at : at + 2]) for keys in _KEYS for at in range(len(keys) - 1)}


def look(name: str) -> str:
    """What a name looks like: digits are the letters they are taken for."""
    return name.translate(_DIGITS)


def is_look_alike(typed: str, meant: str) -> bool:
    """Whether a digit stands for the letter that it looks like."""
    return typed != meant and not re.search(r"[01]", meant) and look(typed) == meant


def _is_beside(typed: str, meant: str) -> bool:
    """Whether one letter, not the first, is that of the key beside: gmaul for gmail."""
    if len(typed) != len(meant) or len(meant) < 5:
        return False
    apart = [at for at, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    return len(apart) == 1 and apart[0] > 0 and frozenset((typed[apart[0]], meant[apart[0]])) in _BESIDE


OK, FIXABLE, SUSPICIOUS, INVALID, PLACEHOLDER = "ok", "fixable", "suspicious", "invalid", "placeholder"


@dataclass(frozen=True, slots=True)
class Address:
    """One thing typed where an address belongs, and what it is worth.

    What is certain was repaired. What is only likely is offered: `address` has it, and nothing takes it by itself.
    """

    typed: str
    status: str
    address: str = ""
    is_certain: bool = True


@dataclass(slots=True)
class Emails:
    """Addresses in the order typed, what could not be read, and remarks on both."""

    addresses: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    judged: list[Address] = field(default_factory=list, compare=False)


# What every mail server takes for an address; the whole of the rules is asked only about the others.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@.{1,180}$)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?!.*--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:test|com|org|net|ru|tj)",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=32_768)
def _parsed(token: str) -> addresses.Parsed | None:
    if _PLAIN.fullmatch(token):
        local, _at, domain = token.partition("@")
        return addresses.Parsed(f"{local}@{domain.lower()}", repaired=False)
    try:
        return addresses.parse(token)
    except addresses.NotAnAddress:
        return None


def read(cell: str) -> Emails:
    """Every address of the cell; every other text that means something is in `unread`, never dropped."""
    found, words = Emails(), []
    for token in _tokens(cell):
        parsed = _parsed(token) if "@" in token else _typed_on_russian_keys(token)
        if parsed:
            _take(found, token, parsed, cell)
            _leave(found, words)
        elif "@" in token or _WITHOUT_AT.fullmatch(token):
            _leave(found, words)
            _refuse(found, token)
        elif not _LABEL.fullmatch(token):
            words.append(token)
    placeholder = " ".join([*words, *NO_VALUE.findall(cell)])
    _leave(found, words)
    if not found.judged and placeholder:
        found.judged.append(Address(placeholder, PLACEHOLDER))
    return found


# Most cells hold one address and nothing that wants mending.
_ALONE = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+")


def has_address(cell: str) -> bool:
    return bool(re.search(r"[^\s@]@[^\s@]", cell))


def _tokens(cell: str) -> list[str]:
    if _ALONE.fullmatch(cell):
        return [cell]
    text = NO_VALUE.sub(" ", cell.replace("\xa0", " "))
    text = _STOP.sub(r"\1", _DISPLAY_NAME.sub(r" \1 ", text))
    text = _COMMA_FOR_DOT.sub(r"\1.\2", re.sub(r"@+", "@", text))
    text = re.sub(r"(?<=\w@)[ \t]+(?=[^\s@]+\.[^\s@]+(?:\s|$))", "", text)
    text = _SPACED.sub(r"\1@", text)
    return [token for token in map(_mended, _SEPARATORS.split(text)) if token]


def _mended(token: str) -> str:
    """A token with a colon label cut off («e-mail:a@b.tj») and doubled dots of the domain made one."""
    if "@" not in token:
        return token
    token = re.sub(r"^[^@:]{1,12}:(?!.*:)", "", token) if not token.casefold().startswith("mailto:") else token
    local, _, domain = token.rpartition("@")
    return f"{local}@{re.sub(r'[.]{2,}', '.', domain)}"


def _typed_on_russian_keys(token: str) -> addresses.Parsed | None:
    """`шмфтЭьфшдюке`: an address typed without switching the keyboard, told by the quotation mark that @ becomes."""
    if '"' not in token.strip('"') or not re.search("[а-яё]", token, re.IGNORECASE):
        return None
    parsed = _parsed(token.translate(_RUSSIAN_KEYS))
    return addresses.Parsed(parsed.address, repaired=True) if parsed else None


def _take(found: Emails, token: str, parsed: addresses.Parsed, cell: str) -> None:
    address = _with_domain_that_exists(parsed.address)
    is_as_typed = address == parsed.address and _is_as_typed(token, address, cell)
    if addresses.key(address) in map(addresses.key, found.addresses):
        return
    found.addresses.append(address)
    if not is_as_typed:
        found.remarks.append(Remark("repaired-email", token))
    if meant := likely(address):
        found.judged.append(Address(token, FIXABLE, meant, is_certain=False))
    else:
        found.judged.append(Address(token, OK if is_as_typed else FIXABLE, address))
    if meant or _ODD.search(address):
        found.remarks.append(Remark("odd-email", address))


def _with_domain_that_exists(address: str) -> str:
    """The address with the top-level domain that was meant, where the one typed does not exist."""
    start, dot, top = address.rpartition(".")
    return f"{start}{dot}{_TOP_LEVEL.get(top.casefold(), top)}"


def _is_as_typed(token: str, address: str, cell: str) -> bool:
    """Whether the cell has the address itself; what stands around it (brackets, «mailto:», a comma) is no mistake."""
    if token == address and token in cell:
        return True
    bare = re.sub(r"^mailto:", "", token.strip("<>()[]\"'«»,;: "), flags=re.IGNORECASE)
    if bare.casefold() != address.casefold() and _plain(bare) != address.casefold():
        return False
    return bare.casefold() in cell.casefold()


def _plain(bare: str) -> str:
    try:
        return addresses.normalise(bare).casefold()
    except addresses.NotAnAddress:
        return ""


def _refuse(found: Emails, token: str) -> None:
    """Keep a token that was meant as an address; two that were glued together are offered apart."""
    _leave(found, [token])
    if parts := _unglued(token):
        found.judged.extend(Address(part, FIXABLE, part, is_certain=False) for part in parts)
    elif found.unread and found.unread[-1] == token:
        found.judged.append(Address(token, INVALID))


def _unglued(token: str) -> list[str]:
    """Two addresses without anything between them, divided behind a top-level domain that is in use here."""
    if token.count("@") != 2:
        return []
    match = _GLUED.fullmatch(token)
    parsed = [_parsed(part) for part in match.groups()] if match else []
    found = [_with_domain_that_exists(part.address) for part in parsed if part]
    return [likely(address) or address for address in found] if len(found) == 2 else []


def _leave(found: Emails, words: list[str]) -> None:
    text = " ".join(words)
    words.clear()
    if text and not _NOTHING.fullmatch(text):
        found.unread.append(text)
        found.remarks.append(Remark("bad-email", text))


_MAIL = re.compile(r"[^\s;,]*@[^\s;,]*")
_PHONE_LABEL = re.compile(r"\s*(?:тел|моб|сот|раб|факс|tel|mob|fax|phone|☎)", re.IGNORECASE)
_LATIN_WORD = re.compile(r"\S*[A-Za-z]\S*")
_MAIL_LABEL = re.compile(r"\s*(?:e-?mail|эл\.?\s*почта|эл\.?\s*адрес|почта)\b", re.IGNORECASE)


def apart(cell: str) -> tuple[str, str]:
    """A cell holding both kinds of contact, as (the text with e-mail addresses, the rest with telephone numbers)."""
    mail, rest = [], []
    for line in cell.split("\n"):
        whole = _SPACED.sub(r"\1@", _DISPLAY_NAME.sub(r" \1 ", line))
        without = _MAIL.sub(" ", whole)
        if "@" in line and len(re.findall(r"\d", _LATIN_WORD.sub(" ", without))) >= 7:
            mail.extend(_MAIL.findall(whole))
            rest.append(_MAIL_LABEL.sub(" ", without))
        elif _is_of_mail(line):
            mail.append(line)
        else:
            rest.append(line)
    return "\n".join(mail), "\n".join(rest)


def _is_of_mail(line: str) -> bool:
    """Whether a line says something about an address: has one, or one without its @, or words without any number."""
    if "@" in line or _MAIL_LABEL.match(line):
        return True
    if any(_WITHOUT_AT.fullmatch(word) or _typed_on_russian_keys(word) for word in line.split()):
        return True
    return bool(line.strip()) and not re.search(r"\d", line) and not _PHONE_LABEL.match(line)
