"""Occasions and cards, brought there by the product's own actions."""

from datetime import date

from accounts.models import User
from crm.models import Contact
from mailings import actions
from mailings.actions.cards import prepare
from mailings.actions.handovers import hand_over
from mailings.models import Card, Delivery, Greeting, Handover, Mailing, Occasion
from tests.factories.mailings import person

YEAR = 2026


def make_occasion(name: str = "День дерева", *, month: int | None = 12, day: int | None = 10, **fields) -> Occasion:
    words = {"name_ru": name, "name_tg": f"{name} (тг)", "name_en": f"{name} (en)", "wish_ru": f"С праздником: {name}!"}
    return Occasion.objects.create(month=month, day=day, **words | fields)


def make_card(occasion: Occasion | None = None, year: int = YEAR, *, by: User | None = None, **rule) -> Card:
    card = prepare(occasion or make_occasion(), year, by=by or person("author@payom.test"))
    if rule:
        actions.set_audience(card.mailing, rule, by=card.mailing.author)
    return fresh(card)


def fresh(card: Card) -> Card:
    """As another request reads it."""
    return Card.objects.select_related("mailing", "occasion").get(pk=card.pk)


def approve(mailing: Mailing) -> Mailing:
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    return mailing


def send_off(card: Card) -> Mailing:
    """The card frozen, with a row for each recipient."""
    mailing = approve(card.mailing)
    actions.start(mailing, by=mailing.author)
    return mailing


def give(contact: Contact, thing: str = "calendar", *, note: str = "", by: User | None = None, **fields) -> Handover:
    by = by or person("author@payom.test")
    words = {"thing": thing, "year": YEAR, "on": date(YEAR, 11, 20), "by": by}
    return hand_over(Handover(contact=contact, **words | fields), note=note, by=by)


def greeted(contact: Contact, occasion: Occasion, year: int) -> Greeting:
    """Somebody who got the card of a year in an envelope of that time: a sent row of a mailing that is over."""
    card = make_card(occasion, year, pick=[str(contact.pk)])
    send_off(card)
    Delivery.objects.filter(mailing=card.mailing).update(status="sent", sent_at=f"{year}-12-10T06:00:00Z")
    return Greeting.objects.get(contact=contact, occasion=occasion, year=year)
