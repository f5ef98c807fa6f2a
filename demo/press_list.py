"""Write a press list as people keep it, with many small mistakes; the same seed gives the same list.

`python -m demo.press_list list.xlsx --rows 20000 --seed 7` writes a bigger one.
"""

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.text import fold

from . import names
from .names import LANGUAGES, LAYOUTS, Layout, Name, Organisation

# What the demo's mail catcher answers at these domains, and how many people have such an address.
REFUSING = {"gone.test": 6, "full.test": 3, "strict.test": 3}
PUBLIC_MAIL = ("mail.test", "pochta.test", "example.org", "example.com", "example.net")
PLACEHOLDERS = ("нет", "-", "уточнить")
LEFT = {words for layout in LAYOUTS for words in layout.left}
DO_NOT_WRITE = {words for layout in LAYOUTS for words in layout.do_not_write}
_GREY, _YELLOW = PatternFill("solid", fgColor="D9D9D9"), PatternFill("solid", fgColor="FFF2A8")
_WIDTHS = {"number": 5, "languages": 12, "city": 14}
_LEGEND = "Условные обозначения: жёлтый — проверить адрес; зачёркнуто — больше не работает; серая строка — раздел"


@dataclass(frozen=True)
class Truth:
    """What the list holds, for comparing with what an import made of it. Counts of people count each person once."""

    rows: int  # people + duplicates + refused; headings, section rows, blank rows and the legend are no rows
    people: int  # distinct people, the offices among them
    offices: int  # «редакция», «пресс-служба» instead of a name: contacts called by their organisation
    mailable: int  # people with at least one address that is valid or can be repaired for certain
    duplicates: int  # second rows of somebody already listed: the same address, capitals or е for ё
    refused: frozenset[tuple[str, int]]  # (sheet, row in Excel) without a name, an organisation or an address
    addresses: frozenset[str]  # every address that can be read, in lower case, each once
    shared: frozenset[str]  # those of `addresses` used by more than one person
    repaired: int  # people whose one address was mistyped in a way that has one certain repair
    unreadable: int  # people whose only address is beyond repair: «zarina@»
    placeholders: int  # people with «нет», «-» or «уточнить» where an address should be
    left: int  # people whose note says they have left
    do_not_write: int  # people whose note asks for no letters
    organisations: int  # distinct organisations
    languages: dict[str, int]  # people by language codes, the preferred first; "" where the cell is empty
    refusing: dict[str, int]  # people by domain at which the demo's mail catcher refuses their only address

    @property
    def without_address(self) -> int:
        return self.people - self.mailable


@dataclass
class Row:
    """One line of the list before it is laid out in columns. `person` is 0 in a line that is about nobody."""

    person: int = 0
    organisation: Organisation = Organisation("", "")
    name: Name = Name("", "")
    full_name: str = ""
    title: str = ""
    emails: str = ""
    addresses: tuple[str, ...] = ()
    situation: str = ""
    phones: str | int = ""
    languages: str = ""
    note: str = ""
    is_namesake: bool = False
    at: tuple[str, int] = ("", 0)

    @property
    def cells(self) -> dict[str, str | int]:
        return {
            "organisation": self.organisation.name, "city": self.organisation.city, "title": self.title,
            "full_name": self.full_name, "surname": self.name.surname, "given": self.name.given,
            "patronymic": self.name.patronymic, "emails": self.emails, "phones": self.phones,
            "languages": self.languages, "note": self.note,
        }  # fmt: skip


@dataclass
class Section:
    """A part of a sheet under a grey row: groups of rows, each group of one organisation."""

    title: str
    groups: list[list[Row]] = field(default_factory=list)


Lists = list[tuple[Layout, list[Section]]]


def write_press_list(path: Path, *, rows: int = 300, seed: int = 26) -> Truth:
    """Write the workbook and say what is in it; `rows` counts every row about people, the few refused ones too."""
    chance = Random(seed)  # noqa: S311  Nothing secret hangs on it; a list must come out twice the same.
    lists = _people(chance, rows)
    everybody = [row for row in _rows(lists) if row.person]
    _number_telephones(chance, lists)
    _give_addresses(chance, lists, everybody)
    _give_notes(chance, lists)
    _repeat(chance, lists, rows * 8 // 100)
    for layout, sections in lists:
        vacancy = Row(title=layout.titles[0], emails=PLACEHOLDERS[2], note=layout.vacancy)
        sections.insert(0, Section("", [[vacancy]]))
    _write(chance, path, lists)
    return _truth(list(_rows(lists)))


def _rows(lists: Lists) -> Iterator[Row]:
    for _layout, sections in lists:
        for section in sections:
            yield from itertools.chain.from_iterable(section.groups)


def _people(chance: Random, rows: int) -> Lists:
    """The distinct people of all sheets, in sections and in groups of one organisation."""
    count = rows - len(LAYOUTS) - rows * 8 // 100
    number, taken = itertools.count(1), set()
    lists, left = [], count
    for layout in LAYOUTS:
        size = left if layout is LAYOUTS[-1] else round(count * layout.share)
        left -= size
        lists.append((layout, _sections(chance, layout, size, number, taken)))
    return lists


def _sections(chance: Random, layout: Layout, size: int, number: Iterator[int], taken: set) -> list[Section]:
    weights = [len(organisations) for organisations in layout.sections.values()]
    sections, done = [], 0
    for index, (title, organisations) in enumerate(layout.sections.items()):
        upto = size * sum(weights[: index + 1]) // sum(weights)
        section = Section(title)
        for turn, organisation in enumerate(_organisations(organisations, layout)):
            if done >= upto:
                break
            group = [
                _person(chance, layout, organisation, next(number), taken)
                for _ in range(min(chance.choice([1, 2, 2, 3, 3, 4]), upto - done))
            ]
            if layout.office and turn < len(organisations) and chance.random() < 0.3:
                group[0] = _office(layout, organisation, group[0].person)
            section.groups.append(group)
            done += len(group)
        sections.append(section)
    return sections


def _organisations(organisations: Iterable[Organisation], layout: Layout) -> Iterator[Organisation]:
    """The organisations of a section without end: first themselves, then their branches in other cities."""
    yield from organisations
    while True:
        for city in names.CITIES:
            for one in organisations:
                branch = replace(one, name=f"{one.name}, {city}", city=city if one.city else "")
                yield branch if layout.has_branches else one


def _person(chance: Random, layout: Layout, organisation: Organisation, number: int, taken: set) -> Row:
    """Somebody whose full name nobody has yet in any script, and if possible not even surname and given name."""
    for attempt in itertools.count():
        name = layout.invent(chance)
        short = fold(f"{name.surname} {name.given}")
        full = fold(f"{name.surname} {name.given} {name.patronymic}")
        if full not in taken and (short not in taken or attempt > 20):
            break
    row = Row(number, organisation, name, _in_one_cell(chance, layout, name), chance.choice(layout.titles))
    row.languages, row.is_namesake = chance.choice(layout.languages), short in taken
    taken |= {short, full}
    return row


def _in_one_cell(chance: Random, layout: Layout, name: Name) -> str:
    if name.patronymic:
        return f"{name.surname} {name.given} {name.patronymic}"
    is_given_first = layout.invent is names.english or chance.random() < 0.3
    return f"{name.given} {name.surname}" if is_given_first else f"{name.surname} {name.given}"


def _office(layout: Layout, organisation: Organisation, number: int) -> Row:
    address = f"press@{organisation.domain}"
    return Row(
        number,
        organisation,
        Name(layout.office, ""),
        layout.office,
        emails=address,
        addresses=(address,),
        situation="office",
    )


def _deck(chance: Random, size: int, cards: dict[str, int], rest: str) -> list[str]:
    """Exactly so many of each card, shuffled: shares that do not hang on luck."""
    deck = [card for card, count in cards.items() for _ in range(count)][:size]
    deck += [rest] * (size - len(deck))
    chance.shuffle(deck)
    return deck


def _number_telephones(chance: Random, lists: Lists) -> None:
    """Mobile numbers with 000 in the middle, each given once, and office numbers 221-00-NN."""
    blocks = ("90", "91", "92", "93", "98")
    numbers = chance.sample(range(len(blocks) * 10_000), len(blocks) * 10_000)
    mobiles = itertools.cycle(f"{blocks[number // 10_000]}000{number % 10_000:04}" for number in numbers)
    for layout, sections in lists:
        for row in _rows([(layout, sections)]):
            # Namesakes must not look like one person: no office line in common.
            kinds = "m" if row.is_namesake else chance.choice(["m", "m", "m", "m", "mm", "mc", "c", ""])
            spelled = [_mobile(chance, next(mobiles)) if kind == "m" else _city(chance) for kind in kinds]
            separator = chance.choice(["; ", ", ", "\n", " / ", f" {layout.either} "])
            is_number = len(spelled) == 1 and spelled[0].isdigit()
            row.phones = int(spelled[0]) if is_number else separator.join(spelled)


def _mobile(chance: Random, digits: str) -> str:
    block, one, two = digits[:2], digits[5:7], digits[7:]
    return chance.choice([
        f"+992 {block} 000 {one}{two}", f"+992{digits}", f"(+992) {block}-000-{one}-{two}", f"992{digits}", digits,
        f"{block} 000 {one} {two}", f"{block}-000-{one}{two}", f"{block}.000.{one}.{two}", f"{digits} (WhatsApp)",
        f"8-992-{block}-000-{one}-{two}", f"8-10-992-{block}-000-{one}-{two}", f"моб. {block} 000-{one}-{two}",
        # The letter О for a zero.
        f"+992 {block} 0О0 {one} {two}",
    ])  # fmt: skip


def _city(chance: Random) -> str:
    line = f"{chance.randrange(100):02}"
    return chance.choice(
        [f"221-00-{line}", f"22100{line}", f"(37) 221-00-{line}", f"тел. 221 00 {line}", f"+992 37 221 00 {line}"]
    )


def _give_addresses(chance: Random, lists: Lists, everybody: list[Row]) -> None:
    """Decide how each person's address cell looks, in fixed shares, and fill it."""
    people = [row for row in everybody if row.situation != "office"]
    size, taken = len(people), {address for row in everybody for address in row.addresses}
    deck = _deck(
        chance, size,
        REFUSING | {"two": size * 14 // 100, "repaired": size * 12 // 100, "unreadable": size * 3 // 100,
                    "placeholder": size * 5 // 100, "none": size * 4 // 100},
        rest="one",
    )  # fmt: skip
    either = {row.person: layout.either for layout, sections in lists for row in _rows([(layout, sections)])}
    for row, situation in zip(people, deck, strict=True):
        row.situation = situation
        _fill_address(chance, row, taken, either[row.person])
    _share_mailboxes(lists, size // 30, taken)


def _fill_address(chance: Random, row: Row, taken: set[str], either: str) -> None:
    match row.situation:
        case "none":
            return
        case "placeholder":
            row.emails = chance.choice(PLACEHOLDERS)
        case "unreadable":
            local = names.in_latin(row.name.given).lower()
            row.emails = chance.choice([f"{local}@", f"{local}@mail.test@{row.organisation.domain}"])
        case "two":
            row.addresses = (
                _address(chance, row, taken, row.organisation.domain),
                _address(chance, row, taken, chance.choice(PUBLIC_MAIL)),
            )
            row.emails = chance.choice(["; ", ", ", "\n", " / ", f" {either} "]).join(row.addresses)
        case "repaired":
            row.addresses = (_address(chance, row, taken, row.organisation.domain),)
            row.emails = _mistyped(chance, row.addresses[0])
        case "one":
            domain = chance.choice([row.organisation.domain, row.organisation.domain, chance.choice(PUBLIC_MAIL)])
            row.addresses = (_address(chance, row, taken, domain),)
            row.emails = row.addresses[0]
        case domain:
            prefix = chance.choice(["", f"{row.organisation.domain.split('.')[0]}."])
            row.addresses = (_address(chance, row, taken, prefix + domain),)
            row.emails = row.addresses[0]


def _address(chance: Random, row: Row, taken: set[str], domain: str) -> str:
    """An address nobody has yet, made of the name as people make them."""
    given, surname = (names.in_latin(part).lower() for part in (row.name.given, row.name.surname))
    local = chance.choice([f"{given[0]}.{surname}", f"{given}.{surname}", f"{given}_{surname}", f"{surname}.{given}"])
    address = next(
        one for number in itertools.count() if (one := f"{local}{number + 70 if number else ''}@{domain}") not in taken
    )
    taken.add(address)
    return address


def _mistyped(chance: Random, address: str) -> str:
    local, _, domain = address.partition("@")
    return chance.choice([
        f"{address}.", f"{address},", f"{local} @ {domain}", f"{local}@ {domain}", f"mailto:{address}", f"<{address}>",
        # Cyrillic а and о, which nobody sees.
        address.replace("a", "а", 1) if "a" in local else f"{address}.",
        address.replace("o", "о", 1) if "o" in address else f"<{address}>",
    ])  # fmt: skip


def _share_mailboxes(lists: Lists, count: int, taken: set[str]) -> None:
    """Two or three people of one organisation who read one info@ mailbox, some beside their own."""
    groups = [group for _layout, sections in lists for section in sections for group in section.groups]
    step = max(1, len(groups) // max(1, count) // 3)
    for group in groups[::step]:
        # Nobody of the same given name or surname: two people must not look like one who is spelled twice.
        readers = list({row.name.given: row for row in group if row.situation == "one"}.values())
        readers = list({row.name.surname: row for row in readers}.values())[:3]
        address = f"info@{group[0].organisation.domain}"
        if count == 0 or len(readers) < 2 or address in taken:
            continue
        taken.add(address)
        count -= 1
        for index, row in enumerate(readers):
            row.situation = "shared"
            row.addresses = (address,) if index == 0 else (address, *row.addresses)
            row.emails = "; ".join(row.addresses)


def _give_notes(chance: Random, lists: Lists) -> None:
    for layout, sections in lists:
        people = [row for row in _rows([(layout, sections)]) if row.situation not in {"office", *REFUSING}]
        size = len(people)
        deck = _deck(
            chance, size, {"left": size * 4 // 100, "silent": size * 5 // 100, "note": size * 12 // 100}, rest=""
        )
        for row, card in zip(people, deck, strict=True):
            words = {"left": (layout.left[row.name.is_woman],), "silent": layout.do_not_write, "note": layout.notes}
            row.note = chance.choice(words.get(card, ("",)))


def _repeat(chance: Random, lists: Lists, count: int) -> None:
    """Somebody a second time on the same sheet, under another organisation of theirs, spelled a little differently."""
    places = [
        (row, sections)
        for layout, sections in lists
        for row in _rows([(layout, sections)])
        if row.situation in {"one", "two"}
    ]
    for row, sections in chance.sample(places, min(count, len(places))):
        group = chance.choice(chance.choice([section for section in sections if section.groups]).groups)
        change = (lambda text: text.replace("ё", "е").replace("Ё", "Е")) if "ё" in row.full_name.lower() else str.upper
        address = row.addresses[0]
        group.append(
            replace(
                row,
                organisation=group[0].organisation,
                name=row.name.spelled(change),
                full_name=change(row.full_name),
                emails=chance.choice([address, address.capitalize(), address.upper()]),
                situation="repeated",
                note="",
            )
        )


def _write(chance: Random, path: Path, lists: Lists) -> None:
    book = Workbook()
    book.remove(book.active)
    for layout, sections in lists:
        sheet = book.create_sheet(layout.sheet)
        _write_head(sheet, layout)
        number = itertools.count(1)
        line = layout.header_row + 1
        for section in sections:
            if section.title:
                _write_section(sheet, layout, line, section.title)
                line += 1
            for group in section.groups:
                line = _write_group(sheet, layout, line, group, number)
                line += chance.random() < 0.06
        if layout.sheet == LAYOUTS[0].sheet:
            sheet.cell(line + 2, 2, _LEGEND).font = Font(italic=True)
    book.save(path)


def _write_head(sheet: Worksheet, layout: Layout) -> None:
    sheet.cell(1, 1, layout.heading).font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(layout.columns))
    sheet.cell(2, 1, "обновлено 14.03.2026")
    for index, (title, name) in enumerate(layout.columns, start=1):
        sheet.cell(layout.header_row, index, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(name, 28)


def _write_section(sheet: Worksheet, layout: Layout, line: int, title: str) -> None:
    cell = sheet.cell(line, 1, title)
    cell.font, cell.fill = Font(bold=True), _GREY
    sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=len(layout.columns))


def _write_group(sheet: Worksheet, layout: Layout, line: int, group: list[Row], number: Iterator[int]) -> int:
    """Write the rows of one organisation, its name only on the first of them; the line after the last."""
    for index, row in enumerate(group):
        row.at = (layout.sheet, line + index)
        for column, (_title, name) in enumerate(layout.columns, start=1):
            is_covered = layout.is_merged and index and name == "organisation"
            value = next(number) if name == "number" else row.cells[name]
            if value == "" or is_covered:
                continue
            cell = sheet.cell(line + index, column, value)
            if isinstance(value, str) and "\n" in value:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if name == "emails" and row.situation == "unreadable":
                cell.fill = _YELLOW
            if name in {"full_name", "surname"} and row.note in LEFT:
                cell.font = Font(strike=True)
    if layout.is_merged and len(group) > 1:
        column = [name for _title, name in layout.columns].index("organisation") + 1
        last = line + len(group) - 1
        sheet.merge_cells(start_row=line, end_row=last, start_column=column, end_column=column)
    return line + len(group)


def _truth(rows: list[Row]) -> Truth:
    first = {row.person: row for row in reversed(rows) if row.person and row.situation != "repeated"}
    people = list(first.values())
    readers = Counter(address for row in people for address in row.addresses)
    situations = Counter(row.situation for row in people)
    return Truth(
        rows=len(rows),
        people=len(people),
        offices=situations["office"],
        mailable=sum(bool(row.addresses) for row in people),
        duplicates=sum(row.situation == "repeated" for row in rows),
        refused=frozenset(row.at for row in rows if not row.person),
        addresses=frozenset(readers),
        shared=frozenset(address for address, count in readers.items() if count > 1),
        repaired=situations["repaired"],
        unreadable=situations["unreadable"],
        placeholders=situations["placeholder"],
        left=sum(row.note in LEFT for row in people),
        do_not_write=sum(row.note in DO_NOT_WRITE for row in people),
        organisations=len({row.organisation.name for row in rows} - {""}),
        languages=dict(Counter(LANGUAGES[row.languages] for row in people)),
        refusing={domain: situations[domain] for domain in REFUSING},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="the .xlsx file to write")
    parser.add_argument("--rows", type=int, default=300, help="rows about people (300)")
    parser.add_argument("--seed", type=int, default=26, help="another seed gives another list (26)")
    arguments = parser.parse_args()
    truth = write_press_list(arguments.path, rows=arguments.rows, seed=arguments.seed)
    sys.stdout.write(f"{arguments.path}: {truth.rows} rows, {truth.people} people, {truth.mailable} with an address\n")


if __name__ == "__main__":
    main()
