"""What of a row goes on the card it is joined to, where a person chose field by field. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.sealing import blind

from . import names
from .people import Person
from .rows import Record

# Fields of which there is one: the row's may stand in place of the card's.
ONE = ("name", "city", "languages")

Choice = Mapping[str, Sequence[str]]


def wanted(record: Record, choice: Choice) -> Record:
    """The row without what shall not come: the work, or addresses and telephones, named by their blind keys."""
    left = set(choice.get("left", ()))
    if not left:
        return record
    if "organisation" in left:
        record = replace(record, organisation="", title="", positions=[])
    return replace(
        record,
        emails=[address for address in record.emails if blind(address) not in left],
        phones=[number for number in record.phones if blind(number) not in left],
    )


def put(record: Record, person: Person, choice: Choice) -> list[tuple[str, str]]:
    """Let the row's word stand in place of the card's, and return those words."""
    over = [(name, getattr(record, name)) for name in ONE if name in choice.get("over", ())]
    over = [(name, value) for name, value in over if value and value != getattr(person, name)]
    for name, value in over:
        setattr(person, name, value)
        person.filled.add(name)
        if name == "name" and (given := names.read(value).given):
            person.given_name = given[:100]
            person.filled.add("given_name")
    return over
