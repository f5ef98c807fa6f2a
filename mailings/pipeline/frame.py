"""Gather what stands around the text of one language version. Writes nothing."""

from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from core.signing import make_token
from crm.models import Contact

from ..artwork import Art
from ..layouts import PARTICULARS, Frame, Sender, Signature, card_for
from ..models import Attachment, Card, Hotline, Mailing, companions

WEB_COPY = "web copy"


def frame_of(mailing: Mailing, language: str, *, with_files: bool = True) -> Frame:
    """Number, notices, names, pictures and files of a version, files included: once for a version and batch."""
    has = PARTICULARS[mailing.kind]
    around = next((one for one in mailing.frames.all() if one.language == language), None)
    # An official letter is to one addressee.
    is_public = mailing.kind != Mailing.Kind.OFFICIAL
    files = list(mailing.attachments.filter(language=language))
    art = art_of(mailing.card, language) if mailing.greets else None
    return Frame(
        number=mailing.number,
        is_urgent=mailing.is_urgent,
        embargo_until=mailing.embargo_until,
        contact=around.contact if around and "contact" in has else "",
        about=around.about if around and "about" in has else "",
        addressee=around.addressee if around and "addressee" in has else "",
        hotline=default_hotline(language) if is_public else "",
        web_url=web_url(mailing, language) if is_public else "",
        signatures=_signatures(mailing) if "signatories" in has else (),
        pictures=tuple((str(one.pk), one.inline()) for one in files if one.use == Attachment.Use.PICTURE),
        attachments=tuple(one.attached() for one in files if with_files and one.use == Attachment.Use.FILE),
        card=card_for(art, "") if art else None,
        card_alt=art.alt if art else "",
        art=art,
        sender=_sender(mailing, language),
        measures=mailing.measures,
        answer_url=answer_url(mailing),
    )


def answer_url(mailing: Mailing) -> str:
    """Where a reader answers who has no link yet, in a preview or a test letter: a page that changes nothing."""
    return f"{settings.SITE_URL}/r/{make_token('rsvp', 0)}/" if companions.said(mailing) else ""


def _sender(mailing: Mailing, language: str) -> Sender | None:
    account = mailing.account
    return Sender(account.names[language], account.address) if account else None


def art_of(card: Card, language: str) -> Art:
    """The picture of a card in one language; without words of its own it says what the occasion says."""
    text = next((one for one in card.texts.all() if one.language == language), None)
    occasion = card.occasion
    on = occasion.day_in(card.year)
    return Art(
        design=card.design,
        line=", ".join(filter(None, [on and day_and_month(on, language), occasion.name_in(language)])),
        wish=(text and text.wish) or occasion.wish_in(language),
        with_name=card.with_name,
        signature=text.signature if text else "",
        upload=card.read_upload(),
    )


def day_and_month(day: date, language: str) -> str:
    with override(language):
        return date_format(day, "MONTH_DAY_FORMAT")


def _signatures(mailing: Mailing) -> tuple[Signature, ...]:
    rows = mailing.signatories.select_related("logo")
    return tuple(Signature(row.name, row.logo.inline() if row.logo else None) for row in rows)


def web_url(mailing: Mailing, language: str) -> str:
    return f"{settings.SITE_URL}/w/{make_token(WEB_COPY, mailing.pk)}/?lang={language}"


def default_hotline(language: str) -> str:
    return Hotline.objects.filter(region="", language=language).values_list("text", flat=True).first() or ""


def hotline_for(contact: Contact, language: str) -> str:
    found = (
        Hotline.objects.filter(region=contact.region, language=language) if contact.region else Hotline.objects.none()
    )
    return found.values_list("text", flat=True).first() or default_hotline(language)


def hotlines() -> dict[tuple[str, str], str]:
    """All of them, by region and language. One query."""
    return {(one.region, one.language): one.text for one in Hotline.objects.all()}
