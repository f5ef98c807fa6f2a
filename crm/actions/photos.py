"""Portraits of contacts: made anew, small and without what a camera writes into them."""

import io
import uuid

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, ImageOps

from ..models import Contact
from ..pictures import opened

SIDE = 256
MAX_BYTES = 5 * 1024 * 1024


def portrait(upload: UploadedFile) -> ContentFile:
    """The picture as a square JPEG of 256 pixels, without metadata. Raises NotAPicture."""
    with opened(upload) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        square = ImageOps.fit(upright, (SIDE, SIDE))
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
