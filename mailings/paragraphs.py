"""Cut a text into the paragraphs that people talk about, each with a mark that changes with its words. Pure."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from lxml import html

_BLOCKS = frozenset({"p", "h2", "h3", "li", "blockquote", "td", "th", "figcaption"})


class Words(Protocol):
    subject: str
    preheader: str
    body: str


@dataclass(frozen=True)
class Paragraph:
    mark: str
    text: str
    kind: str  # the tag, or "subject", "preheader"


def paragraphs(version: Words) -> list[Paragraph]:
    """Subject, what the inbox shows, then the text; the same words twice are one and the same paragraph."""
    found = [("subject", version.subject), ("preheader", version.preheader), *_blocks(version.body)]
    cut = [Paragraph(_mark(text), text, kind) for kind, text in found if text.strip()]
    return list({one.mark: one for one in cut}.values())


def _blocks(body: str) -> list[tuple[str, str]]:
    if not body.strip():
        return []
    tree = html.fromstring(f"<div>{body}</div>")
    blocks = [one for one in tree.iter() if one.tag in _BLOCKS]
    return [(one.tag, " ".join(one.text_content().split())) for one in blocks if not _has_blocks(one)]


def _has_blocks(element) -> bool:
    return any(child.tag in _BLOCKS for child in element.iterdescendants())


def _mark(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
