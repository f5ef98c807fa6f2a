"""The picture of a greeting card: drawn by us or uploaded, with words and a name in it, for screens and for paper.

Knows no models. Of uploaded pictures only pixels come in.
"""

from .paper import PrintedCard, SheetFormat, print_cards
from .picture import HEIGHT_OF_UPLOAD, WIDTH, Art, clean_picture, picture_of, thumbnail

__all__ = [
    "HEIGHT_OF_UPLOAD",
    "WIDTH",
    "Art",
    "PrintedCard",
    "SheetFormat",
    "clean_picture",
    "picture_of",
    "print_cards",
    "thumbnail",
]
