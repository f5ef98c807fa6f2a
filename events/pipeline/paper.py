"""Badges, plates for the table and strips to sign, set by typst. What people wrote goes in as data, never as markup."""

import json
from dataclasses import dataclass
from pathlib import Path

import qrcode
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from core.typesetting import typeset
from mailings.artwork import fonts
from mailings.layouts import WORDS

from ..models import Event, ProgrammeItem
from ..states import Paper
from .ical import MEETING

_TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True)
class OnPaper:
    """Whoever is named on a sheet."""

    name: str
    outlet: str = ""
    code: str = ""


def square(code: str) -> str:
    """The code as a QR square, for paper and pages."""
    return qrcode.make(code, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")


def sheet_of(event: Event, what: Paper, people: list[OnPaper], part: ProgrammeItem | None = None) -> str:
    """All that stands on the sheets, as JSON."""
    is_badge = what is Paper.BADGES
    return json.dumps(
        {
            "what": what,
            "language": get_language(),
            # What a venue keeps does not say what a discreet event is about.
            "title": MEETING[get_language()] if what is Paper.GUARDS and event.is_discreet else (part or event).title,
            "day": date_format(timezone.localtime((part or event).starts_at), "DATE_FORMAT"),
            "organisation": WORDS[get_language()].organisation,
            "certificate": pgettext("paper", "Certificate"),
            "certifies": _("has taken part in the training"),
            "signature": _("Signature"),
            "contact": _("Telephone or e-mail, if you want the materials"),
            "people": [
                {
                    "name": one.name,
                    "outlet": one.outlet,
                    "code": f"{one.code[:3]} {one.code[3:]}" if is_badge else "",
                    "square": square(one.code) if is_badge else "",
                }
                for one in people
            ],
        },
        ensure_ascii=False,
    )


def print_paper(sheet: str) -> bytes:
    """The PDF. It carries no author and no time of making."""
    return typeset(_TEMPLATE, Path(fonts.folder_for_paper().name), sheet=sheet)
