"""A person of whom every table holds something, to be erased."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm import models
from crm.actions import erasure
from crm.actions.imports import commit, receive
from crm.states import Scope
from mailings.models import Delivery, Exclusion
from mailings.states import DeliveryStatus
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_started, person

ADDRESS, NUMBER = "z.kholova@navid.test", "+992930001177"


def make_zarina(**fields) -> models.Contact:
    """A person in every table that can hold one."""
    contact = make_contact(
        "Холова Зарина",
        given_name="Зарина",
        organisation="Навид",
        emails=[ADDRESS],
        phones=[NUMBER],
        note="боится звонков",
        city="Пенджикент-17",
        basis="consent",
        basis_proof="расписка в папке",
        source="от соседки",
        postal_address="ул. Садовая, 5",
        birth_day=21,
        birth_month=3,
        **fields,
    )
    contact.positions.update(title="ведущая «Утра»")
    models.PersonName.objects.create(contact=contact, language="en", surname="Kholova", address="Dear Ms Kholova")
    models.FormerSurname.objects.create(contact=contact, surname="Девичьева", until="2016")
    models.Unread.of(contact, "phone", "93-00О-непонятно").save()
    contact.topics.add(models.Topic.objects.named("Суды"))
    contact.tags.add(models.Tag.objects.named("важное"))
    for model, words in (
        (models.Touch(contact=contact, kind="call"), "просила не называть"),
        (
            models.FollowUp(contact=contact, due_on=date(2026, 12, 1), assignee=head(), made_by=head()),
            "поздравить с дочкой",
        ),
        (models.StopRule(contact=contact, scope=Scope.GREETINGS, set_by=head()), "пишет только мужу"),
    ):
        model.keep(words)
        model.save()
    fixed = models.Segment.objects.create(name="Список", kind="list", made_by=head())
    models.SegmentMember.objects.create(segment=fixed, contact=contact, added_by=head())
    models.BulkChange.objects.create(
        action="city", what={"city": "x"}, before={str(contact.pk): "Пенджикент-17", "0": "Худжанд"}, count=2, by=head()
    )
    other = make_contact("Совсем Другая")
    models.Distinct.objects.create(first=contact, second=other, by=head())
    models.Merge.objects.create(kept=contact, dropped=900_001, dropped_name="Холова З.", record="token", by=head())
    models.Merge.objects.create(
        kept=other, dropped=contact.pk, dropped_name="Холова Зарина", by=head(), undone_at=timezone.now()
    )
    return contact


def head():
    return person("head@erasure.test")


def make_letters(contact: models.Contact) -> None:
    """A letter that went to the person, and a mailing that left the person out."""
    delivery = make_started().deliveries.get(contact=contact)
    moved = {"status": DeliveryStatus.FAILED, "reply": f"550 no mailbox {ADDRESS}", "merge_data": {"имя": "Зарина"}}
    Delivery.objects.filter(pk=delivery.pk).update(**moved)
    Exclusion.objects.create(
        mailing=delivery.mailing, contact=contact, name="Холова Зарина", address=ADDRESS, reason="manual"
    )


def upload(*rows: str, by=None) -> models.ImportBatch:
    text = "\n".join(["ФИО;Почта;Телефон", *rows])
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=by or head(), kind="journalist", basis="unknown")
    commit(batch, by=head())
    return models.ImportBatch.objects.get(pk=batch.pk)


def erase(contact, *, never_again=False, uploads=False, by=None):
    erasure.erase(contact, never_again=never_again, uploads=uploads, by=by or head())
