"""Thirteen letters of the shapes a press office writes, in three languages. People, places and figures are invented.

A text is lines: the subject, the line under it, then the body; `##` is a heading, `-` an item, `>` a quotation,
`|` a row of a table, `[words](address)` a link.
"""

import re
from html import escape
from pathlib import Path

LANGUAGES = ("ru", "tg", "en")
HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.txt"))
_FRAMES = {"-": ("ul", "li"), "|": ("table", "tr"), ">": ("blockquote", "p")}


def read(name: str) -> dict[str, tuple[str, str, str]]:
    """Subject, preheader and body of each language."""
    texts = re.split(r"^=== (\w\w)\n", (HERE / f"{name}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(texts[::2], map(_parts, texts[1::2]), strict=True))


def _parts(text: str) -> tuple[str, str, str]:
    subject, preheader, *body = text.strip().splitlines()
    return subject, preheader, _html([line for line in body if line.strip()])


def _html(lines: list[str]) -> str:
    made, frame = [], ""
    for line in [*lines, ""]:
        mark = line[:1] if line[:1] in _FRAMES else ""
        if frame and mark != frame:
            made.append(f"</{_FRAMES[frame][0]}>")
        if mark and mark != frame:
            made.append(f"<{_FRAMES[mark][0]}>")
        frame = mark
        if line:
            made.append(_line(line, mark))
    return "".join(made)


def _line(line: str, mark: str) -> str:
    if mark == "|":
        cells = (f"<td><p>{_words(cell)}</p></td>" for cell in line.strip("|").split("|"))
        return f"<tr>{''.join(cells)}</tr>"
    if mark:
        tag = _FRAMES[mark][1]
        return f"<{tag}>{_words(line[1:])}</{tag}>"
    return f"<h2>{_words(line[2:])}</h2>" if line.startswith("##") else f"<p>{_words(line)}</p>"


def _words(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', escape(text.strip()))
