"""Lines over time as SVG, drawn on the server: lengths are attributes, since inline styles are forbidden."""

from dataclasses import dataclass

from django import template
from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = template.Library()

# The field that is drawn on, in the units of the viewBox; to the right of it stand the words of the lines.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 620, 220, 40, 96, 14, 28
_STEPS = 4
_LONGEST = 12


@dataclass(frozen=True)
class Line:
    name: str
    tone: str
    points: str
    area: str
    x: str
    y: str
    last: str
    label_y: str


@dataclass(frozen=True)
class Tick:
    at: str
    label: str


@register.inclusion_tag("mailings/_chart.html")
def chart(title, labels, series, note="", unit=""):
    """`series` are (name, tone, values), as many values as labels; the table behind it says the same."""
    labels, series = list(labels), [(name, tone, list(values)) for name, tone, values in series]
    top = _top([value for _name, _tone, values in series for value in values if value is not None], unit)
    lines = [line for name, tone, values in series if (line := _line(name, tone, values, top, unit))]
    return {
        "title": title,
        "note": note,
        "lines": _apart(lines),
        "levels": [Tick(_y(top * step / _STEPS, top), _said(top * step / _STEPS, unit)) for step in range(_STEPS + 1)],
        # One line or two bear their words at their ends; more of them, or longer words, are told in a legend.
        "has_legend": len(lines) > 2 or any(len(str(line.name)) > _LONGEST for line in lines),
        "marks": _marks(labels),
        "rows": [(label, [values[number] for _name, _tone, values in series]) for number, label in enumerate(labels)],
        "names": [name for name, _tone, _values in series],
        "unit": unit,
        "edges": (LEFT, WIDTH - RIGHT),
    }


def _top(values: list[float], unit: str) -> float:
    """The least number above all values of which a quarter is round; of shares not more than the whole."""
    most, size = max(values, default=0), 0.1 if unit else 1
    while True:
        for quarter in (1, 2, 3, 4, 5, 6, 8):
            top = round(quarter * size * _STEPS, 6)
            if top >= most:
                return 100 if unit and top > 100 else top
        size *= 10


def _x(number: int, count: int) -> str:
    return f"{LEFT + (WIDTH - LEFT - RIGHT) * number / max(1, count - 1):.1f}"


def _y(value: float, top: float) -> str:
    return f"{HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top:.1f}"


def _line(name: str, tone: str, values: list[float | None], top: float, unit: str) -> Line | None:
    """Where a value is not known, the line goes on from the last one that is."""
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if not known:
        return None
    places = [f"{_x(number, len(values))},{_y(value, top)}" for number, value in known]
    (first_x, _first_y), (last_x, last_y) = places[0].split(","), places[-1].split(",")
    floor = _y(0, top)
    area = " ".join([f"{first_x},{floor}", *places, f"{last_x},{floor}"])
    return Line(name, tone, " ".join(places), area, last_x, last_y, _said(known[-1][1], unit), last_y)


def _said(value: float, unit: str) -> str:
    """A number as it is written in the language of the page."""
    return f"{value:g}".replace(".", get_format("DECIMAL_SEPARATOR")) + unit


def _apart(lines: list[Line]) -> list[Line]:
    """Words at the ends of two lines that come together stand under each other."""
    placed, free = [], None
    for line in sorted(lines, key=lambda line: float(line.y)):
        y = float(line.y) if free is None else max(float(line.y), free)
        free = y + 16
        placed.append(Line(**{**line.__dict__, "label_y": f"{y:.1f}"}))
    return placed


def _marks(labels: list[str]) -> list[Tick]:
    """Some of the labels, evenly, the first among them."""
    every = max(1, -(-(len(labels) - 1) // 6))
    return [Tick(_x(number, len(labels)), labels[number]) for number in range(0, len(labels), every)]


@register.inclusion_tag("mailings/_chart.html")
def arrivals_chart(points, days):
    """How many letters had arrived, and come back, by each hour or quarter of a day."""
    series = [(_("delivered"), "1", [point.sent for point in points])]
    series.append((_("came back"), "2", [point.bounced for point in points]))
    return chart(_("Delivered over time"), _moments(points, days), series)


@register.inclusion_tag("mailings/_chart.html")
def course_chart(points, days, title, note, words_opened, words_clicked, opens):
    """How many had opened and clicked by each hour, or by each quarter of a day."""
    series = [(words_opened, "1", [point.opened for point in points])] if opens else []
    series.append((words_clicked, "2", [point.clicked for point in points]))
    return chart(title, _moments(points, days), series, note)


def _moments(points, days):
    shape = "H:i" if days == 1 else "j.m, H:i"
    return [date_format(localtime(point.at), shape) for point in points]
