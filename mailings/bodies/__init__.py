"""The HTML of a letter's body as people see it: its pieces, what two people made of it, what changed. Pure."""

from .clipboard import tidy
from .differences import difference
from .merging import Collision, merge, merge_words
from .paragraphs import Paragraph, paragraphs
from .pieces import Piece, pieces, plain

__all__ = [
    "Collision",
    "Paragraph",
    "Piece",
    "difference",
    "merge",
    "merge_words",
    "paragraphs",
    "pieces",
    "plain",
    "tidy",
]
