"""Judge the domains of a whole file together: what is a slip from another domain, or from a word, is doubtful. Pure.

And tell whose a domain is, so that who is listed without an organisation is known to be there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from crm.matching import names, organisations

from . import emails, proposals
from .proposals import Proposal
from .remarks import Remark
from .rows import Record

# A typing mistake is rare beside what was meant: so many times rarer, twice where both stand at one organisation.
_TIMES, _TIMES_AT_ONE = 3, 2
# Beyond two, one in fifty of a common domain are mistyped in the same way; of one organisation's one in ten.
_FEW, _SHARE, _SHARE_AT_ONE = 2, 50, 10
# Whose addresses are spread over so many organisations is a mail service, not an outlet: eight, or one in a hundred.
_SERVICE, _SPREAD = 8, 100
# A word is known that so many domains have.
_KNOWN = 3
# A domain is of one organisation where so many rows, and so large a share of those that name any, say so.
_ROWS_AT_HOME, _SHARE_AT_HOME = 2, 0.75
_PUBLIC = frozenset(
    "gmail mail yandex ya inbox bk list internet rambler yahoo hotmail outlook live icloud proton".split()
)


@dataclass
class _Seen:
    """What a file says of its domains."""

    counts: Counter[str] = field(default_factory=Counter)
    organisations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # The domains of all mailboxes of one name, each with whose it is.
    mailboxes: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    # In how many domains a word stands.
    words: Counter[str] = field(default_factory=Counter)


def judge(records: Iterable[Record]) -> None:
    """Mark the addresses that are probably mistyped, and propose what was meant. Changes no address."""
    records = list(records)
    seen = _seen(records)
    slips = _misspelled(seen) | _slips(seen)
    moved = _moved(seen)
    service = max(_SERVICE, len({record.organisation.casefold() for record in records}) // _SPREAD)
    for record in records:
        for at, one in enumerate(record.addresses):
            if not one.is_certain:
                continue
            if meant := moved.get(one.address.casefold()) or slips.get(domain_of(one.address)):
                is_service = len(seen.organisations[meant]) >= service
                _doubt(record, at, meant, emails.FIXABLE if is_service else emails.SUSPICIOUS)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _seen(records: Iterable[Record]) -> _Seen:
    seen = _Seen()
    for record in records:
        for one in record.addresses:
            if one.is_certain and one.address:
                local, _at, domain = one.address.casefold().rpartition("@")
                seen.counts[domain] += 1
                seen.organisations[domain].add(record.organisation.casefold())
                seen.mailboxes[local].append((domain, record.name))
    for domain in seen.counts:
        seen.words.update(set(_words(domain)))
    return seen


def _slips(seen: _Seen) -> dict[str, str]:
    """Rare domains, each with the common one it is a slip from."""
    near = defaultdict(set)
    for domain, count in seen.counts.items():
        if count >= _TIMES_AT_ONE:
            for shape in _shapes(domain):
                near[shape].add(domain)
    found = {}
    for domain in seen.counts:
        likely = {one for shape in _shapes(domain) for one in near.get(shape, ()) if one != domain}
        if likely := {one for one in likely if _is_meant(one, domain, seen)}:
            found[domain] = max(likely, key=lambda one: (seen.counts[one], one))
    return found


def _is_meant(one: str, typed: str, seen: _Seen) -> bool:
    at_one = bool(seen.organisations[one] & seen.organisations[typed] - {""})
    times, share = (_TIMES_AT_ONE, _SHARE_AT_ONE) if at_one else (_TIMES, _SHARE)
    count, common = seen.counts[typed], seen.counts[one]
    return count <= max(_FEW, common // share) and common >= times * count and _is_slip(typed, one)


def _shapes(domain: str) -> set[str]:
    """What two domains share that are one slip apart: their look, the letters without order, or without one of them."""
    letters = sorted(domain)
    return {
        emails.look(domain),
        "".join(letters),
        *("".join(letters[:at] + letters[at + 1 :]) for at in range(len(letters))),
    }


def _is_slip(typed: str, meant: str) -> bool:
    (name, _dot, top), (other, _dot, other_top) = typed.rpartition("."), meant.rpartition(".")
    return top == other_top and (emails.is_one_slip(name, other) or emails.is_look_alike(name, other))


def _misspelled(seen: _Seen) -> dict[str, str]:
    """Rare domains with words nobody has, which two letters in each other's place make words that are known.

    Known are the words of other domains and of the organisation itself: «Фуруг Душанбе» has no furug-udshanbe.
    """
    found = {}
    for domain, count in seen.counts.items():
        if count <= _FEW and any(_is_odd(word, seen) for word in _words(domain)):
            own = {word for name in seen.organisations[domain] for word in organisations.read(name).words}
            if meant := next((one for one in _swapped(domain) if _makes_sense(one, domain, own, seen)), ""):
                found[domain] = meant
    return found


def _words(domain: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", domain.rpartition(".")[0])


def _is_odd(word: str, seen: _Seen) -> bool:
    return not word.isdigit() and seen.words[word] < _KNOWN


def _swapped(domain: str, *, digits: bool = False) -> Iterator[str]:
    """The domain with two neighbours in each other's place, one pair after the other; two digits only if asked for."""
    name, dot, top = domain.rpartition(".")
    for at in range(len(name) - 1):
        one, other = name[at : at + 2]
        meant = f"{name[:at]}{other}{one}{name[at + 2 :]}"
        is_number = one.isdigit() and other.isdigit()
        if one != other and (digits or not is_number) and "--" not in meant and meant.strip("-.") == meant:
            yield f"{meant}{dot}{top}"


def _makes_sense(one: str, typed: str, own: set[str], seen: _Seen) -> bool:
    """Whether all words that the swap makes are known, and it unmakes more nonsense than words."""

    def is_known(word: str) -> bool:
        return not _is_odd(word, seen) or not own.isdisjoint(organisations.read(word).words)

    made, unmade = Counter(_words(one)), Counter(_words(typed))
    made, unmade = made - unmade, unmade - made
    gained, lost = (sum(len(word) for word in words if word.isalpha() and is_known(word)) for words in (made, unmade))
    return all(map(is_known, made)) and gained >= max(_WHOLE, lost + 1)


# Shorter words are known by chance.
_WHOLE = 4


def _moved(seen: _Seen) -> dict[str, str]:
    """Addresses of people who have the same mailbox at a domain one slip away, which is the commoner of the two."""
    found = {}
    for local, owners in seen.mailboxes.items():
        places = defaultdict(list)
        for domain, name in owners:
            places[domain].append(name)
        for typed in places if len(places) > 1 else ():
            other = next((one for one in _swapped(typed, digits=True) if one in places), "")
            if other and _is_commoner(other, typed, places, seen) and _is_of_one(places[typed], places[other]):
                found[f"{local}@{typed}"] = other
    return found


def _is_commoner(one: str, other: str, places: dict[str, list[str]], seen: _Seen) -> bool:
    return (len(places[one]), seen.counts[one]) > (len(places[other]), seen.counts[other])


def _is_of_one(some: list[str], others: list[str]) -> bool:
    return any(names.match(one, other).is_strong for one in dict.fromkeys(some) for other in dict.fromkeys(others))


def _doubt(record: Record, at: int, domain: str, status: str) -> None:
    one = record.addresses[at]
    address = f"{one.address.rpartition('@')[0]}@{domain}"
    record.addresses[at] = replace(one, status=status, address=address, is_certain=False)
    record.proposals.append(
        Proposal(
            proposals.SPELLING,
            one.typed,
            value=address,
            source="address",
            confidence=0.6,
            sheet=record.sheet,
            row=record.number,
        )  # fmt: skip
    )
    remark = Remark("odd-email", one.address)
    if remark not in record.remarks:
        record.remarks.append(remark)


def homes(records: Iterable[Record]) -> dict[str, str]:
    """Which organisation each domain is of, as the rows that have an address there and name one agree."""
    named = defaultdict(Counter)
    for record in records:
        for domain in set(map(domain_of, record.emails)) if record.organisation else ():
            named[domain][record.organisation] += 1
    return {domain: name for domain, said in named.items() if (name := _home(domain, said))}


def _home(domain: str, said: Counter[str]) -> str:
    if domain.partition(".")[0] in _PUBLIC or said.total() < _ROWS_AT_HOME:
        return ""
    most, _count = max(said.items(), key=lambda item: (item[1], item[0]))
    agreeing = sum(count for name, count in said.items() if organisations.same_organisation(name, most))
    return most if agreeing >= max(_ROWS_AT_HOME, _SHARE_AT_HOME * said.total()) else ""
