"""Turn the rows of a sheet into records of people; rows that are no people are told apart and counted. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from core.sealing import blind
from core.text import LEGACY_TAJIK, clean, clean_lines

from ..states import Unreadable
from . import dative, emails, kinds, languages, legend, names, phones, proposals
from .emails import Address
from .headers import Mapping
from .legend import Legend
from .marks import COMMENT, HIDDEN, STRUCK, Mark
from .phones import Number
from .proposals import Proposal
from .reader import Sheet
from .remarks import Remark

_LENGTHS = {"name": 200, "organisation": 200, "title": 200, "city": 100, "postal_address": 300}
FOOTER = re.compile(
    r"(?:условные обозначения|легенда|итого|всего|total|ҳамагӣ|эзоҳ:|примечание:|ишораҳо)", re.IGNORECASE
)
_PERSON = re.compile(r"[^\W\d_][\w'’.-]+(?: [^\W\d_][\w'’.-]*){1,3}")
_LOST_LETTER = re.compile(r"(?<=[^\W\d_])\?(?!\s*$)|\?(?=[^\W\d_])|(?<=[^\W\d_])\?$")
_LEGACY = re.compile("[ѓїќўњљЃЇЌЎЊЉ]")
_TOWN = re.compile(r"^(?:г|гор|ш)\.\s*")
# An organisation above applies to the empty cells below where at least this share of the rows leaves it empty.
_GROUPED = 0.1


@dataclass(slots=True)
class Record:
    """What one row says about one person."""

    sheet: str
    number: int
    name: str = ""
    given_name: str = ""
    organisation: str = ""
    title: str = ""
    # Further organisations with the position there: only a list we exported has them in one row.
    positions: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    kind: str = ""
    sensitivity: str = ""
    languages: str = ""
    city: str = ""
    postal_address: str = ""
    note: str = ""
    # What was meant as an address or a number and cannot be read: what it is, the text, and its line in the note.
    unread: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    refusal: str = ""
    # Every address and number typed, with what it is worth; `emails` and `phones` are those that are certain.
    addresses: list[Address] = field(default_factory=list, compare=False)
    numbers: list[Number] = field(default_factory=list, compare=False)
    # What the row suggests, for a person to decide.
    proposals: list[Proposal] = field(default_factory=list)
    # «Уважаемый Умар!», as the list addresses this person.
    salutation: str = ""
    # Mark and number of a row we exported.
    code: tuple[str, int] | None = None

    _email_keys: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _phone_keys: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def likely_emails(self) -> list[str]:
        """What was probably meant where an address is mistyped: enough to compare by, not to write to."""
        return [one.address for one in self.addresses if one.address and not one.is_certain]

    @property
    def email_keys(self) -> tuple[str, ...]:
        """By these a row is compared, over and over; to be asked once the row is read."""
        if self._email_keys is None:
            self._email_keys = tuple(map(blind, self.emails))
        return self._email_keys

    @property
    def phone_keys(self) -> tuple[str, ...]:
        if self._phone_keys is None:
            self._phone_keys = tuple(map(blind, self.phones))
        return self._phone_keys


@dataclass(frozen=True)
class Skipped:
    """A row that is no person: a heading of a group, a repeated header, a legend."""

    sheet: str
    number: int
    text: str


@dataclass
class _Row:
    number: int
    cells: list[str]
    # The row whose organisation, city and languages this one takes over.
    above: "_Row | None" = None
    marks: list[Mark] = field(default_factory=list)


def read(sheet: Sheet, mapping: Mapping, meanings: Legend | None = None) -> tuple[list[Record], list[Skipped]]:
    """Every row below the header is either a record or skipped; blank rows are neither.

    `meanings` is the legend of the whole workbook; without it that of this sheet.
    """
    skipped = []
    meanings = legend.of([sheet]) if meanings is None else meanings
    cells = filled_down(sheet, mapping)
    blocks: list[list[_Row]] = [[]]
    for index in range(mapping.first, len(cells)):
        row = cells[index]
        if _is_person(row, mapping):
            blocks[-1].append(_Row(index + 1, row, marks=sheet.marks.get(index, [])))
            continue
        blocks.append([])
        if any(row):
            skipped.append(Skipped(sheet.name, index + 1, clean(" ".join(filter(None, row)))[:120]))
    _take_over(blocks, mapping)
    return [_record(row, mapping, meanings) for block in blocks for row in block], skipped


def filled_down(sheet: Sheet, mapping: Mapping) -> list[list[str]]:
    """The rows with the text of a cell merged downwards in each row it covers."""
    width = max((column.index for column in mapping.columns), default=0) + 1
    cells = [[*row[:width], *[""] * (width - len(row))] for row in sheet.rows]
    for top, left, bottom, _right in sheet.merged:
        if bottom > top >= mapping.first and left < width:
            for index in range(top + 1, min(bottom + 1, len(cells))):
                cells[index][left] = cells[index][left] or cells[top][left]
    return cells


def _is_person(row: list[str], mapping: Mapping) -> bool:
    filled = [cell for cell in row if cell]
    if len(filled) < 2:
        return bool(filled) and _stands_alone(row, filled[0], mapping)
    if len(filled) < 3 and FOOTER.match(filled[0]):
        return False
    return not repeats_header(row, mapping) and not numbers_columns(filled)


def _stands_alone(row: list[str], cell: str, mapping: Mapping) -> bool:
    """Whether the only filled cell of a row is still a person or an address, not the heading of a group."""
    if emails.has_address(cell):
        return True
    named = mapping.of("name", "surname")
    return (
        row.index(cell) in named
        # In the first column headings stand as well: there only what a surname or a patronymic ends in is a name.
        and (row.index(cell) > 0 or names.is_certain(cell))
        and bool(_PERSON.fullmatch(cell))
        and not FOOTER.match(cell)
        and not proposals.read(cell)
    )


def repeats_header(row: list[str], mapping: Mapping) -> bool:
    same = sum(place in mapping.heads for place in enumerate(row) if place[1])
    return same >= 2 and same * 2 > sum(map(bool, row))


def numbers_columns(filled: list[str]) -> bool:
    """The row «1 2 3 4 5» that forms have under their header."""
    if not filled[0].isdecimal():
        return False
    numbers = [int(cell) for cell in filled if re.fullmatch(r"\d{1,2}", cell)]
    return len(numbers) == len(filled) >= 3 and all(after - before == 1 for before, after in pairwise(numbers))


def _take_over(blocks: list[list[_Row]], mapping: Mapping) -> None:
    """Where the organisation stands only in the first row of a group, let the rows below have it too."""
    organisation, name = mapping.of("organisation"), mapping.of("name", "surname", "given_name")
    rows = [row for block in blocks for row in block]
    if not organisation or not name or organisation[0] > name[0]:
        return
    if sum(not row.cells[organisation[0]] for row in rows) < _GROUPED * len(rows):
        return
    for block in blocks:
        head = None
        for row in block:
            if row.cells[organisation[0]]:
                head = row
            else:
                row.above = head


def _record(row: _Row, mapping: Mapping, meanings: Legend) -> Record:
    record = Record(mapping.sheet, row.number)
    notes = [clean(row.cells[index].translate(LEGACY_TAJIK)) for index in mapping.of("note")]
    notes.extend(clean(text) for kind, _columns, text in row.marks if kind == COMMENT)
    record.salutation = clean(_cell(row, mapping, "salutation"))[:200]
    _read_words(record, row, mapping, notes)
    if mapping.is_addressed:
        _read_dative(record)
    _read_addresses(record, row, mapping, notes)
    _read_kind(record, row, mapping, notes)
    record.sensitivity = kinds.level(_cell(row, mapping, "sensitivity"))
    _read_languages(record, row, mapping, notes)
    if not record.name and record.organisation and (record.emails or record.phones):
        record.name = record.organisation
        record.remarks.append(Remark("named-by-organisation"))
    shorten(record, notes)
    record.note = "\n".join(dict.fromkeys(note for note in notes if note))
    _read_marks(record, row, mapping, meanings)
    return judged(record)


def _read_dative(record: Record) -> None:
    """«Каримову Умару» on a list of cards is Каримов Умар."""
    if nominative := dative.nominative(record.name, record.salutation):
        record.remarks.append(Remark("dative", record.name))
        record.name, record.given_name = nominative, names.read(nominative).given[:100]


def _read_marks(record: Record, row: _Row, mapping: Mapping, meanings: Legend) -> None:
    """What colours, strike-through and the columns about cards propose."""
    named = mapping.of("name", "surname", "given_name")
    record.proposals.extend(legend.read(row.cells, row.marks, meanings, named))
    for column in proposals.COLUMNS:
        record.proposals.extend(proposals.refuses(column, _cell(row, mapping, column)))
    sent = proposals.read(_cell(row, mapping, "sent"))
    record.proposals.extend(replace(one, source="column") for one in sent if one.kind == proposals.RETURNED)
    if any(kind == HIDDEN for kind, _columns, _text in row.marks):
        record.remarks.append(Remark("hidden-row"))


def judged(record: Record) -> Record:
    """The record with what a person has to know of it, and its refusal if it is about nobody."""
    asking = [(line, found) for line in record.note.split("\n") if (found := proposals.read(line))]
    record.proposals.extend(one for _line, found in asking for one in found)
    if asking:
        record.remarks.append(Remark("do-not-write", asking[0][0][:200]))
    record.proposals = _told_apart(record)
    if not record.name:
        record.refusal = "only-organisation" if record.organisation else "no-name"
        record.remarks.insert(0, Remark(record.refusal))
    elif not record.emails:
        record.remarks.append(Remark("no-address"))
    return record


def _told_apart(record: Record) -> list[Proposal]:
    """The proposals with their row, each once: that of which we are surest."""
    surest: dict[tuple[str, ...], Proposal] = {}
    for one in sorted(_with_subject(record), key=lambda one: -one.confidence):
        surest.setdefault(one.subject, replace(one, sheet=record.sheet, row=record.number))
    return list(surest.values())


def _with_subject(record: Record) -> Iterator[Proposal]:
    """The proposals, each with what it is about: the place that was left, the address that letters came back from."""
    for one in record.proposals:
        if one.kind == proposals.LEFT:
            yield replace(one, value=record.organisation)
        elif one.kind == proposals.RETURNED and record.emails:
            # Of several addresses nobody knows which one; and even a single one may work again.
            likely = 0.8 if len(record.emails) == 1 else 0.5
            yield from (replace(one, value=address, confidence=likely) for address in record.emails)
        else:
            yield one


def _cell(row: _Row, mapping: Mapping, name: str) -> str:
    for index in mapping.of(name):
        if cell := row.cells[index]:
            return cell
    return ""


def _taken_over(row: _Row, mapping: Mapping, name: str) -> str:
    """The cell, or while it is empty the one of the row that heads the group."""
    return _cell(row, mapping, name) or (_cell(row.above, mapping, name) if row.above else "")


def _read_words(record: Record, row: _Row, mapping: Mapping, notes: list[str]) -> None:
    if mapping.of("name") or not mapping.of("surname", "given_name"):
        name = names.read(_repaired(record, _cell(row, mapping, "name")))
    else:
        parts = [_repaired(record, _cell(row, mapping, part)) for part in ("surname", "given_name", "patronymic")]
        name = names.join(*parts)
    record.name, record.given_name = name.full, name.given[:100]
    record.remarks.extend(name.remarks)
    record.organisation = _said(_repaired(record, _taken_over(row, mapping, "organisation"))).strip(" ,;")
    record.title = _said(_repaired(record, _cell(row, mapping, "title"))) or name.office
    record.city = _TOWN.sub("", _said(_repaired(record, _taken_over(row, mapping, "city"))))
    record.postal_address = clean_lines(_repaired(record, _cell(row, mapping, "postal_address")))
    if row.above and record.organisation and not _cell(row, mapping, "organisation"):
        record.remarks.append(Remark("organisation-from-above", str(row.above.number)))
    if names.is_placeholder(name.rest):
        return
    if not mapping.of("organisation") and (mapping.of("title") or mapping.is_addressed):
        record.organisation = name.rest
    elif not record.title:
        record.title = name.rest
    elif name.rest != record.title:
        notes.append(name.rest)


def _said(text: str) -> str:
    """The text of a cell; nothing where only a placeholder stands."""
    text = clean(text)
    return "" if names.is_placeholder(text) else text


def _repaired(record: Record, text: str) -> str:
    text, remarks = repaired(text)
    record.remarks.extend(remarks)
    return text


def repaired(text: str) -> tuple[str, list[Remark]]:
    """The text with the letters of old Tajik fonts set right, and what is to be said of its letters."""
    remarks = []
    if "?" in text and _LOST_LETTER.search(text):
        remarks.append(Remark("lost-letters", clean(text)[:200]))
    if _LEGACY.search(text):
        text = text.translate(LEGACY_TAJIK)
        remarks.append(Remark("legacy-letters", clean(text)[:200]))
    return text, remarks


def _read_addresses(record: Record, row: _Row, mapping: Mapping, notes: list[str]) -> None:
    struck = {index for kind, columns, _text in row.marks if kind == STRUCK for index in columns}
    for column in mapping.ways:
        cell = row.cells[column.index]
        if not cell:
            continue
        mail, rest = _mail_and_rest(column.field, cell)
        read_mail = emails.read(mail) if mail else emails.Emails()
        read_phones = phones.read(rest) if rest else phones.Phones()
        record.emails.extend(address for address in read_mail.addresses if address not in record.emails)
        record.phones.extend(number for number in read_phones.numbers if number not in record.phones)
        record.addresses.extend(read_mail.judged)
        record.numbers.extend(read_phones.judged)
        record.remarks.extend([*read_mail.remarks, *read_phones.remarks])
        record.proposals.extend(_spellings(read_mail))
        if column.index in struck:
            ways = [*read_mail.addresses, *read_phones.numbers]
            record.proposals.extend(
                Proposal(proposals.RETIRED, cell[:200], value=way, source="strike", confidence=0.7) for way in ways
            )
        leave(record, Unreadable.EMAIL, read_mail, f"{column.title or 'e-mail'}: ", notes)
        leave(record, Unreadable.PHONE, read_phones, f"{column.title or '☎'}: ", notes)


def _mail_and_rest(field_name: str, cell: str) -> tuple[str, str]:
    if field_name == "contacts":
        return emails.apart(cell)
    return (cell, "") if field_name == "emails" else ("", cell)


def _spellings(read: emails.Emails) -> list[Proposal]:
    """What was probably meant, where it is not certain."""
    return [
        Proposal(proposals.SPELLING, one.typed, value=one.address, source="address", confidence=0.8)
        for one in read.judged
        if not one.is_certain
    ]


def leave(record: Record, kind: str, read: emails.Emails | phones.Phones, label: str, notes: list[str]) -> None:
    """Keep what could not be read in the note, and apart what was meant as an address or a number."""
    bad = [remark.value for remark in read.remarks if remark.code in {"bad-email", "bad-phone"}]
    for text in map(clean, read.unread):
        line = f"{label}{text}"
        notes.append(line)
        if any(clean(value) in text for value in bad):
            record.unread.append((kind, text[:300], line))


def _read_kind(record: Record, row: _Row, mapping: Mapping, notes: list[str]) -> None:
    if not (cell := clean(_cell(row, mapping, "kind"))):
        return
    record.kind = kinds.read(cell)
    if not record.kind:
        record.remarks.append(Remark("bad-kind", cell))
        notes.append(cell)


def _read_languages(record: Record, row: _Row, mapping: Mapping, notes: list[str]) -> None:
    record.languages, unread = languages.read(_taken_over(row, mapping, "languages"))
    # A language above is said once, by the row it stands in.
    if unread and _cell(row, mapping, "languages"):
        record.remarks.append(Remark("bad-language", ", ".join(unread)))
        notes.append(clean(_cell(row, mapping, "languages")))


def shorten(record: Record, notes: list[str]) -> None:
    """Cut what is longer than its field, and keep the whole in the notes."""
    for name, length in _LENGTHS.items():
        text = getattr(record, name)
        if len(text) > length:
            setattr(record, name, text[: length - 1] + "…")
            notes.append(text)
            record.remarks.append(Remark("shortened", text[:60] + "…"))
