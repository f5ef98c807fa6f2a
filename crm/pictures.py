"""Open a picture that somebody uploads: of a known kind, and of a size that memory bears. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# What a picture says of its size before it is decoded: more would fill the memory.
_MOST_PIXELS = 50_000_000
# What Pillow raises for damaged files, by format.
_DAMAGED = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)


class NotAPicture(ValueError):
    """The file is no picture that can be read."""


class TooManyPixels(NotAPicture):
    """It would fill the memory, if it is what it says."""


@contextmanager
def opened(file) -> Iterator[Image.Image]:
    """The picture, to be decoded inside, where damage shows. Raises NotAPicture."""
    try:
        with Image.open(file, formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise TooManyPixels
            yield picture
    except NotAPicture:
        raise
    except _DAMAGED as error:
        raise NotAPicture from error
