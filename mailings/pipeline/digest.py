"""A review gathered from what left since the last one and from what was written about us. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import format_html, format_html_join

from crm.salutations import suggest

from ..layouts import WORDS
from ..merge_fields import fill, split
from ..models import Mailing, MailingVersion
from .frame import web_url

_KINDS = [Mailing.Kind.STATEMENT, Mailing.Kind.PRESS_RELEASE]
_MOST = 50


@dataclass(frozen=True)
class Clipping:
    """Something that was published."""

    title: str
    url: str


def candidates(review: Mailing):
    """Statements and press releases that anybody may read by now, the newest first."""
    sent = Mailing.objects.filter(kind__in=_KINDS, started_at__isnull=False, withdrawn_at=None)
    public = sent.exclude(embargo_until__gt=timezone.now()).exclude(pk=review.pk)
    return public.prefetch_related("versions").order_by("-started_at", "-pk")[:_MOST]


def since_the_last(review: Mailing, found: Iterable[Mailing]) -> list[Mailing]:
    """Those of `found` that no review can have told of yet."""
    reviews = Mailing.objects.filter(kind=Mailing.Kind.REVIEW, started_at__isnull=False).exclude(pk=review.pk)
    last = reviews.order_by("-started_at").values_list("started_at", flat=True).first()
    return [mailing for mailing in found if last is None or mailing.started_at > last]


def section(language: str, mailings: Iterable[Mailing], clippings: Iterable[Clipping]) -> str:
    """HTML to put into the version of a language; mailings without a text in it are left out of it."""
    words = WORDS[language]
    ours = format_html_join("", "<li>{}</li>", ((entry,) for one in mailings if (entry := _entry(one, language))))
    press = format_html_join("", '<li><a href="{}">{}</a></li>', ((one.url, one.title) for one in clippings))
    parts = [format_html("<h2>{}</h2><ul>{}</ul>", title, list_) for title, list_ in _titled(words, ours, press)]
    return "".join(parts)


def _titled(words, ours: str, press: str) -> list[tuple[str, str]]:
    return [(title, found) for title, found in ((words.ours, ours), (words.press, press)) if found]


def _entry(mailing: Mailing, language: str) -> str:
    version = next((one for one in mailing.versions.all() if one.language == language and one.is_ready), None)
    if version is None:
        return ""
    link = format_html('<a href="{}">{}</a>', web_url(mailing, language), _said(version, version.subject))
    lead = _said(version, version.preheader)
    return format_html("{}. {}", link, lead) if lead else link


def _said(version: MailingVersion, text: str) -> str:
    """As somebody reads it whom we do not know."""
    return fill(split(text), {"address": suggest(version.language).text})
