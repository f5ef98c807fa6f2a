"""Make a Message from a language version and a delivery. Preview and send call the same code. Reads no database."""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import formataddr
from typing import Protocol

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import override
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from mjml import mjml2html

from core.html import sanitise
from core.signing import make_token

from ..layouts import TEMPLATE, WORDS
from ..merge_fields import Field, fill, split
from ..message import Message

UNSUBSCRIBE = "unsubscribe"
_INLINE = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
_TEXT = ParserConfig(css=STRICT_CSS_PROFILE, display_links=True)


class VersionText(Protocol):
    language: str
    subject: str
    preheader: str
    body: str


class Addressed(Protocol):
    pk: int
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


def compile_letter(kind: str, version: VersionText, *, dated: date) -> Letter:
    """Lay out one language version of a letter of that day. The expensive part, done once per version and batch."""
    words = WORDS[version.language]
    with override(version.language):
        day = date_format(dated, "DATE_FORMAT")
    body = sanitise(version.body)
    page = render_to_string(
        TEMPLATE,
        {
            "language": version.language,
            "subject": version.subject,
            "headline": version.subject,
            "preheader": version.preheader,
            "body": body,
            "kind": words.kinds[kind],
            "day": day,
            "words": words,
            "reply_to": settings.MAIL_REPLY_TO,
        },
    )
    text = get_text(f"<html><body>{body}</body></html>", _TEXT)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
    footer = f"{words.contact}: {settings.MAIL_REPLY_TO}\n\n{words.why}\n{words.unsubscribe}: {{unsubscribe_url}}"
    headline = f"{words.organisation}\n{words.kinds[kind]}, {day}\n\n{version.subject}"
    return Letter(
        language=version.language,
        subject=split(version.subject),
        html=split(_INLINE.inline(mjml2html(page, fonts={}))),
        text=split(f"{headline}\n\n{text}\n\n-- \n{footer}\n"),
    )


def render(letter: Letter, delivery: Addressed, *, to: str) -> Message:
    """The letter for one recipient at the address `to`, which a sealed row does not show."""
    token = make_token(UNSUBSCRIBE, delivery.pk)
    unsubscribe_url = f"{settings.SITE_URL}/u/{token}/"
    values = {**delivery.merge_data, "unsubscribe_url": unsubscribe_url}
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return Message(
        # Made from the row, so that a letter sent again after an unknown outcome can be recognised as the same one.
        message_id=_message_id(delivery.pk, domain),
        envelope_from=settings.DEFAULT_FROM_EMAIL,
        sender=formataddr((settings.MAIL_FROM_NAMES[letter.language], settings.DEFAULT_FROM_EMAIL)),
        to=to,
        subject=" ".join(fill(letter.subject, values).split()),
        html=fill(letter.html, values, escape),
        text=fill(letter.text, values),
        reply_to=settings.MAIL_REPLY_TO,
        headers={
            "Content-Language": letter.language,
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "X-Payom-Delivery": make_token("delivery", delivery.pk),
            **_thread(delivery, domain),
        },
    )


def _message_id(pk: int, domain: str) -> str:
    return f"<{make_token('message', pk)}@{domain}>"


def _thread(delivery: Addressed, domain: str) -> dict[str, str]:
    """What puts a correction under the letter that the reader has already."""
    if not delivery.original_id:
        return {}
    original = _message_id(delivery.original_id, domain)
    return {"In-Reply-To": original, "References": original}
