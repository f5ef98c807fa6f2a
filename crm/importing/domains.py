"""Judge the domains of a whole file together: one that stands there once, a slip from one that is common, is doubtful. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from core.text import fold

from . import emails, proposals
from .proposals import Proposal
from .remarks import Remark
from .rows import Record

# A typing mistake is rare, and what was meant is not.
_MOST_OF_A_SLIP = 2
_TIMES = 3
# Whose addresses are spread over so many organisations is a mail service, not an outlet.
_SERVICE = 8


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
                organisations[domain].add(fold(record.organisation))
    meant = _slips(counts)
    if not meant:
        return
    for record in records:
        for at, one in enumerate(record.addresses):
            if one.is_certain and (domain := meant.get(_domain(one.address))):
                is_service = len(organisations[domain]) >= _SERVICE
                _doubt(record, at, domain, emails.FIXABLE if is_service else emails.SUSPICIOUS)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _slips(counts: Counter[str]) -> dict[str, str]:
    """Rare domains, each with the common one it is a slip from."""
    near = defaultdict(set)
    for domain, count in counts.items():
        if count >= _TIMES:
            for shape in _shapes(domain):
                near[shape].add(domain)
    found = {}
    for domain, count in counts.items():
        if count > _MOST_OF_A_SLIP:
            continue
        likely = {one for shape in _shapes(domain) for one in near.get(shape, ()) if one != domain}
        likely = {one for one in likely if counts[one] >= _TIMES * count and _is_slip(domain, one)}
        if likely:
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
            proposals.SPELLING, one.typed, value=address, source="address", confidence=0.6,
            sheet=record.sheet, row=record.number,
        )  # fmt: skip
    )
    remark = Remark("odd-email", one.address)
    if remark not in record.remarks:
        record.remarks.append(remark)
