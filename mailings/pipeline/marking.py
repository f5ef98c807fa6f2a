"""Links and a picture that tell, put into the letter of a reader who is measured. Everybody else gets it untouched."""

import re
from html import unescape
from typing import Protocol

from django.conf import settings
from django.utils.html import escape

from ..measuring.links import Mark, anonymous, make_token
from ..measuring.policy import Measured
from ..merge_fields import Field

_LINK = re.compile(r'(?<=href=")https?://[^"]+(?=")')
# A longer one stays as it is: an index of the database holds no more.
_LONGEST = 1_000


def addresses_in(html: str) -> tuple[str, ...]:
    """Where a text leads to, each address once."""
    found = (unescape(found) for found in _LINK.findall(html))
    return tuple(dict.fromkeys(address for address in found if len(address) <= _LONGEST))


def with_slots(parts: list[str | Field], addresses: tuple[str, ...]) -> list[str | Field]:
    """The pieces of a letter cut at these links; a slot that nothing is put into is the link as it was written."""
    cut: list[str | Field] = []
    for part in parts:
        if isinstance(part, Field):
            cut.append(part)
            continue
        start = 0
        for match in _LINK.finditer(part):
            if (address := unescape(match[0])) in addresses:
                cut += [part[start : match.start()], Field(_slot(addresses.index(address)), match[0])]
                start = match.end()
        cut.append(part[start:])
    return cut


def _slot(index: int) -> str:
    return f"link {index}"


class Known(Protocol):
    """What of a delivery says how much may be known of its reader."""

    pk: int
    mailing_id: int
    kind: str
    language: str
    measured_as: str


def mark_of(delivery: Known) -> Mark | None:
    """How this reader's visits are told from others': as theirs, as somebody's of a group, or not at all."""
    if delivery.measured_as == Measured.PERSON:
        return Mark(delivery.mailing_id, delivery.pk)
    if delivery.measured_as == Measured.TOTALS:
        return anonymous(delivery.mailing_id, delivery.kind, delivery.language)
    return None


def slots_of(mark: Mark, addresses: tuple[str, ...]) -> dict[str, str]:
    """What goes into the slots of one letter."""
    return {
        _slot(index): f"{settings.SITE_URL}/l/{make_token(mark, address)}/" for index, address in enumerate(addresses)
    }


def with_tail(parts: list[str | Field]) -> list[str | Field]:
    """The pieces with one more slot, the last, before the end of the page."""
    before, end, after = str(parts[-1]).rpartition("</body>")
    return [*parts[:-1], before, Field("tail", ""), end + after]


def tail(mark: Mark, *, opens: bool) -> str:
    """A link that only machines see, and, where opens are measured, the picture that is asked for."""
    trap = f"{settings.SITE_URL}/l/{make_token(mark, is_trap=True)}/"
    markup = f'<a href="{escape(trap)}" aria-hidden="true" tabindex="-1"></a>'
    if opens:
        picture = f"{settings.SITE_URL}/o/{make_token(mark)}.gif"
        markup += f'<img src="{escape(picture)}" width="1" height="1" alt="">'
    return markup
