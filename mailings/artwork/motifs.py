"""The pictures we draw ourselves: dots, chevrons and a circle, the mark of the house in the colours of an occasion."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

# Drawn so much larger and then made smaller: smooth edges.
_SCALE = 2
WIDTH, HEIGHT = 1200, 680
GOLD, GOLD_DIM, WHITE = "#f0b84a", "#b48c4f", "#ffffff"

Pen = ImageDraw.ImageDraw


@dataclass(frozen=True)
class Motif:
    """A drawing and the colours of the words under it."""

    draw: Callable[[Pen, str], None]
    ground: str
    line: str = "#f6c768"
    ink: str = WHITE
    name: str = "#f3ead6"


def draw(motif: Motif) -> Image.Image:
    """The upper part of the card, as wide as the card is."""
    canvas = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), motif.ground)
    motif.draw(ImageDraw.Draw(canvas), motif.ground)
    return canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _dot(pen: Pen, x: float, y: float, radius: float, colour: str) -> None:
    x, y, radius = x * _SCALE, y * _SCALE, radius * _SCALE
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _line(pen: Pen, points: list[tuple[float, float]], colour: str, width: float = 5) -> None:
    """A bent line with round ends and joints."""
    pen.line([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour, width=round(width * _SCALE), joint="curve")
    for x, y in (points[0], points[-1]):
        _dot(pen, x, y, width / 2, colour)


def mixed(ground: str, ink: str, share: float) -> str:
    """The ink laid thinly on the ground."""
    pairs = zip(_channels(ground), _channels(ink), strict=True)
    return "#" + "".join(f"{round(under + (over - under) * share):02x}" for under, over in pairs)


def _channels(colour: str) -> Iterator[int]:
    return (int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _arc(pen: Pen, count: int, radius: float, centre: tuple[float, float], dim: str) -> None:
    """Dots in a half circle, every fifth of them bright."""
    for number in range(count):
        angle = math.pi * (number + 0.5) / count
        x, y = centre[0] - radius * math.cos(angle), centre[1] - radius * math.sin(angle)
        is_bright = number % 5 == 2
        _dot(pen, x, y, 15 if is_bright else 10, GOLD if is_bright else dim)


def _voice(pen: Pen, ground: str, ink: str, y: float) -> None:
    """Opened guillemets on both sides of a light."""
    for number, share in enumerate((1.0, 0.8, 0.55, 0.35)):
        depth = 39 + 24 * number
        for side in (-1, 1):
            tip = 600 + side * (123 + 56 * number)
            bend = [
                (tip - side * depth, y - depth * 1.62),
                (tip, y),
                (tip - side * depth, y + depth * 1.62),
            ]
            _line(pen, bend, mixed(ground, ink, share))


def lights(pen: Pen, ground: str) -> None:
    """The thirty lights of the Universal Declaration over a voice."""
    _arc(pen, 30, 463, (600, 584), mixed(ground, GOLD, 0.7))
    _voice(pen, ground, WHITE, 413)
    _dot(pen, 600, 413, 52, GOLD)


def spring(pen: Pen, ground: str) -> None:
    """The sun comes up over rows of sprouts."""
    horizon = 430
    _arc(pen, 15, 300, (600, horizon), mixed(ground, GOLD, 0.75))
    _dot(pen, 600, horizon, 190, GOLD)
    pen.rectangle((0, horizon * _SCALE, WIDTH * _SCALE, HEIGHT * _SCALE), fill=ground)
    _line(pen, [(150, horizon), (1050, horizon)], mixed(ground, WHITE, 0.5))
    for row, share in enumerate((1.0, 0.7, 0.45)):
        y, size, step = horizon + 70 + row * 62, 22 + row * 5, 74 + row * 18
        for number in range(-5 - row, 6 + row):
            x = 600 + number * step
            if 150 <= x <= 1050:
                _line(
                    pen, [(x - size, y - size * 0.8), (x, y), (x + size, y - size * 0.8)], mixed(ground, WHITE, share)
                )


def winter(pen: Pen, ground: str) -> None:
    """A tree of chevrons under a light, and snow."""
    # One after the other by the golden ratio: even, and never in rows.
    for number in range(46):
        x, y = 60 + (number * 0.618034 % 1) * 1080, 50 + number * 13
        if abs(x - 600) > 90 + (y - 110) * 0.42:
            _dot(pen, x, y, 4 + number * 7 % 5, mixed(ground, WHITE, 0.25 + number % 4 * 0.15))
    for number in range(5):
        y, half = 190 + number * 84, 60 + number * 36
        _line(pen, [(600 - half, y + half * 0.62), (600, y), (600 + half, y + half * 0.62)], WHITE, 7)
    for number, x in enumerate((-36, 48, -92, 96, -6, 138, -138)):
        _dot(pen, 600 + x, 288 + number * 46, 10, GOLD)
    _dot(pen, 600, 120, 38, GOLD)


def page(pen: Pen, ground: str) -> None:
    """A voice in ink on paper, over lines of text."""
    lapis = "#28438f"
    _voice(pen, ground, lapis, 300)
    _dot(pen, 600, 300, 52, "#be8113")
    for row, width in enumerate((760, 640, 700)):
        y = 540 + row * 46
        for number in range(width // 40 + 1):
            _dot(pen, 600 - width / 2 + number * 40, y, 6, mixed(ground, lapis, 0.28))


MOTIFS = {
    "lights": Motif(lights, "#1b2c5f"),
    "spring": Motif(spring, "#14553f"),
    "winter": Motif(winter, "#173a5e"),
    "page": Motif(page, "#f4f1ea", line="#7a4f05", ink="#1c1b17", name="#28438f"),
}
