"""A body cut into pieces that a person would call one: a paragraph, a heading, an item of a list, a row of a table."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

# Each of their tags is a piece of its own, so that two people may write in two items of one list.
_FRAMES = frozenset({"ul", "ol", "blockquote", "table", "thead", "tbody"})
_LEAVES = frozenset({"p", "h2", "h3", "li", "tr", "figure"})
_VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True)
class Piece:
    """`tag` is empty for words that stand outside any element; of a frame each piece is one tag, without words."""

    tag: str
    html: str
    # Which of the body's own children it belongs to: the editor finds a place by it.
    block: int

    @property
    def text(self) -> str:
        return plain(self.html)

    @property
    def is_frame(self) -> bool:
        return self.tag in _FRAMES


def pieces(body: str) -> list[Piece]:
    """The pieces in order; put together they are the body again, but for the blanks between them."""
    cutter = _Cutter(body)
    cutter.feed(body)
    cutter.close()
    return cutter.finished()


def plain(markup: str) -> str:
    """The words alone, blanks single."""
    text = re.sub(r"<br\s*/?>|</(?:p|li|td|th|h2|h3)>", " ", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


class _Cutter(HTMLParser):
    def __init__(self, body: str):
        super().__init__(convert_charrefs=False)
        self._found: list[Piece] = []
        self._open: list[str] = []
        self._leaf = ""
        self._from = 0
        self._block = -1
        self._lines = [0]
        for line in body.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._body = body

    def finished(self) -> list[Piece]:
        self._cut(len(self._body), "")
        return self._found

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _cut(self, until: int, tag: str) -> None:
        part = self._body[self._from : until]
        if part.strip():
            self._found.append(Piece(tag, part.strip(), max(self._block, 0)))
        self._from = until

    def handle_starttag(self, tag, attrs):
        if not self._open and not self._leaf:
            self._cut(self._here(), "")
            self._block += 1
        if self._leaf:
            self._open += [] if tag in _VOID else [tag]
        elif tag in _FRAMES:
            self._cut(self._here(), "")
            self._cut(self._here() + len(self.get_starttag_text()), tag)
            self._open.append(tag)
        elif tag in _VOID:
            self._cut(self._here(), "")
            self._cut(self._here() + len(self.get_starttag_text()), tag)
        elif tag in _LEAVES:
            self._cut(self._here(), "")
            self._leaf = tag
            self._depth = len(self._open)
            self._open.append(tag)
        else:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        end = self._here() + len(f"</{tag}>")
        if self._leaf and len(self._open) <= self._depth:
            self._cut(end, self._leaf)
            self._leaf = ""
        elif not self._leaf and tag in _FRAMES:
            self._cut(self._here(), "")
            self._cut(end, tag)
