"""Find the delivery that a letter is about: by the address it came to, our header, our number, in that order."""

from core.addresses import key
from core.signing import BadToken

from ...models import Delivery
from ...states import Matched
from .. import marks
from .failures import Recipient
from .letter import Letter


def delivery_of(letter: Letter) -> tuple[Delivery | None, str]:
    """The delivery and by what it was found; only what carries our MAC finds one."""
    threads = f"{letter.header('In-Reply-To')} {letter.header('References')}"
    asked = [
        *((Matched.ADDRESS, marks.of_bounce, address) for address in letter.handed_to),
        *((Matched.ADDRESS, marks.of_leaving, address) for address in letter.handed_to),
        (Matched.HEADER, marks.of_header, letter.returned or letter.text),
        (Matched.NUMBER, marks.of_number, f"{letter.returned}\n{threads}\n{letter.text[-8000:]}"),
    ]
    for how, ask, text in asked:
        try:
            number = ask(text)
        except BadToken:
            continue
        if number is not None and (found := _delivery(number)):
            return found, how
    return None, ""


def _delivery(number: int) -> Delivery | None:
    return Delivery.objects.select_related("mailing", "contact").filter(pk=number).first()


def about(delivery: Delivery, recipients: list[Recipient], address: str) -> tuple[Recipient | None, bool]:
    """What a report says of our letter, and whether it names our reader: a letter handed on may fail elsewhere."""
    ours = key(address)
    for one in recipients:
        if ours in {key(one.address), key(one.final)}:
            return one, True
    # One letter goes to one reader, so a report on one recipient is on this letter all the same.
    return (recipients[0], False) if len(recipients) == 1 else (None, False)
