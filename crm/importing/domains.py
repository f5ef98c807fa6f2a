"""Judge the domains of a whole file together: a rare one that is a slip from a common one is doubtful. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from . import emails, proposals
from .proposals import Proposal
from .remarks import Remark
from .rows import Record

# A typing mistake is rare beside what was meant: so many times rarer, twice where both stand at one organisation.
_TIMES, _TIMES_AT_ONE = 3, 2
# Beyond two, one in fifty of a common domain are mistyped in the same way.
_FEW, _SHARE = 2, 50
# Whose addresses are spread over so many organisations is a mail service, not an outlet: eight, or one in a hundred.
_SERVICE, _SPREAD = 8, 100


def judge(records: Iterable[Record]) -> None:
    """Mark the addresses that are probably mistyped, and propose what was meant. Changes no address."""
    records = list(records)
    counts: Counter[str] = Counter()
    organisations = defaultdict(set)
    for record in records:
        for one in record.addresses:
            if one.is_certain and one.address:
                domain = _domain(one.address)
                counts[domain] += 1
                organisations[domain].add(record.organisation.casefold())
    meant = _slips(counts, organisations)
    if not meant:
        return
    service = max(_SERVICE, len({record.organisation.casefold() for record in records}) // _SPREAD)
    for record in records:
        for at, one in enumerate(record.addresses):
            if one.is_certain and (domain := meant.get(_domain(one.address))):
                is_service = len(organisations[domain]) >= service
                _doubt(record, at, domain, emails.FIXABLE if is_service else emails.SUSPICIOUS)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _slips(counts: Counter[str], organisations: dict[str, set[str]]) -> dict[str, str]:
    """Rare domains, each with the common one it is a slip from."""
    near = defaultdict(set)
    for domain, count in counts.items():
        if count >= _TIMES_AT_ONE:
            for shape in _shapes(domain):
                near[shape].add(domain)

    def is_meant(one: str, typed: str) -> bool:
        times = _TIMES_AT_ONE if organisations[one] & organisations[typed] - {""} else _TIMES
        is_rare = counts[typed] <= max(_FEW, counts[one] // _SHARE)
        return is_rare and counts[one] >= times * counts[typed] and _is_slip(typed, one)

    found = {}
    for domain in counts:
        likely = {one for shape in _shapes(domain) for one in near.get(shape, ()) if one != domain}
        if likely := {one for one in likely if is_meant(one, domain)}:
            found[domain] = max(likely, key=lambda one: (counts[one], one))
    return found


def _shapes(domain: str) -> set[str]:
    """What two domains share that are one slip apart: the letters without order, or without one of them."""
    letters = sorted(domain)
    return {"".join(letters), *("".join(letters[:at] + letters[at + 1 :]) for at in range(len(letters)))}


def _is_slip(typed: str, meant: str) -> bool:
    (name, _dot, top), (other, _dot, other_top) = typed.rpartition("."), meant.rpartition(".")
    return top == other_top and emails.is_one_slip(name, other)


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
