"""What changed between two bodies, word by word, to be read: what is gone struck out, what is new marked."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .pieces import Piece, pieces

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def difference(before: str, after: str) -> SafeString:
    """Both bodies as one list of paragraphs with <del> and <ins>; formats are not compared, only words."""
    old, new = _lines(before), _lines(after)
    paragraphs: list[SafeString] = []
    for kind, start, end, there, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            paragraphs += [format_html("<p>{}</p>", line) for line in old[start:end]]
        else:
            paragraphs += _changed(old[start:end], new[there:until])
    return format_html_join("\n", "{}", ((paragraph,) for paragraph in paragraphs))


def words(before: str, after: str) -> SafeString:
    """Two lines of words as one."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return format_html_join("", "{}", ((part,) for part in _parts(old, new)))


def _lines(body: str) -> list[str]:
    return [_line(piece) for piece in pieces(body) if not piece.is_frame]


def _line(piece: Piece) -> str:
    """A link says where it leads: the address may be all that changed."""
    linked = re.sub(r'<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", piece.html, flags=re.DOTALL)
    return Piece(piece.tag, linked, piece.block).text


def _changed(old: list[str], new: list[str]) -> list[SafeString]:
    """Paragraphs in the place of others: pair by pair, then what only one side has."""
    both = min(len(old), len(new))
    pairs = [format_html("<p>{}</p>", words(*pair)) for pair in zip(old[:both], new[:both], strict=True)]
    gone = [format_html("<p><del>{}</del></p>", line) for line in old[both:]]
    return [*pairs, *gone, *(format_html("<p><ins>{}</ins></p>", line) for line in new[both:])]


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    for kind, start, end, there, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "".join(old[start:end])
            continue
        if gone := "".join(old[start:end]):
            yield format_html("<del>{}</del>", gone)
        if come := "".join(new[there:until]):
            yield format_html("<ins>{}</ins>", come)
