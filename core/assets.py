"""Make the fonts and the icon sprite out of the installed packages. Nothing of third parties is committed."""

import hashlib
import importlib.resources
import re
import zipfile
from importlib.metadata import version
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from core.icons import ICONS
from core.scripts import RANGES

# Source Serif reserves its name (OFL), so a changed copy must carry another.
FONTS = {
    "onest": ("fontpkg_onest", "Onest[wght].ttf", {"wght": (400, 700)}, "Onest"),
    "desk-serif": (
        "fontpkg_source_serif_4",
        "SourceSerif4[opsz,wght].ttf",
        {"wght": (400, 700), "opsz": 14},
        "Desk Serif",
    ),
}
PACKAGES = ("fontpkg-onest", "fontpkg-source-serif-4", "lucide", "fonttools", "brotli")
FEATURES = ["kern", "tnum"]
NAME_IDS = {1: "{name}", 3: "{name} subset", 4: "{name}", 6: "{bare}", 16: "{name}", 25: "{bare}"}
ADOBE = "Copyright 2014-2021 Adobe Systems Incorporated (http://www.adobe.com/), with Reserved Font Name 'Source'.\n"
MARK = (
    '<symbol id="mark" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#28438f"/>'
    '<path d="M11.5 8 6 16l5.5 8M20.5 8 26 16l-5.5 8" fill="none" stroke="#fff" stroke-width="2.6"'
    ' stroke-linecap="round" stroke-linejoin="round"/><circle cx="16" cy="16" r="3.1" fill="#f0b84a"/></symbol>'
)


def build(target: Path) -> bool:
    """Write everything under `target`; False when what is there was made from the same sources."""
    stamp = target / ".stamp"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return False
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name, font in FONTS.items():
        _build_font(target / "fonts", name, *font)
    (target / "icons.svg").write_text(sprite(), encoding="utf-8")
    stamp.write_text(fingerprint)
    return True


def sprite() -> str:
    """One SVG file with a <symbol> for each icon; the strokes are set in CSS."""
    with zipfile.ZipFile(importlib.resources.files("lucide") / "lucide.zip") as icons:
        symbols = [_symbol(name, icons.read(f"{name}.svg").decode()) for name in ICONS]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{MARK}{"".join(symbols)}</svg>\n'


def _symbol(name: str, svg: str) -> str:
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1]
    body = re.sub(r"\s*\n\s*", "", body)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


def code_points(ranges: str) -> set[int]:
    """The numbers in a CSS unicode-range."""
    points = set()
    for part in ranges.replace("U+", "").split(", "):
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def _build_font(folder: Path, name: str, package: str, file: str, axes: dict, family: str) -> None:
    root = importlib.resources.files(package)
    for script, ranges in RANGES.items():
        font = TTFont(str(root / "files" / file), recalcTimestamp=False)
        _subset(font, code_points(ranges))
        font = instancer.instantiateVariableFont(font, axes)
        _rename(font, family)
        font.flavor = "woff2"
        font.save(folder / f"{name}-{script}.woff2")
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    if family != "Onest":
        licence = ADOBE + licence
    (folder / f"{name}-OFL.txt").write_text(licence, encoding="utf-8")


def _subset(font: TTFont, points: set[int]) -> None:
    options = Options(layout_features=FEATURES, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14, 16, 25], notdef_outline=True)
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)


def _rename(font: TTFont, family: str) -> None:
    names = {key: text.format(name=family, bare=family.replace(" ", "")) for key, text in NAME_IDS.items()}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def _fingerprint() -> str:
    here = Path(__file__)
    sources = here.read_bytes() + here.with_name("icons.py").read_bytes()
    versions = " ".join(f"{package}={version(package)}" for package in PACKAGES)
    return hashlib.sha256(sources + versions.encode()).hexdigest()
