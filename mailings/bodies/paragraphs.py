"""Cut a text into the paragraphs that people talk about, each with a mark that changes with its words. Pure."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from .pieces import pieces


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
    return [(piece.tag, piece.text) for piece in pieces(body) if not piece.is_frame]


def _mark(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
