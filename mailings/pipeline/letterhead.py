"""An official letter on letterhead, as PDF. Nothing a person wrote is ever read as markup: it goes in as data."""

import json
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

from core.typesetting import typeset

from ..message import Attached

_TEMPLATE = Path(__file__).parents[2] / "templates" / "email" / "letterhead.typ"
_BLOCKS = {"p", "h2", "h3", "li"}
_STYLES = {"strong", "em"}


class _Said(HTMLParser):
    """Cleaned HTML as a list of blocks: what it is, how deep it stands, and its runs of text with their style."""

    def __init__(self):
        super().__init__()
        self.blocks: list[dict] = []
        self._lists: list[dict] = []
        self._styles: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag, attributes):
        if tag in {"ul", "ol"}:
            self._lists.append({"tag": tag, "count": 0})
        elif tag == "li" and self._lists:
            self._lists[-1]["count"] += 1
            self._open("li", self._mark())
        elif tag in _BLOCKS and not (tag == "p" and self._is_new("li")):
            self._open(tag)
        elif tag in _STYLES:
            self._styles.append(tag)
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag):
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag in self._styles:
            self._styles.remove(tag)
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)

    def handle_data(self, data):
        if not self.blocks:
            if not data.strip():
                return
            self._open("p")
        self.blocks[-1]["runs"].append({"text": data, "style": self._styles[-1] if self._styles else ""})

    def _open(self, kind, mark=""):
        block = {"kind": kind, "mark": mark, "depth": len(self._lists), "quoted": self._quoted > 0, "runs": []}
        self.blocks.append(block)

    def _mark(self) -> str:
        return f"{self._lists[-1]['count']}." if self._lists[-1]["tag"] == "ol" else "•"

    def _is_new(self, kind) -> bool:
        return bool(self.blocks) and self.blocks[-1]["kind"] == kind and not self.blocks[-1]["runs"]


def said(body: str) -> list[dict]:
    """The blocks of a cleaned text, without the empty ones."""
    reader = _Said()
    reader.feed(body)
    return [block for block in reader.blocks if "".join(run["text"] for run in block["runs"]).strip()]


def inside_json(value: str) -> str:
    """A value as it stands between the quotation marks of a JSON string."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def sheet_of(blocks: list[dict], context: dict) -> str:
    """All that stands on the sheet, as JSON."""
    words, frame = context["words"], context["frame"]
    sheet = {
        "organisation": words.organisation,
        "language": context["language"],
        "number": f"{words.outgoing} {frame.number}" if frame.number else "",
        "day": context["day"],
        "city": words.city,
        "addressee": frame.addressee,
        "subject": context["subject"],
        "contact": f"{words.contact}: {context['contact']}",
        "blocks": blocks,
    }
    return json.dumps(sheet, ensure_ascii=False)


def letterhead(sheet: str) -> Attached:
    """The PDF. It carries no author and no time of making; the same sheet gives the same bytes."""
    pdf = typeset(_TEMPLATE, Path(str(files("fontpkg_source_serif_4"))) / "files", sheet=sheet)
    number = json.loads(sheet)["number"].rpartition(" ")[2]
    name = f"letter-{number}.pdf" if number else "letter.pdf"
    return Attached(name, "application/pdf", pdf)
