"""Make a Message from a language version and a delivery. Preview and send call the same code. Reads no database."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import formataddr
from functools import cached_property, lru_cache
from typing import Protocol

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from mjml import mjml2html

from core.html import sanitise
from core.signing import make_token

from ..artwork import Art
from ..layouts import WORDS, Frame, Sender, Words, card_for, template_of
from ..merge_fields import Field, chosen, fill, split, woven
from ..message import Attached, Calendar, Inline, Message
from ..states import Measures
from . import marks
from .encoding import Alternative
from .letterhead import inside_json, letterhead, said, sheet_of
from .marking import Known, addresses_in, mark_of, slots_of, tail, with_slots, with_tail

UNSUBSCRIBE = "unsubscribe"
_BARE = Frame()
_INLINE = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
_TEXT = ParserConfig(css=STRICT_CSS_PROFILE, display_links=True, display_images=True)
_PICTURE = re.compile(r"<img\b[^>]*>")
_NAMED = re.compile(r'\bdata-attachment="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')


class VersionText(Protocol):
    language: str
    subject: str
    preheader: str
    body: str


class Addressed(Known, Protocol):
    merge_data: dict[str, str]
    # The row of the letter that this one corrects.
    original_id: int | None


@dataclass(frozen=True)
class Letter:
    """A version compiled once: text and HTML cut at their merge fields, to be put together for each recipient."""

    language: str
    subject: list[str | Field]
    html: list[str | Field]
    text: list[str | Field]
    # The same two as they stand on the wire.
    encoded: Alternative
    is_urgent: bool = False
    inline: tuple[Inline, ...] = ()
    attachments: tuple[Attached, ...] = ()
    # What stands on the letterhead of an official letter, as JSON; empty for the other kinds.
    sheet: list[str | Field] | None = None
    # The picture of a greeting card before a name is written into it.
    art: Art | None = None
    sender: Sender | None = None
    # What is measured of readers, and where the text leads to: `html` has a slot for each, and one before its end.
    measures: str = ""
    links: tuple[str, ...] = ()

    @cached_property
    def by(self) -> Sender:
        """Who sends it: the mailing's own account, or what the environment says."""
        return self.sender or Sender(settings.MAIL_FROM_NAMES[self.language], settings.DEFAULT_FROM_EMAIL)


def moment_in(language: str, at: datetime) -> str:
    """A moment as a reader takes it: in Dushanbe's time, and said so."""
    with override(language):
        return f"{date_format(timezone.localtime(at), 'DATETIME_FORMAT')} ({WORDS[language].dushanbe})"


def day_in(language: str, day: date) -> str:
    with override(language):
        return date_format(day, "DATE_FORMAT")


def pictures_named(html: str) -> list[str]:
    """How a text calls the pictures that it shows, in their order."""
    return [name[1] if (name := _NAMED.search(tag)) else "" for tag in _PICTURE.findall(html)]


def with_pictures(html: str, sources: dict[str, str]) -> SafeString:
    """The cleaned text with each picture at its source. One that is not there leaves its description."""

    def shown(tag: re.Match) -> str:
        name, alt = _NAMED.search(tag[0]), _ALT.search(tag[0])
        alt = alt[1] if alt else ""
        source = sources.get(name[1]) if name else None
        return f'<img src="{source}" alt="{alt}" width="520">' if source else alt

    return SafeString(_PICTURE.sub(shown, html))


def compile_letter(kind: str, version: VersionText, *, dated: date, frame: Frame = _BARE) -> Letter:
    """Lay out one language version of a letter of that day. The expensive part, done once per version and batch."""
    body = sanitise(version.body)
    named = set(pictures_named(body))
    pictures = [(name, picture) for name, picture in frame.pictures if name in named]
    shown = with_pictures(body, {name: f"cid:{picture.cid}" for name, picture in pictures})
    context = _context(kind, version, dated, frame) | {"body": shown}
    page = render_to_string(template_of(kind), context)
    links = addresses_in(body) if frame.measures else ()
    logos = [signature.logo for signature in frame.signatures if signature.logo]
    html, text = split(_INLINE.inline(mjml2html(page, fonts={}))), split(_text(version, shown, context))
    if frame.measures:
        html = with_tail(with_slots(html, links))
    return Letter(
        language=version.language,
        subject=split(version.subject),
        html=html,
        text=text,
        encoded=Alternative(text, html),
        is_urgent=frame.is_urgent,
        # A picture shown twice is one part.
        inline=tuple(
            {one.cid: one for one in [*(p for _n, p in pictures), *logos, *filter(None, [frame.card])]}.values()
        ),
        attachments=frame.attachments,
        art=frame.art,
        sender=frame.sender,
        sheet=split(sheet_of(said(body), context)) if kind == "official" else None,
        measures=frame.measures,
        links=links,
    )


def _context(kind: str, version: VersionText, dated: date, frame: Frame) -> dict[str, object]:
    words = WORDS[version.language]
    return {
        "language": version.language,
        "subject": version.subject,
        "preheader": version.preheader,
        "kind": words.kinds[kind],
        "day": day_in(version.language, dated),
        "words": words,
        "frame": frame,
        "embargo": frame.embargo_until and moment_in(version.language, frame.embargo_until),
        "contact": frame.contact or settings.MAIL_REPLY_TO,
        # Of a reader whose region has none of its own, the default.
        "hotline": frame.hotline and f"{{hotline|{frame.hotline}}}",
        "answer_url": f"{{rsvp_url|{frame.answer_url}}}" if frame.answer_url else "",
    }


def _text(version: VersionText, body: str, context: dict) -> str:
    words: Words = context["words"]
    frame: Frame = context["frame"]
    text = get_text(f"<html><body>{body}</body></html>", _TEXT)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
    number = f" № {frame.number}" if frame.number else ""
    names = [signature.name for signature in frame.signatures]
    art = frame.art
    blocks = [
        words.urgent.upper() if frame.is_urgent else "",
        f"{words.embargo} {context['embargo']}" if frame.embargo_until else "",
        f"{words.organisation}\n{context['kind']}{number}, {context['day']}",
        frame.addressee,
        version.subject,
        art.alt if art else "",
        text,
        f"{words.answer}: {context['answer_url']}\n{words.answer_in_words}" if frame.answer_url else "",
        art.signature if art else "",
        f"{words.signed}:\n" + "\n".join(f"* {name}" for name in names) if names else "",
        f"{words.about}\n{frame.about}" if frame.about else "",
        f"{words.hotline}: {context['hotline']}" if frame.hotline else "",
    ]
    footer = [
        f"{words.contact}: {context['contact']}",
        f"{words.browser}: {frame.web_url}" if frame.web_url else "",
        f"{words.why}\n{words.unsubscribe}: {{unsubscribe_url}}",
    ]
    return "\n\n".join(filter(None, blocks)) + "\n\n-- \n" + "\n\n".join(filter(None, footer)) + "\n"


def render(
    letter: Letter, delivery: Addressed, *, to: str, card: Inline | None = None, calendar: Calendar | None = None
) -> Message:
    """The letter for one recipient at the address `to`, which a sealed row does not show.

    `card` is this reader's own picture in the place of the one that all share; `calendar` their own event.
    """
    number = delivery.pk
    unsubscribe_url = f"{settings.SITE_URL}/u/{make_token(UNSUBSCRIBE, number)}/"
    values = {**delivery.merge_data, "unsubscribe_url": unsubscribe_url}
    card = card or (letter.art and card_for(letter.art, values.get("address", "")))
    html, text = _marked(letter, delivery, values), chosen(letter.text, values)
    message = Message(
        # Made from the row, so that a letter sent again after an unknown outcome can be recognised as the same one.
        message_id=marks.message_id(number),
        envelope_from=marks.return_path(number) or letter.by.address,
        sender=_named(letter.by.name, letter.by.address),
        to=to,
        subject=" ".join(fill(letter.subject, values).split()),
        html=woven(letter.html, html),
        text=woven(letter.text, text),
        reply_to=settings.MAIL_REPLY_TO,
        headers={
            "Content-Language": letter.language,
            "List-Unsubscribe": ", ".join(filter(None, [f"<{unsubscribe_url}>", marks.leave_link(number)])),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            marks.HEADER: marks.header(number),
            **_thread(delivery),
            **({"Importance": "high"} if letter.is_urgent else {}),
        },
        inline=tuple(card if card and one.cid == card.cid else one for one in letter.inline),
        attachments=letter.attachments,
        calendar=calendar,
        body=letter.encoded.fill(text, html, calendar),
    )
    if letter.sheet is None:
        return message
    return replace(message, attachments=(_on_letterhead(letter, values), *message.attachments))


def _marked(letter: Letter, delivery: Addressed, values: dict[str, str]) -> list[str]:
    """What stands in the slots of the page, with links and a picture that tell in the letter of who is measured."""
    mark = mark_of(delivery) if letter.measures else None
    if mark is None:
        return chosen(letter.html, values, escape)
    html = chosen(letter.html, values | slots_of(mark, letter.links), escape)
    # The slot before the end of the page; markup of ours, which is not escaped.
    html[-1] = tail(mark, opens=letter.measures == Measures.ALL)
    return html


@lru_cache(maxsize=64)
def _named(name: str, address: str) -> str:
    """Encoded once for all letters."""
    return formataddr((name, address))


def _thread(delivery: Addressed) -> dict[str, str]:
    """What puts a correction under the letter that the reader has already."""
    if not delivery.original_id:
        return {}
    original = marks.message_id(delivery.original_id)
    return {"In-Reply-To": original, "References": original}


def _on_letterhead(letter: Letter, values: dict[str, str]) -> Attached:
    return _sheet(fill(letter.sheet, values, inside_json))


@lru_cache(maxsize=16)
def _sheet(content: str) -> Attached:
    """The PDF of an official letter; who is spoken to alike gets the same one, made and encoded once."""
    return letterhead(content)
