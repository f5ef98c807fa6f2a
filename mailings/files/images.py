"""Pictures are made anew: only their colours are taken over."""

import io

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from crm.pictures import NotAPicture, TooManyPixels, opened

from .cleaned import Made, Refused

IN_TEXT = (1200, 2400)
FOR_PRINT = (5000, 5000)
_QUALITY = 85


def reduced(data: bytes, said: str, bounds: tuple[int, int]) -> Made:
    """The picture upright and within `bounds`. Raises Refused where it is none, or not of the kind it is called."""
    try:
        with opened(io.BytesIO(data)) as picture:
            found, stripped = picture.format, _told(picture)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(bounds)
            made = _encoded(upright, stripped)
    except TooManyPixels as error:
        raise Refused(_("The picture has too many pixels. Make it smaller, then add it again.")) from error
    except NotAPicture as error:
        raise Refused(_("The file is no picture that can be read. Open it and save it anew.")) from error
    if found != said:
        words = _("The file is called %(said)s but holds %(is)s. Save it anew in the right format.")
        raise Refused(words % {"said": said, "is": found})
    return made


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
