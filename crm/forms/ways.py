"""Ways to reach somebody, one a row: the text, whose it is, and what cannot be read kept as it was typed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import addresses
from core import phones as numbers
from core.text import clean

from ..actions.contacts import TypedWay
from ..importing import emails, phones
from ..states import Messenger

# Rows to type into beside those that are filled.
_SPARE = 2
_MOST = 60
PERSONAL, WORK = "personal", "work"


@dataclass(frozen=True)
class Row:
    """One row as it stands on the page."""

    text: str = ""
    kind: str = PERSONAL
    is_retired: bool = False
    messengers: list[str] = field(default_factory=list)
    # The doubtful address that somebody was asked about, and whether the right form of it was chosen.
    asked: str = ""
    is_fixed: bool = False

    @property
    def is_work(self) -> bool:
        return self.kind == WORK

    def is_of_words(self) -> bool:
        """What a page sent back may be anything."""
        is_list = isinstance(self.messengers, list)
        return is_list and all(isinstance(one, str) for one in (self.text, self.kind, self.asked, *self.messengers))


@dataclass(frozen=True)
class Read:
    """What was read, and the texts that were not."""

    ways: list[TypedWay] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [way.text for way in self.ways]


class WayRows(forms.Widget):
    """Rows named `emails-0-text`, `emails-0-kind` …; or lines of one field `emails`."""

    template_name = "crm/_way_rows.html"
    use_fieldset = True

    def __init__(self, *, of: "WaysField", **options):
        super().__init__(**options)
        self.of = of

    def get_context(self, name, value, attrs):
        rows = [*(value or []), *[Row()] * _SPARE]
        shown = [(row, self.of.is_unread(row), self.of.better(row)) for row in rows]
        kinds = [(PERSONAL, _("personal")), (WORK, _("for work"))]
        return super().get_context(name, value, attrs) | {
            "name": name,
            "rows": shown,
            "kinds": kinds,
            "messengers": Messenger.choices if self.of.has_messengers else [],
            "id": (attrs or {}).get("id", name),
            "label": self.of.label,
            "input": self.of.input,
        }

    def id_for_label(self, id_):
        return f"{id_}-0"

    def value_from_datadict(self, data, files, name):
        numbers = sorted(int(found[1]) for key in data if (found := re.fullmatch(rf"{name}-(\d{{1,3}})-text", key)))
        rows = [self._row(data, f"{name}-{number}") for number in numbers[:_MOST]]
        rows += [Row(text=line.strip()) for line in (data.get(name) or "").splitlines()]
        return [row for row in rows if row.text]

    def value_omitted_from_data(self, data, files, name):
        return False

    def _row(self, data, name):
        given = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        return Row(
            text=(data.get(f"{name}-text") or "").strip(),
            kind=WORK if data.get(f"{name}-kind") == WORK else PERSONAL,
            is_retired=bool(data.get(f"{name}-retired")),
            messengers=[code for code in Messenger.values if code in given(f"{name}-messenger")],
            asked=data.get(f"{name}-asked") or "",
            is_fixed=bool(data.get(f"{name}-fix")),
        )

    @staticmethod
    def names_in(data: Iterable[str], name: str) -> list[str]:
        """The keys of `data` that belong to this field."""
        return [key for key in data if key == name or re.fullmatch(rf"{name}-\d{{1,3}}-\w+", key)]

    @staticmethod
    def sent(name: str, rows: list[Row]) -> dict[str, list[str]]:
        """What a browser would send of these rows."""
        found = {}
        for number, row in enumerate(rows):
            found[f"{name}-{number}-text"] = [row.text]
            found[f"{name}-{number}-kind"] = [row.kind]
            found |= {f"{name}-{number}-retired": ["on"]} if row.is_retired else {}
            found |= {f"{name}-{number}-messenger": row.messengers} if row.messengers else {}
        return found


class WaysField(forms.Field):
    """Reads the rows; what cannot be read is no error but is kept apart."""

    has_messengers = False
    input: Mapping[str, str] = {}

    def __init__(self, **options):
        super().__init__(required=False, widget=WayRows(of=self), **options)

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.widget.of = copied
        return copied

    def clean(self, value):
        read = Read()
        for row in value or []:
            found, unread = self.read(row)
            read.unread.extend(unread)
            read.ways.extend(
                TypedWay(text, row.is_work, row.is_retired, " ".join(row.messengers))
                for text in found
                if text not in read.texts
            )
        return read

    def read(self, row: Row) -> tuple[list[str], list[str]]:
        """The texts of a row that can be read, and what is left of it."""
        text = clean(row.text)
        found, unread = self._read(text)
        # Where nothing can be read all of it is kept, to the letter.
        return found, unread if found else [text] if text else []

    def _read(self, text: str) -> tuple[list[str], list[str]]:
        raise NotImplementedError

    def is_unread(self, row: Row) -> bool:
        return bool(row.text) and bool(self.read(row)[1])

    def better(self, row: Row) -> str:
        """What was probably meant."""
        return ""

    def compared(self, rows: Iterable[Row]) -> list:
        """Rows in a form in which two spellings of one thing are equal."""
        return [
            ([*map(addresses.key, found), *unread], row.kind, row.is_retired, sorted(row.messengers))
            for row in rows
            for found, unread in [self.read(row)]
        ]

    @staticmethod
    def stored(rows: Iterable[Row]) -> list[dict]:
        return [asdict(row) for row in rows]

    @staticmethod
    def restored(stored: object) -> list[Row]:
        """Rows from what a page sent back; whoever tampered with it gets none."""
        try:
            rows = [Row(**row) for row in stored]
        except TypeError:
            return []
        return rows if all(row.is_of_words() for row in rows) else []


class EmailsField(WaysField):
    input = {"type": "text", "inputmode": "email", "autocomplete": "off"}

    def clean(self, value):
        read = super().clean([self._decided(row) for row in value or []])
        for row in value or []:
            if not row.is_fixed and row.asked != row.text and (better := self.better(row)):
                message = _t("“%(typed)s” looks mistyped: perhaps %(better)s? Choose below, and save once more.")
                raise forms.ValidationError(message, params={"typed": row.text, "better": better})
        return read

    def better(self, row):
        found, unread = self.read(row)
        return emails.likely(found[0]) if len(found) == 1 and not unread else ""

    def _decided(self, row: Row) -> Row:
        better = self.better(row) if row.is_fixed else ""
        return Row(better, row.kind, row.is_retired) if better else row

    def _read(self, text):
        found = emails.read(text)
        return found.addresses, found.unread


class PhonesField(WaysField):
    has_messengers = True
    input = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}

    def _read(self, text):
        try:
            return [numbers.parse(text)], []
        except numbers.NotAPhone:
            # Perhaps there are several in it, or words beside one.
            found = phones.read(text)
            return found.numbers, found.unread
