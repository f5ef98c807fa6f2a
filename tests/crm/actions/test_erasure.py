"""After erasing, nothing of the person stands in any table but what is said here."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from audit.models import Entry
from core.sealing import blind
from crm.actions import erasure
from crm.actions.contacts import save_contact
from crm.actions.imports import commit, plan_for, receive
from crm.actions.suppression import suppress
from crm.models import (
    BulkChange,
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
    StopRuleKey,
    Suppression,
    Tag,
    Topic,
    Touch,
    Unread,
)
from crm.states import Scope
from mailings import actions as mailing_actions
from mailings.models import Delivery, Exclusion, Mailing
from mailings.states import DeliveryStatus, MailingStatus
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_approved, make_started, person

pytestmark = pytest.mark.django_db
ADDRESS, NUMBER = "z.kholova@navid.test", "+992930001177"
# Each of these is the person's alone. The journal keeps names until the day of the entry; it cannot be changed.
WORDS = {
    "name": "Холова Зарина",
    "surname": "Холова",
    "Latin surname": "Kholova",
    "former surname": "Девичьева",
    "address": ADDRESS,
    "local part": "z.kholova",
    "number": NUMBER,
    "digits": "930001177",
    "unread": "93-00О-непонятно",
    "note": "боится звонков",
    "touch": "просила не называть",
    "reminder": "поздравить с дочкой",
    "reason": "пишет только мужу",
    "proof": "расписка в папке",
    "source": "от соседки",
    "title": "ведущая «Утра»",
    "town": "Пенджикент-17",
}
IN_THE_JOURNAL = {"name", "surname"}
# Every text and number column that holds something of a person, and what becomes of it: it goes with its row, is
# emptied, or is kept as what nobody can read. A new column of crm or mailings about contacts has to be entered here.
KEYS, EMPTIED = "kept as a key", "emptied"
STAYS = {
    "crm.StopRuleKey.key": KEYS,
    "crm.Suppression.key": KEYS,
    "crm.Suppression.address": EMPTIED,
    "crm.Suppression.evidence": EMPTIED,
    "crm.StopRule.text": EMPTIED,
    "crm.StopRule.sealed_text": EMPTIED,
    "crm.ImportRow.name": EMPTIED,
    "crm.ImportRow.remarks": EMPTIED,
    "crm.ImportRow.changes": EMPTIED,
    "crm.ImportRow.proposals": EMPTIED,
    "crm.BulkChange.before": EMPTIED,
    "mailings.Delivery.address_key": KEYS,
    "mailings.Delivery.name": EMPTIED,
    "mailings.Delivery.address": EMPTIED,
    "mailings.Delivery.sealed": EMPTIED,
    "mailings.Delivery.domain": EMPTIED,
    "mailings.Delivery.merge_data": EMPTIED,
    "mailings.Delivery.reply": EMPTIED,
    "mailings.Delivery.holder_name": EMPTIED,
    "mailings.Exclusion.name": EMPTIED,
    "mailings.Exclusion.address": EMPTIED,
}
# Texts about the work, not about a contact: codes, titles, names of organisations, rules of lists.
IMPERSONAL = {
    "crm.StopRule": {"scope", "channel"},
    "crm.Suppression": {"reason"},
    "crm.ImportRow": {"sheet", "outcome"},
    "crm.BulkChange": {"action", "what"},
    "mailings.Delivery": {"language", "status", "bounce_class"},
    "mailings.Exclusion": {"reason"},
}


def make_zarina(**fields) -> Contact:
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
        birth_day=21,
        birth_month=3,
        **fields,
    )
    contact.positions.update(title="ведущая «Утра»")
    PersonName.objects.create(contact=contact, language="en", surname="Kholova", address="Dear Ms Kholova")
    FormerSurname.objects.create(contact=contact, surname="Девичьева", until="2016")
    Unread.of(contact, "phone", "93-00О-непонятно").save()
    contact.topics.add(Topic.objects.named("Суды"))
    contact.tags.add(Tag.objects.named("важное"))
    for model, words in (
        (Touch(contact=contact, kind="call"), "просила не называть"),
        (FollowUp(contact=contact, due_on=date(2026, 12, 1), assignee=head(), made_by=head()), "поздравить с дочкой"),
        (StopRule(contact=contact, scope=Scope.GREETINGS, set_by=head()), "пишет только мужу"),
    ):
        model.keep(words)
        model.save()
    fixed = Segment.objects.create(name="Список", kind="list", made_by=head())
    SegmentMember.objects.create(segment=fixed, contact=contact, added_by=head())
    BulkChange.objects.create(
        action="city", what={"city": "x"}, before={str(contact.pk): "Пенджикент-17", "0": "Худжанд"}, count=2, by=head()
    )
    other = make_contact("Совсем Другая")
    Distinct.objects.create(first=contact, second=other, by=head())
    Merge.objects.create(kept=contact, dropped=900_001, dropped_name="Холова З.", record="token", by=head())
    Merge.objects.create(
        kept=other, dropped=contact.pk, dropped_name="Холова Зарина", by=head(), undone_at=timezone.now()
    )
    return contact


def head():
    return person("head@erasure.test")


def make_letters(contact: Contact) -> None:
    """A letter that went to the person, and a mailing that left the person out."""
    delivery = make_started().deliveries.get(contact=contact)
    moved = {"status": DeliveryStatus.FAILED, "reply": f"550 no mailbox {ADDRESS}", "merge_data": {"имя": "Зарина"}}
    Delivery.objects.filter(pk=delivery.pk).update(**moved)
    Exclusion.objects.create(
        mailing=delivery.mailing, contact=contact, name="Холова Зарина", address=ADDRESS, reason="manual"
    )


def upload(*rows: str, by=None) -> ImportBatch:
    text = "\n".join(["ФИО;Почта;Телефон", *rows])
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=by or head(), kind="journalist", basis="unknown")
    commit(batch, by=head())
    return ImportBatch.objects.get(pk=batch.pk)


def everything() -> dict[str, str]:
    """All that stands in each table of the database, as one text in which every letter is itself."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = "\n".join(_plain(value) for row in cursor.fetchall() for value in row)
    return found


def _plain(value) -> str:
    """JSON writes Cyrillic as codes on SQLite."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


def where(words: dict[str, str]) -> dict[str, set[str]]:
    """In which tables each word stands, whatever its case."""
    tables = everything()
    found = {
        name: {table for table, text in tables.items() if word.casefold() in text.casefold()}
        for name, word in words.items()
    }
    return {name: places for name, places in found.items() if places}


def erase(contact, *, never_again=False, uploads=False, by=None):
    erasure.erase(contact, never_again=never_again, uploads=uploads, by=by or head())


# Nothing is left


def test_of_an_erased_person_no_word_stands_in_any_table(smtp):
    upload(f"Холова Зарина;{ADDRESS};{NUMBER}", f"Редактор Пётр;{ADDRESS};")
    Contact.objects.filter(name="Холова Зарина").delete()
    contact = make_zarina()
    ImportRow.objects.filter(contact=None).update(contact=contact)
    Contact.objects.filter(name="Редактор Пётр").delete()
    make_letters(contact)
    suppress(ADDRESS, Suppression.Reason.MANUAL, evidence=f"{ADDRESS} просит", by=head())
    before = where(WORDS)

    erase(contact)

    assert set(before) == set(WORDS)
    assert where(WORDS) == {name: {"audit_entry"} for name in IN_THE_JOURNAL}


def test_every_column_that_outlives_a_person_is_known():
    """A column added to a row that stays when its contact goes must be entered above, and emptied or be a key."""
    texts = {"CharField", "TextField", "EmailField", "JSONField", "FileField", "SealedField", "URLField"}
    staying = [StopRule, StopRuleKey, Suppression, ImportRow, BulkChange, Delivery, Exclusion]
    found = {
        f"{model._meta.label}.{field.name}"
        for model in staying
        for field in model._meta.concrete_fields
        if type(field).__name__ in texts and field.name not in IMPERSONAL.get(model._meta.label, ())
    }

    assert found == set(STAYS)


def test_every_row_about_a_contact_goes_or_is_known_to_stay():
    """A model with a key to a contact must be deleted with it, or stand above among those that stay."""
    staying = set()
    for model in [*apps.get_app_config("crm").get_models(), *apps.get_app_config("mailings").get_models()]:
        for field in model._meta.concrete_fields:
            if field.related_model is Contact and field.remote_field.on_delete.__name__ != "CASCADE":
                staying.add(f"{model._meta.label}.{field.name}")

    assert staying == {
        "crm.Position.post",
        "crm.StopRule.contact",
        "crm.ImportRow.contact",
        "mailings.Delivery.contact",
        "mailings.Delivery.holder",
        "mailings.Exclusion.contact",
    }


def test_what_is_said_to_go_is_what_goes(smtp):
    contact = make_zarina()
    said = dict(erasure.goes(contact))
    own = [PersonName, FormerSurname, EmailAddress, Phone, Unread, Position, Touch, FollowUp, SegmentMember, Distinct]
    before = {str(model._meta.verbose_name_plural): model.objects.count() for model in [*own, Merge]}
    erase(contact)
    after = {str(model._meta.verbose_name_plural): model.objects.count() for model in [*own, Merge]}

    assert said == {title: before[title] - after[title] for title in before}


def test_the_others_keep_everything(smtp):
    other = make_contact("Каримов Умар", emails=["umar@navid.test"], note="ничего")
    erase(make_zarina())
    kept = Contact.objects.get(pk=other.pk)

    assert (kept.note, [str(email) for email in kept.emails.all()], BulkChange.objects.get().before) == (
        "ничего",
        ["umar@navid.test"],
        {"0": "Худжанд"},
    )


def test_the_entry_in_the_journal_has_a_number_and_no_name():
    contact = make_zarina()
    erase(contact, never_again=True)
    entry = Entry.objects.get(action="crm.contact.erased")

    assert (entry.by, entry.subject_label, entry.subject_id, entry.changes) == ("head", "", None, {})
    assert (entry.details["number"], entry.details["never_again"], entry.details["uploads"]) == (
        contact.pk,
        True,
        False,
    )


# Who may


@pytest.mark.parametrize("role", ["editor", "viewer", "administrator", "member"])
def test_without_the_right_nobody_is_erased(role):
    contact = make_zarina()
    with pytest.raises(PermissionDenied):
        erase(contact, by=make_user(role, email="other@payom.test"))

    assert Contact.objects.filter(pk=contact.pk).exists()


# What must not be forgotten


def test_a_stop_rule_survives_as_keys_without_a_word():
    erase(make_zarina())
    rule = StopRule.objects.get()

    assert (rule.contact, rule.scope, rule.text, rule.sealed_text) == (None, "greetings", "", "")
    assert {key.key for key in rule.keys.all()} == {blind(ADDRESS), blind(NUMBER)}


def test_a_rule_that_is_over_goes():
    contact = make_zarina()
    StopRule.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    StopRule.objects.create(contact=contact, scope=Scope.BULK, lifted_at=timezone.now())
    erase(contact)

    assert StopRule.objects.count() == 0


def test_never_again_is_a_rule_for_everything():
    erase(make_zarina(), never_again=True)

    assert sorted(StopRule.objects.in_force().values_list("scope", flat=True)) == ["everything", "greetings"]
    assert StopRuleKey.objects.count() == 4


def test_who_has_no_address_leaves_no_rule_behind():
    contact = make_contact("Безадресная")
    StopRule.objects.create(contact=contact, scope=Scope.BULK)
    erase(contact, never_again=True)

    assert StopRule.objects.count() == 0


def test_the_stop_list_still_stops_the_address_when_it_is_imported_again():
    suppress(ADDRESS, Suppression.Reason.UNSUBSCRIBED, evidence="по ссылке", by="recipient")
    erase(make_zarina())
    batch = upload(f"Холова Зарина;{ADDRESS};")
    entry = Suppression.objects.get()

    assert (entry.address, entry.evidence, entry.key) == ("", "", blind(ADDRESS))
    assert "on-stop-list" in json.dumps(batch.rows.get().remarks)


def test_of_a_dead_mailbox_the_codes_stay():
    suppress(ADDRESS, Suppression.Reason.HARD_BOUNCE, evidence=f"550 5.1.1 {ADDRESS} unknown", by="sender")
    erase(make_zarina())

    assert Suppression.objects.get().evidence == "550 5.1.1"


def test_an_address_that_somebody_else_has_stays_readable_on_the_stop_list():
    make_contact("Редакция", emails=[ADDRESS])
    suppress(ADDRESS, Suppression.Reason.MANUAL, evidence="просила Зарина", by=head())
    erase(make_zarina())
    entry = Suppression.objects.get()

    assert (entry.address, entry.evidence) == (ADDRESS, "")


# Mailings


def test_a_mailing_keeps_its_numbers(smtp):
    contact = make_zarina()
    make_letters(contact)
    erase(contact)
    delivery, left_out = Delivery.objects.get(), Exclusion.objects.get(reason="manual")

    assert (delivery.status, delivery.address_key, delivery.is_erased) == ("failed", blind(ADDRESS), True)
    assert (
        delivery.contact,
        delivery.name,
        delivery.address,
        delivery.domain,
        delivery.merge_data,
        delivery.reply,
    ) == (
        None,
        "",
        "",
        "",
        {},
        "",
    )
    assert (left_out.contact, left_out.name, left_out.address, left_out.reason) == (None, "", "", "manual")


def test_a_letter_that_waits_does_not_leave_any_more(smtp):
    contact = make_zarina()
    mailing = make_started()
    erase(contact)

    assert (mailing.deliveries.get().status, mailing.deliveries.open().count()) == (DeliveryStatus.SUPPRESSED, 0)


def test_an_approved_mailing_goes_without_the_erased_person(smtp):
    make_contact("Каримов Умар", emails=["umar@navid.test"])
    contact = make_zarina()
    mailing = make_approved()
    erase(contact)
    mailing_actions.start(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    assert [delivery.name for delivery in mailing.deliveries.all()] == ["Каримов Умар"]
    assert Mailing.objects.get(pk=mailing.pk).status == MailingStatus.SENDING


@pytest.mark.parametrize(
    "moved",
    [
        {"status": "inflight", "claim": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "lease_until": timezone.now()},
        {"status": "unknown"},
    ],
    ids=["leaving", "unknown"],
)
def test_while_a_letter_is_undecided_nobody_is_erased(moved, smtp):
    contact = make_zarina()
    make_started().deliveries.update(**moved)

    with pytest.raises(erasure.Refused):
        erase(contact)
    assert (Contact.objects.filter(pk=contact.pk).exists(), Delivery.objects.get().address) == (True, ADDRESS)


# Files


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("uploads", [True, False])
def test_uploaded_files_go_only_when_asked(uploads):
    batch = upload(f"Холова Зарина;{ADDRESS};", "Каримов Умар;umar@navid.test;")
    contact = Contact.objects.get(name="Холова Зарина")
    storage, name = batch.file.storage, batch.file.name
    erase(contact, uploads=uploads)

    assert (storage.exists(name), bool(ImportBatch.objects.get().file)) == (not uploads, not uploads)
    assert Contact.objects.filter(name="Каримов Умар").exists()


@pytest.mark.django_db(transaction=True)
def test_the_photo_goes():
    contact = make_zarina()
    contact.photo.save("zarina.jpg", ContentFile(b"jpeg"))
    storage, name = contact.photo.storage, contact.photo.name
    erase(contact)

    assert not storage.exists(name)


def test_a_remark_of_another_row_loses_the_persons_name():
    make_zarina()
    batch = upload(f"Редактор Пётр;{ADDRESS};")
    assert "Холова" in json.dumps(batch.rows.get().remarks, ensure_ascii=False)
    erase(Contact.objects.get(name="Холова Зарина"))

    assert (batch.rows.get().name, batch.rows.get().remarks) == ("Редактор Пётр", [])


# Sealed


def test_a_sealed_person_is_erased_without_being_opened(settings):
    contact = make_zarina()
    contact.sensitivity = "sealed"
    ways = {"emails": [ADDRESS], "phones": [NUMBER], "organisation": "Навид", "title": "", "note": "боится звонков"}
    save_contact(contact, ways=ways, by=head())
    erase(contact)

    assert {key.key for key in StopRuleKey.objects.all()} == {blind(ADDRESS), blind(NUMBER)}
    assert Entry.objects.filter(action="crm.contact.revealed").count() == 0


def test_letters_to_a_post_forget_who_held_it():
    post = make_contact("Пресс-секретарь", organisation="Министерство", emails=["press@ministry.test"])
    Contact.objects.filter(pk=post.pk).update(is_post=True)
    holder = make_contact("Каримов Умар", organisation="Министерство")
    holder.positions.update(post=post)
    mailing = make_started("ru")
    assert [letter.holder_name for letter in mailing.deliveries.all()] == ["Каримов Умар"]
    erase(holder)

    assert list(mailing.deliveries.values_list("name", "holder", "holder_name", "merge_data")) == [
        ("Пресс-секретарь", None, "", {})
    ]


def test_a_post_leaves_its_holders():
    post = make_contact("Пресс-секретарь", organisation="Министерство", is_post=True)
    holder = make_contact("Каримов Умар", organisation="Министерство")
    holder.positions.update(post=post)
    erase(post)

    assert Position.objects.get(contact=holder).post is None


def test_the_plan_of_an_upload_that_waits_still_opens():
    contact = make_zarina()
    text = f"ФИО;Почта\nХолова Зарина;{ADDRESS}\n"
    batch = receive(SimpleUploadedFile("l.csv", text.encode()), by=head(), kind="journalist", basis="unknown")
    erase(contact)

    assert plan_for(batch).tally["created"] == 1


def test_the_organisation_stays():
    erase(make_zarina())

    assert [str(one) for one in Organisation.objects.all()] == ["Навид"]
