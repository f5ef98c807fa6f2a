"""The faces that pictures and paper are set in: the packaged fonts, which have ғ ӣ қ ӯ ҳ ҷ."""

import importlib.resources
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from PIL import ImageFont

from core.scripts import RANGES

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Package, file, and how heavy letters of each use are; `opsz` is the size that the serif is drawn for.
SANS, SERIF = "sans", "serif"
_SOURCES = {
    SANS: ("fontpkg_onest", "Onest[wght].ttf", {"wght": 600}),
    SERIF: ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"wght": 600, "opsz": 36}),
}
# What typst is given: it takes no variable fonts. Made of our own web fonts, a file for each script and weight.
_FOR_PAPER = {
    "Desk Sans": ("onest", 600),
    "Desk Title": ("desk-serif", 600),
    "Desk Text": ("desk-serif", 400),
}
# Numbers of the name table: family, full, PostScript and typographic family; the styles.
_FAMILY_NAMES, _POSTSCRIPT, _STYLE_NAMES = {1, 4, 6, 16}, 6, {2, 17}


def _path(package: str, file: str) -> Path:
    return Path(str(importlib.resources.files(package) / "files" / file))


def _opened(path: str | Path, *, lazy: bool = False) -> "TTFont":
    # Loaded by the first card: a worker that sends other letters has ten megabytes less to hold.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    return TTFont(str(path), lazy=lazy)


@lru_cache(maxsize=64)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    package, file, axes = _SOURCES[name]
    font = ImageFont.truetype(str(_path(package, file)), size)
    # In the order in which the file has them, whatever its name says.
    order = [tag for tag in _axes(name) if tag in axes]
    font.set_variation_by_axes([axes[tag] for tag in order])
    return font


@cache
def _axes(name: str) -> tuple[str, ...]:
    package, file, _axes = _SOURCES[name]
    with _opened(_path(package, file), lazy=True) as font:
        return tuple(axis.axisTag for axis in font["fvar"].axes)


@cache
def _letters(name: str) -> frozenset[int]:
    package, file, _axes = _SOURCES[name]
    with _opened(_path(package, file), lazy=True) as font:
        return frozenset(font.getBestCmap())


def can_write(name: str, text: str) -> bool:
    """Whether the face has every letter of the text, so that none becomes a box."""
    return all(ord(letter) in _letters(name) for letter in text if not letter.isspace())


@cache
def folder_for_paper() -> TemporaryDirectory:
    """A folder with fonts of one weight each, made once a process; it goes when the process does."""
    from fontTools.varLib import instancer  # noqa: PLC0415

    folder = TemporaryDirectory(prefix="payom-fonts-")
    for family, (name, weight) in _FOR_PAPER.items():
        for script in RANGES:
            source = _opened(finders.find(f"fonts/{name}-{script}.woff2"))
            font = instancer.instantiateVariableFont(source, {"wght": weight})
            _rename(font, f"{family} {script}")
            font.flavor = None
            font.save(Path(folder.name) / f"{name}-{weight}-{script}.ttf")
    return folder


def _rename(font: "TTFont", family: str) -> None:
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = family.replace(" ", "") if record.nameID == _POSTSCRIPT else family
        elif record.nameID in _STYLE_NAMES:
            record.string = "Regular"
    font["OS/2"].usWeightClass = 400
