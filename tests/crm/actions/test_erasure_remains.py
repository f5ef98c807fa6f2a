"""What stays when somebody is erased: wishes, numbers of mailings, files, others."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from core.sealing import blind
from crm.actions import erasure
from crm.actions.contacts import save_contact
from crm.actions.imports import plan_for, receive
from crm.actions.suppression import suppress
from crm.models import Contact, ImportBatch, Organisation, Position, StopRule, StopRuleKey, Suppression
from crm.states import Scope
from mailings import actions as mailing_actions
from mailings.models import Delivery, Exclusion, Mailing
from mailings.states import DeliveryStatus, MailingStatus
from tests.factories.contacts import make_contact
from tests.factories.erasure import ADDRESS, NUMBER, erase, head, make_letters, make_zarina, upload
from tests.factories.mailings import make_approved, make_started

pytestmark = pytest.mark.django_db


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
