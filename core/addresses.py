"""E-mail addresses: repair what is certain, refuse what is not an address, compare what is the same. Pure."""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

# Cyrillic letters that look like Latin ones: in an otherwise Latin address they were typed by mistake.
_LOOK_ALIKES = str.maketrans("асеорхукАСЕОРХВМТНК", "aceopxykACEOPXBMTHK")
_WRAPPING = re.compile(r"^(?:mailto:)?[\s<(\[\"'«]*|[\s>)\]\"'»,;:.]*$", re.IGNORECASE)
# Mistyped domains that nobody can have meant otherwise: the top-level domain does not exist.
_TYPED_DOMAINS = {
    "gmail.con": "gmail.com", "gmail.comm": "gmail.com", "gmail.kom": "gmail.com", "gmail,com": "gmail.com",
    "yahoo.con": "yahoo.com", "hotmail.con": "hotmail.com", "outlook.con": "outlook.com", "icloud.con": "icloud.com",
    "mail.rru": "mail.ru", "mail.r": "mail.ru", "mail,ru": "mail.ru", "yandex.r": "yandex.ru", "bk.rru": "bk.ru",
}  # fmt: skip


class NotAnAddress(ValueError):
    """The text cannot be read as one e-mail address."""


@dataclass(frozen=True)
class Parsed:
    address: str
    repaired: bool


def parse(text: str) -> Parsed:
    """Read one address as people type it. Raises NotAnAddress; says whether something certain was repaired."""
    typed = text.strip()
    bare = _WRAPPING.sub("", typed)
    bare = re.sub(r"\s*@\s*", "@", bare)
    # A Cyrillic domain (почта.рф) has letters no Latin one looks like: there nothing was mistyped.
    if re.search(r"[A-Za-z]", bare) and (latin := bare.translate(_LOOK_ALIKES)).isascii():
        bare = latin
    local, _, domain = bare.rpartition("@")
    domain = _TYPED_DOMAINS.get(domain.casefold(), domain)
    address = normalise(f"{local}@{domain}")
    return Parsed(address, repaired=address.casefold() != typed.casefold())


def normalise(address: str) -> str:
    """The one form an address is stored and compared in: domain in lower case. Raises NotAnAddress.

    The local part keeps its case on the wire (RFC 5321, 2.4); `key` folds it for comparison.
    """
    try:
        read = validate_email(address, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise NotAnAddress(address) from error
    return read.ascii_email


def key(address: str) -> str:
    """What two spellings of one mailbox share: used for UNIQUE and for the stop list."""
    return address.strip().casefold()


_CODES = re.compile(r"\s*(\d{3}\b)?\s*(\d\.\d{1,3}\.\d{1,3}\b)?")
_ADDRESS_LIKE = re.compile(r"\S*@\S*")


def codes_alone(reply: str) -> str:
    """A mail server's answer without its words, which often quote the address: "550 5.1.1 No x@y.tj" is "550 5.1.1"."""
    return " ".join(filter(None, _CODES.match(reply).groups()))


def unquoted(reply: str) -> str:
    """A mail server's answer with whatever looks like an address left out."""
    return _ADDRESS_LIKE.sub("•••", reply)


def mask(address: str) -> str:
    """`s•••i@chashma.test`: enough to recognise one's own address, too little to learn it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••{local[-1:] if len(local) > 2 else ''}@{domain}"
