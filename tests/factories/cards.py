"""Cards with rows of every room on them, and all those rows to compare."""

from datetime import UTC, date, datetime

from django.apps import apps

from core.fields import SealedField
from core.sealing import unseal
from crm.models import (
    Contact,
    Distinct,
    EmailAddress,
    FollowUp,
    FormerSurname,
    ImportBatch,
    ImportRow,
    Merge,
    Organisation,
    PersonName,
    Phone,
    Position,
    Segment,
    SegmentMember,
    StopRule,
    Suppression,
    Tag,
    Topic,
    Touch,
    Unread,
)
from mailings import actions
from mailings.models import Delivery, Exclusion, Mailing
from tests.architecture.rows import dump
from tests.factories.mailings import person

LEVELS = ("open", "internal", "sealed")
# What can be put on a card, each in three variants: two cards that get the same one stand in each other's way.
KINDS = (
    "email", "phone", "position", "held_post", "name", "former", "unread", "topic", "tag", "list", "touch", "follow_up",
    "stop", "suppression", "delivery", "exclusion", "imported", "different", "earlier_merge",
)  # fmt: skip


def make_card(name: str, *, level: str = "open", rows=(), **fields) -> Contact:
    """A card with these (kind, variant) rows."""
    contact = Contact(name=name, sensitivity=level, **{"kind": "journalist"} | fields)
    contact.keep(contact.reveal())
    contact.save()
    for kind, variant in dict.fromkeys(rows):
        put_on(contact, kind, variant)
    Contact.objects.filter(pk=contact.pk).reindex()
    return Contact.objects.get(pk=contact.pk)


def put_on(contact: Contact, kind: str, variant: int = 0) -> None:
    globals()[f"_{kind}"](contact, variant)


def _text(row, text: str):
    row.keep(text)
    row.save()


def _email(contact, variant):
    position = contact.positions.first()
    EmailAddress.objects.create(
        contact=contact, address=f"one{variant}@navid.test", rank=variant, position=position,
        retired_on=date(2025, 3, variant + 1) if variant == 2 else None,
    )  # fmt: skip


def _phone(contact, variant):
    messengers = ("telegram", "whatsapp imo", "")[(variant + contact.pk) % 3]
    Phone.objects.create(contact=contact, number=f"+99293000000{variant}", messengers=messengers)


def _position(contact, variant):
    organisation = Organisation.objects.named(f"Редакция {variant}")
    title = ("редактор", "")[contact.pk % 2]
    Position.objects.create(contact=contact, organisation=organisation, title=title)
    Position.objects.create(contact=contact, organisation=organisation, started_on="2019", ended_on="2020")


def _held_post(contact, variant):
    post = Contact.objects.create(name=f"Пресс-секретарь {variant}", is_post=True)
    ministry = Organisation.objects.named(f"Министерство {variant}")
    Position.objects.create(contact=contact, organisation=ministry, post=post)


def _name(contact, variant):
    language = ("ru", "tg", "en")[variant]
    PersonName.objects.create(contact=contact, language=language, surname=f"С{contact.pk % 2}", given_name="Имя")


def _former(contact, variant):
    FormerSurname.objects.create(contact=contact, surname=f"Прежняя{variant}", until=("", "2016")[contact.pk % 2])


def _unread(contact, variant):
    Unread.of(contact, "phone", f"92{variant} — звонить вечером").save()


def _topic(contact, variant):
    contact.topics.add(Topic.objects.named(f"Тема {variant}"))


def _tag(contact, variant):
    contact.tags.add(Tag.objects.named(f"Метка {variant}"))


def _list(contact, variant):
    by = person("author@payom.test")
    listed, _made = Segment.objects.get_or_create(name=f"Список {variant}", defaults={"kind": "list", "made_by": by})
    SegmentMember.objects.get_or_create(segment=listed, contact=contact, defaults={"added_by": by})


def _touch(contact, variant):
    at = datetime(2026, 1, variant + 1, tzinfo=UTC)
    _text(Touch(contact=contact, kind="call", at=at, by=person("author@payom.test")), f"звонок {variant}")


def _follow_up(contact, variant):
    by = person("author@payom.test")
    due = date(2026, 12, variant + 1)
    _text(FollowUp(contact=contact, due_on=due, assignee=by, made_by=by), f"перезвонить {variant}")


def _stop(contact, variant):
    scope = ("everything", "bulk", "greetings")[variant]
    _text(StopRule(contact=contact, scope=scope, set_by=person("author@payom.test")), "просил не писать")


def _suppression(contact, variant):
    for email in contact.emails.all()[: variant + 1]:
        address = email.address if not contact.is_sealed else ""
        known = EmailAddress.objects.filter(key=email.key).exclude(sealed="").exists()
        defaults = {"address": "" if known else address, "reason": "unsubscribed"}
        Suppression.objects.get_or_create(key=email.key, defaults=defaults)


def _mailing(variant: int) -> Mailing:
    title = f"Заявление {variant}"
    found = Mailing.objects.filter(title=title).first()
    return found or actions.create(title=title, kind="statement", by=person("author@payom.test"))


def _delivery(contact, variant):
    for email in contact.emails.all():
        if not Delivery.objects.filter(mailing=_mailing(variant), address_key=email.key).exists():
            Delivery.objects.create(
                mailing=_mailing(variant), contact=contact, name=contact.name, address=email.address,
                sealed=email.sealed, address_key=email.key, language="ru",
                domain="" if email.sealed else "navid.test", reply="250 2.0.0",
            )  # fmt: skip


def _exclusion(contact, variant):
    address = "" if contact.is_sealed else f"one{variant}@navid.test"
    Exclusion.objects.create(
        mailing=_mailing(variant), contact=contact, name=contact.name, address=address, reason="unsubscribed"
    )


def _imported(contact, variant):
    batch = ImportBatch.objects.create(filename="l.csv", uploaded_by=person("author@payom.test"))
    remarks = [] if contact.is_sealed else [{"code": "swapped-names", "text": f"Имя {variant}"}]
    ImportRow.objects.create(batch=batch, number=variant, outcome="created", contact=contact, remarks=remarks)


def _different(contact, variant):
    other, _made = Contact.objects.get_or_create(name=f"Кто-то другой {variant}")
    first, second = sorted([contact, other], key=lambda one: one.pk)
    Distinct.objects.get_or_create(first=first, second=second, defaults={"by": person("author@payom.test")})


def _earlier_merge(contact, variant):
    Merge.objects.create(kept=contact, dropped=900_000 + variant, dropped_name="Раньше", by=person("author@payom.test"))


def rows() -> dict[str, list[dict]]:
    """Every row of the contacts' and the mailings' rooms, sealed columns as their texts.

    Without merges themselves, and without what counts the saves of a card.
    """
    found = {label: [_readable(label, row) for row in rows] for label, rows in dump().items()}
    return {
        label: [row for row in rows if label != "crm.Merge" or row["dropped"] >= 900_000]
        for label, rows in found.items()
        if label.startswith(("crm.", "mailings."))
    }


def _readable(label: str, row: dict) -> dict:
    model = apps.get_model(label)
    sealed = {field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)}
    left_out = {"revision", "changed_at"} if model is Contact else set()
    return {
        name: unseal(value) if name in sealed and value else value
        for name, value in row.items()
        if name not in left_out
    }
