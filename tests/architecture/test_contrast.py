"""The 63 pairs of the design hold in both themes (WCAG 2.2: 4.5 for text, 3 for graphics that mean something)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
GROUNDS = ("surface", "paper", "desk", "sunken", "hover", "selected")
INKS = ("gold", "ok", "bad", "info", "plum")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *(("accent-ink", ground) for ground in ("surface", "paper", "desk", "accent-soft", "selected", "sunken", "hover")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    *((f"{tone}-ink", ground) for tone in INKS for ground in (f"{tone}-soft", "surface", "paper")),
    ("ink-2", "mute-soft"),
    ("ink", "gold-soft"),
    ("ink", "accent-soft"),
    *(("ink-2", f"{tone}-soft") for tone in ("gold", "accent", "bad", "ok")),
    ("ink-3", "accent-soft"),
    ("ink-3", "gold-soft"),
]
GRAPHICS = [
    *((tone, "surface") for tone in INKS),
    *(("field-line", ground) for ground in ("surface", "paper", "sunken")),
    ("mute", "surface"),
    ("c1", "surface"),
    ("c2", "surface"),
    ("c3", "surface"),
]
# Not in the design's list, but on our pages.
OURS = [
    ("night-ink", "night"),
    ("night-ink-2", "night"),
    ("surface", "ink"),
    ("ink-3", "mute-soft"),
    ("plum-ink", "plum-soft"),
]


def _values(selector: str) -> dict[str, str]:
    block = re.search(rf"{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (.+?);", block))


THEMES = {"light": _values(":root"), "dark": _values(':root[data-theme="dark"]')}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_covers_the_pairs_of_the_design():
    assert len(TEXT) + len(GRAPHICS) == 63


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("need", "pair"), [*((4.5, pair) for pair in TEXT + OURS), *((3, pair) for pair in GRAPHICS)])
def test_contrast_is_enough(theme, need, pair):
    values = THEMES[theme]
    assert contrast(values[pair[0]], values[pair[1]]) >= need


def test_contrast_dark_is_the_same_when_the_system_asks_for_it():
    assert _values(':root[data-theme="system"]') == THEMES["dark"]


def test_contrast_dark_sets_every_colour_of_light():
    assert THEMES["light"].keys() == THEMES["dark"].keys()
