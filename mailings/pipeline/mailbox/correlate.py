"""Find the delivery that a letter is about: by the address it came to, our header, our number, in that order."""

from collections.abc import Iterable, Mapping

from core.addresses import key
from core.signing import BadToken
from crm.models import Contact

from ...models import Delivery
from ...states import Matched
from .. import marks
from .letter import Letter
from .recipients import Recipient

# By what a delivery was found, and its number.
Mark = tuple[str, int]


def marks_in(letter: Letter) -> list[Mark]:
    """What in a letter names a delivery of ours, the surest first; only what carries our MAC names one."""
    asked = [
        *((Matched.ADDRESS, marks.of_bounce, address) for address in letter.handed_to),
        *((Matched.ADDRESS, marks.of_leaving, address) for address in letter.handed_to),
        (Matched.HEADER, marks.of_header, letter.returned or letter.text),
        (Matched.NUMBER, marks.of_number, f"{letter.returned}\n{letter.thread}\n{letter.text[-8000:]}"),
    ]
    found = []
    for how, ask, text in asked:
        try:
            number = ask(text)
        except BadToken:
            continue
        if number is not None:
            found.append((how, number))
    return found


def deliveries(found: Iterable[list[Mark]]) -> dict[int, Delivery]:
    """The deliveries that letters name. Their contacts are held: nobody seals one while its letter is being kept."""
    numbers = {number for marked in found for _how, number in marked}
    # Many letters answer one mailing: it is fetched once, not with each of them.
    rows = Delivery.objects.prefetch_related("mailing__author").in_bulk(numbers)
    wanted = {row.contact_id for row in rows.values() if row.contact_id}
    contacts = {one.pk: one for one in Contact.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for row in rows.values():
        row.contact = contacts.get(row.contact_id)
    return rows


def named(marked: list[Mark], rows: Mapping[int, Delivery]) -> tuple[Delivery | None, str]:
    """The delivery of the surest mark that there is one for, and by what it was found."""
    return next(((rows[number], how) for how, number in marked if number in rows), (None, ""))


def about(recipients: list[Recipient], *addresses: str) -> tuple[Recipient | None, bool]:
    """What a report says of our letter, and whether it names our reader: a letter handed on may fail elsewhere."""
    ours = {key(address) for address in addresses}
    for one in recipients:
        if ours & {key(one.address), key(one.final)}:
            return one, True
    # One letter goes to one reader, so a report on one recipient is on this letter all the same.
    return (recipients[0], False) if len(recipients) == 1 else (None, False)
