"""Greeting cards on paper: one card a page, set by typst. Names are letters on the page, not dots of a picture."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from core.typesetting import typeset

from . import fonts
from .motifs import MOTIFS, WIDTH
from .picture import Art, base_of

_SOURCE = Path(__file__).with_name("card.typ")


class SheetFormat(StrEnum):
    A5 = "a5"
    A6 = "a6"


@dataclass(frozen=True)
class PrintedCard:
    """A card of one person: the art of their language, how they are spoken to, and the text as paragraphs."""

    art: Art
    language: str
    name: str
    paragraphs: tuple[str, ...]


def print_cards(cards: Sequence[PrintedCard], sheet: SheetFormat) -> bytes:
    """A PDF, a page for each card; a text that is too long for the page is set smaller, never cut."""
    with TemporaryDirectory(prefix="payom-cards-") as folder:
        root = Path(folder)
        arts = list(dict.fromkeys(card.art for card in cards))
        for number, art in enumerate(arts):
            base_of(art).save(root / f"{number}.png")
        described = [_described(card, arts.index(card.art)) for card in cards]
        (root / "cards.json").write_text(json.dumps({"sheet": sheet, "cards": described}, ensure_ascii=False))
        (root / "card.typ").write_bytes(_SOURCE.read_bytes())
        return typeset(root / "card.typ", Path(fonts.folder_for_paper().name), root=root)


def _described(card: PrintedCard, number: int) -> dict[str, object]:
    motif, base = MOTIFS[card.art.design], base_of(card.art)
    return {
        "picture": f"{number}.png",
        "ratio": base.height / WIDTH,
        "ground": motif.ground,
        "ink": motif.name,
        "rule": motif.line,
        "language": card.language,
        "name": card.name if card.art.with_name else "",
        "paragraphs": list(card.paragraphs),
        "signature": card.art.signature.splitlines(),
    }
