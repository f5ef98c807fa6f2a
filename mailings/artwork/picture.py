"""The card as one picture: the drawing or the photograph, the occasion, the wish, and the name of whoever gets it."""

import io
from dataclasses import dataclass, field
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageOps

from crm.pictures import opened

from . import fonts, motifs
from .motifs import MOTIFS, WIDTH

HEIGHT_OF_UPLOAD = 900
_MARGIN = 100
_ROOM = WIDTH - 2 * _MARGIN
_LINE_HEIGHT = 1.22


@dataclass(frozen=True)
class Art:
    """All that stands in the picture in one language but the name, and the words that the letter ends with."""

    design: str
    line: str
    wish: str
    with_name: bool = True
    signature: str = ""
    # A photograph, made clean when it came in; then `design` gives the colours of the words under it.
    upload: bytes = field(default=b"", repr=False)

    @property
    def alt(self) -> str:
        """What the picture says, for who does not see it; the name is a merge field."""
        words = [self.line, self.wish, "{address}" if self.with_name else ""]
        return " ".join(part if part[-1] in ".!?}" else f"{part}." for part in words if part)

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self.upload else "image/png"


def clean_picture(file) -> bytes:
    """An uploaded picture as a JPEG of our width, decoded and made anew, without what a camera writes into it.

    Raises NotAPicture for anything else, a drawing in SVG and a bomb among them.
    """
    with opened(file) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    whole = Image.alpha_composite(Image.new("RGBA", upright.size, "#ffffff"), upright).convert("RGB")
    height = min(max(round(whole.height * WIDTH / whole.width), 1), HEIGHT_OF_UPLOAD)
    fitted = ImageOps.fit(whole, (WIDTH, height), Image.Resampling.LANCZOS)
    return _jpeg(Image.frombytes("RGB", fitted.size, fitted.tobytes()))


@lru_cache(maxsize=512)
def picture_of(art: Art, name: str = "") -> bytes:
    """The picture with a name in it, drawn once for all who are spoken to alike. Nothing of a name is ever cut off."""
    motif = MOTIFS[art.design]
    base = base_of(art)
    name = " ".join(name.split())
    if not (art.with_name and name and fonts.can_write(fonts.SERIF, name)):
        return _encoded(art, base)
    lines, size = fit(name, fonts.SERIF, largest=54, smallest=34, lines=2)
    step = round(size * _LINE_HEIGHT)
    whole = Image.new("RGB", (WIDTH, base.height + 34 + step * len(lines) + 40), motif.ground)
    whole.paste(base)
    pen = ImageDraw.Draw(whole)
    pen.line((WIDTH // 2 - 60, base.height, WIDTH // 2 + 60, base.height), fill=motif.line, width=3)
    _write(pen, lines, fonts.SERIF, size, base.height + 34, motif.name)
    return _encoded(art, whole)


@cache
def thumbnail(design: str) -> bytes:
    """A drawing of ours, small, to choose from."""
    small = motifs.draw(MOTIFS[design]).resize((WIDTH // 5, motifs.HEIGHT // 5), Image.Resampling.LANCZOS)
    return _png(small)


@lru_cache(maxsize=16)
def base_of(art: Art) -> Image.Image:
    """Everything but the name."""
    motif = MOTIFS[art.design]
    top = Image.open(io.BytesIO(art.upload)).convert("RGB") if art.upload else motifs.draw(motif)
    blocks = [
        (art.line, fonts.SANS, motif.line, *fit(art.line, fonts.SANS, largest=32, smallest=26, lines=2)),
        (art.wish, fonts.SERIF, motif.ink, *fit(art.wish, fonts.SERIF, largest=82, smallest=52, lines=3)),
    ]
    blocks = [block for block in blocks if block[0]]
    height = 52 if art.upload else 14
    height += sum(round(size * _LINE_HEIGHT) * len(lines) + 26 for *_words, lines, size in blocks) + 34
    whole = Image.new("RGB", (WIDTH, top.height + height), motif.ground)
    whole.paste(top)
    y = top.height + (52 if art.upload else 14)
    for _words, face, colour, lines, size in blocks:
        y = _write(ImageDraw.Draw(whole), lines, face, size, y, colour) + 26
    return whole


def fit(text: str, face: str, *, largest: int, smallest: int, lines: int) -> tuple[list[str], int]:
    """The text in lines that are not too wide, and the size: smaller before it takes more lines than it should."""
    for size in range(largest, smallest - 1, -4):
        found = _wrapped(text, face, size)
        if len(found) <= lines and all(_width(line, face, size) <= _ROOM for line in found):
            return _balanced(text, face, size, found), size
    return _broken(text, face, smallest), smallest


def _wrapped(text: str, face: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}", face, size) <= _ROOM:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balanced(text: str, face: str, size: int, lines: list[str]) -> list[str]:
    """Two lines of about one length look better than a long and a short one."""
    if len(lines) != 2:
        return lines
    words = text.split()
    halves = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(halves, key=lambda half: max(_width(line, face, size) for line in half))


def _broken(text: str, face: str, size: int) -> list[str]:
    """As many lines as it takes; a word that is wider than the card goes on in the next line."""
    lines = [""]
    for word in _wrapped(text, face, size):
        for letter in word:
            if _width(lines[-1] + letter, face, size) > _ROOM:
                lines.append("")
            lines[-1] += letter
        lines.append("")
    return [line.strip() for line in lines if line.strip()]


def _width(text: str, face: str, size: int) -> float:
    return fonts.face(face, size).getlength(text)


def _write(pen: ImageDraw.ImageDraw, lines: list[str], face: str, size: int, y: int, colour: str) -> int:
    """Lines in the middle, from `y` down; return where they end."""
    step = round(size * _LINE_HEIGHT)
    for number, line in enumerate(lines):
        pen.text((WIDTH // 2, y + number * step), line, font=fonts.face(face, size), fill=colour, anchor="ma")
    return y + step * len(lines)


def _encoded(art: Art, picture: Image.Image) -> bytes:
    """Flat colours as a PNG of few, a photograph as a JPEG."""
    if art.upload:
        return _jpeg(picture)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=84, optimize=True, progressive=True)
    return file.getvalue()
