"""Portraits of contacts: made anew, small and without what a camera writes into them."""

import io
import uuid

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from ..models import Contact

SIDE = 256
MAX_BYTES = 5 * 1024 * 1024
# What a picture says of its size before it is decoded: more would fill the memory.
_MAX_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# What Pillow raises for damaged files, by format.
_REFUSED = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)


class NotAPicture(ValueError):
    """The file is no picture that can be read."""


def portrait(upload: UploadedFile) -> ContentFile:
    """The picture as a square JPEG of 256 pixels, without metadata. Raises NotAPicture."""
    try:
        with Image.open(upload, formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise NotAPicture
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            square = ImageOps.fit(upright, (SIDE, SIDE))
    except _REFUSED as error:
        raise NotAPicture from error
    made = io.BytesIO()
    Image.frombytes("RGB", square.size, square.tobytes()).save(made, "JPEG", quality=85, optimize=True)
    return ContentFile(made.getvalue(), name=f"{uuid.uuid4().hex}.jpg")


def put_photo(contact: Contact, photo: ContentFile | None) -> None:
    """Give the contact this photo, or none; the old file goes once that is certain. The caller saves."""
    if contact.photo:
        storage, name = contact.photo.storage, contact.photo.name
        transaction.on_commit(lambda: storage.delete(name))
    contact.photo = ""
    if photo:
        contact.photo.save(photo.name, photo, save=False)
