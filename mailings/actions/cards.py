"""Greeting cards: preparing one for an occasion, choosing its picture and words, and forgetting nobody of last year."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction

from audit.changes import Text, difference, snapshot
from audit.log import log
from crm.models import Contact, Topic

from ..cards_text import FIRST_TEXT, SIGNATURE, TOPIC
from ..models import Card, CardText, Mailing, MailingVersion, Occasion, OccasionDate
from ..models.rules import PICK
from .approval import reopen
from .audience import set_audience
from .texts import create
from .writing import save_version

_OCCASION = [
    "name_ru", "name_tg", "name_en", "wish_ru", "wish_tg", "wish_en", "kind", "month", "day", "segment_id", "design",
    "is_active",
]  # fmt: skip


@transaction.atomic
def save_occasion(occasion: Occasion, *, dates: Mapping[int, tuple[date | None, bool]], by) -> Occasion:
    """Keep an occasion as the form has it, with the day of a moving one by year and whether it was announced."""
    is_new = occasion.pk is None
    before = {} if is_new else _told(Occasion.objects.get(pk=occasion.pk))
    occasion.save()
    for year, (on, is_certain) in dates.items():
        if on is None:
            occasion.dates.filter(year=year).delete()
        else:
            OccasionDate.objects.update_or_create(
                occasion=occasion, year=year, defaults={"on": on, "is_certain": is_certain}
            )
    changes = difference(before, _told(occasion))
    if is_new:
        log("mailings.occasion.added", occasion, by=by)
    elif changes:
        log("mailings.occasion.changed", occasion, by=by, changes=changes)
    return occasion


def _told(occasion: Occasion) -> dict[str, object]:
    dates = {str(year): on for year, on in OccasionDate.objects.filter(occasion=occasion).values_list("year", "on")}
    return {**snapshot(occasion, _OCCASION), "dates": dates}


@transaction.atomic
def prepare(occasion: Occasion, year: int, *, contacts: Iterable[Contact] = (), by) -> Card:
    """A draft of a card: as last year's was, or with the words of the occasion, to the segment that is greeted on it.

    `contacts` are greeted alone: the people of a birthday.
    """
    last = occasion.cards.filter(year__lt=year).select_related("mailing").order_by("-year", "-pk").first()
    topics = [Topic.objects.named(TOPIC)]
    mailing = create(title=f"{occasion.name_ru} {year}", kind=Mailing.Kind.GREETING, topics=topics, by=by)
    card = Card.objects.create(mailing=mailing, occasion=occasion, year=year, design=occasion.design)
    if last and not occasion.is_birthday:
        _repeat(card, last)
    for language in MailingVersion.Language.values:
        _begin_text(card, language, last, by=by)
    if rule := _rule(occasion, last, contacts):
        set_audience(mailing, rule, by=by)
    log("mailings.card.prepared", mailing, by=by, year=year)
    return card


def _rule(occasion: Occasion, last: Card | None, contacts: Iterable[Contact]) -> dict[str, list[str]]:
    if picked := [str(contact.pk) for contact in contacts]:
        return {PICK: picked}
    if occasion.segment_id:
        return {"segment": [str(occasion.segment_id)]}
    # People of banned organisations are chosen anew each time, by who may.
    return {name: values for name, values in last.mailing.audience.items() if name != "restricted"} if last else {}


def _repeat(card: Card, last: Card) -> None:
    card.design, card.with_name = last.design, last.with_name
    if last.upload:
        _put(card, last.read_upload())
    card.save()


def _begin_text(card: Card, language: str, last: Card | None, *, by) -> None:
    old = last and last.texts.filter(language=language).first()
    words = {"wish": old.wish, "signature": old.signature} if old else {"signature": SIGNATURE[language]}
    wish = words.get("wish") or card.occasion.wish_in(language)
    CardText.objects.create(card=card, language=language, **({"wish": wish} | words))
    version = last and last.mailing.versions.filter(language=language).first()
    text = {"subject": wish, "preheader": "", "body": FIRST_TEXT[language]}
    if version and version.is_ready:
        text = {name: getattr(version, name) for name in text}
    save_version(card.mailing, language, words=text, revision=0, by=by)


@transaction.atomic
def save_card(card: Card, *, design: str, with_name: bool, texts: Mapping[str, Mapping[str, str]], picture=None, by):
    """Change picture and words. `picture`: clean bytes put it in, b"" takes the old one out, None leaves it."""
    card.mailing.hold()
    reopen(card.mailing, by=by)
    before = _seen(card)
    card.design, card.with_name = design, with_name
    if picture is not None:
        _put(card, picture)
    card.save()
    for language, words in texts.items():
        CardText.objects.update_or_create(card=card, language=language, defaults=dict(words))
    log("mailings.card.changed", card.mailing, by=by, changes=difference(before, _seen(card)))


def _put(card: Card, picture: bytes) -> None:
    """The old file goes once that is certain."""
    if card.upload:
        storage, name = card.upload.storage, card.upload.name
        transaction.on_commit(lambda: storage.delete(name))
    card.upload, card.upload_sha256 = "", ""
    if picture:
        card.upload.save(f"{uuid.uuid4().hex}.jpg", ContentFile(picture), save=False)
        card.upload_sha256 = hashlib.sha256(picture).hexdigest()


def _seen(card: Card) -> dict[str, object]:
    texts = CardText.objects.filter(card=card)
    words = {f"{text.language}_{name}": Text(getattr(text, name)) for text in texts for name in ("wish", "signature")}
    return {"design": card.design, "with_name": card.with_name, "picture": card.upload_sha256[:12], **words}


@transaction.atomic
def add_forgotten(card: Card, contacts: Iterable[Contact], *, by) -> int:
    """Put people of last year into the audience by hand. Return how many are new."""
    mailing = card.mailing
    mailing.hold()
    picked = set(mailing.audience.get(PICK, []))
    wanted = {str(contact.pk) for contact in contacts}
    if new := wanted - picked:
        set_audience(mailing, {**mailing.audience, PICK: sorted(picked | new)}, by=by)
    return len(new)
