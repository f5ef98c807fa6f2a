"""Pictures are made anew: only their colours are taken over."""

import io

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from .cleaned import Made, Refused

IN_TEXT = (1200, 2400)
FOR_PRINT = (5000, 5000)
# What a picture says of its size before it is decoded: more would fill the memory.
_MAX_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# What Pillow raises for damaged files, by format.
_DAMAGED = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)
_QUALITY = 85


def reduced(data: bytes, said: str, bounds: tuple[int, int]) -> Made:
    """The picture upright and within `bounds`. Raises Refused where it is none, or not of the kind it is called."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise Refused(_("The picture has too many pixels. Make it smaller, then add it again."))
            if picture.format != said:
                raise Refused(
                    _("The file is called %(said)s but holds %(is)s. Save it anew in the right format.")
                    % {"said": said, "is": picture.format}
                )
            stripped = _told(picture)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(bounds)
            return _encoded(upright, stripped)
    except Refused:
        raise
    except _DAMAGED as error:
        raise Refused(_("The file is no picture that can be read. Open it and save it anew.")) from error


def _told(picture: Image.Image) -> tuple[str, ...]:
    """What the file says beside the picture."""
    exif = picture.getexif()
    place = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    words = {"xmp", "comment", "XML:com.adobe.xmp", "photoshop", "Comment", "Author"}
    rest = bool(set(exif) - {ExifTags.Base.Orientation, ExifTags.IFD.GPSInfo}) or bool(words & set(picture.info))
    return (*(["place"] if place else []), *(["camera"] if rest else []))


def _encoded(picture: Image.Image, stripped: tuple[str, ...]) -> Made:
    """See-through pictures and drawings of few colours as PNG, the others as JPEG."""
    few = picture.mode == "P" or picture.mode == "L"
    clear = "A" in picture.mode or "transparency" in picture.info
    flat = picture.convert("RGBA" if clear else "RGB")
    made = io.BytesIO()
    bare = Image.frombytes(flat.mode, flat.size, flat.tobytes())
    if clear or (few and picture.format != "JPEG"):
        bare.save(made, "PNG", optimize=True)
        return Made("png", "image/png", made.getvalue(), stripped)
    bare.save(made, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Made("jpg", "image/jpeg", made.getvalue(), stripped)
