from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.sealing import blind
from crm.actions.suppression import suppress
from mailings import actions
from mailings.models import Delivery, Exclusion, Mailing
from mailings.pipeline.freeze import freeze
from mailings.states import MailingStatus, WrongState
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_approved, make_reader, make_started, person

pytestmark = pytest.mark.django_db


def test_freeze_writes_one_row_per_recipient():
    make_reader("one@navid.test", name="Ҷамшед", given_name="Ҷамшед", languages="tg ru")
    mailing = make_approved("ru tg")

    freeze(mailing)

    assert list(Delivery.objects.values_list("address", "language", "merge_data", "status")) == [
        ("one@navid.test", "tg", {"name": "Ҷамшед", "full_name": "Ҷамшед", "address": "Муҳтарам Ҷамшед!"}, "queued")
    ]


def test_freeze_keeps_the_reason_for_everyone_left_out():
    make_reader("one@navid.test")
    make_reader("", name="Без адреса")
    freeze(make_approved())

    assert list(Exclusion.objects.values_list("name", "reason")) == [("Без адреса", "no_address")]


def test_frozen_row_is_as_if_it_had_been_saved():
    contact = make_reader("one@navid.test", name="Ҷамшед", kind="partner")
    mailing = make_started()
    frozen = mailing.deliveries.values().get()
    mailing.deliveries.all().delete()

    words = {"name": "", "full_name": "Ҷамшед", "address": "Здравствуйте!"}
    own = {"contact": contact, "name": "Ҷамшед", "address": "one@navid.test", "domain": "navid.test", "kind": "partner"}
    own |= {"address_key": blind("one@navid.test"), "language": "ru", "merge_data": words}
    saved = Delivery.objects.create(mailing=mailing, next_try_at=frozen["next_try_at"], **own)

    assert frozen == Delivery.objects.filter(pk=saved.pk).values().get() | {"id": frozen["id"]}


def test_more_than_are_read_at_a_time_are_frozen_in_their_order(monkeypatch):
    monkeypatch.setattr("mailings.pipeline.audience._CHUNK", 2)
    monkeypatch.setattr("mailings.pipeline.freeze._CHUNK", 3)
    for number in range(4):
        make_reader(f"{number}@navid.test", name=f"Читатель {number}")
        make_reader("" if number % 2 else "0@navid.test", name=f"Без письма {number}")

    mailing = make_started()

    assert list(mailing.deliveries.values_list("address", flat=True)) == [f"{number}@navid.test" for number in range(4)]
    assert list(mailing.exclusions.values_list("name", "reason")) == [
        ("Без письма 0", "same_address"),
        ("Без письма 1", "no_address"),
        ("Без письма 2", "same_address"),
        ("Без письма 3", "no_address"),
    ]


@pytest.mark.parametrize(
    ("pace", "number", "hours"),
    [("at_once", None, [0, 0, 0, 0, 0]), ("hourly", 2, [0, 0, 1, 1, 2]), ("waves", 2, [0, 0, 0, 1, 1])],
)
def test_letters_leave_at_the_pace_that_was_chosen(pace, number, hours):
    for place in range(5):
        make_reader(f"{place}@navid.test")
    mailing = make_approved()
    Mailing.objects.update(pace=pace, pace_number=number)

    freeze(mailing)

    times = list(mailing.deliveries.values_list("next_try_at", flat=True))
    assert [(at - mailing.started_at) / timedelta(hours=1) for at in times] == hours


def test_what_is_refused_at_the_end_leaves_nothing_written():
    make_reader("one@navid.test")
    make_reader("", name="Без адреса")
    mailing = make_approved()
    make_reader("stranger@navid.test")

    with pytest.raises(WrongState):
        freeze(mailing)

    assert (mailing.status, Delivery.objects.count(), Exclusion.objects.count()) == (MailingStatus.APPROVED, 0, 0)


def test_mailing_starts_with_the_number_of_its_rows():
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = make_approved()

    freeze(mailing)
    mailing.refresh_from_db()

    assert (mailing.status, mailing.frozen_count) == (MailingStatus.SENDING, 2)


def test_second_freeze_is_refused_and_writes_nothing():
    make_reader("one@navid.test")
    mailing = make_approved()
    same = Mailing.objects.get(pk=mailing.pk)
    freeze(mailing)

    with pytest.raises(WrongState):
        freeze(same)
    assert Delivery.objects.count() == 1


def test_text_changed_behind_the_approval_does_not_leave():
    make_reader("one@navid.test")
    mailing = make_approved()
    mailing.versions.update(body="<p>Подделка</p>")

    with pytest.raises(WrongState):
        freeze(Mailing.objects.get(pk=mailing.pk))
    assert Delivery.objects.count() == 0


def test_recipient_who_joined_after_the_approval_stops_the_mailing():
    make_reader("one@navid.test")
    mailing = make_approved()
    make_reader("stranger@navid.test")

    with pytest.raises(WrongState):
        freeze(mailing)
    assert Delivery.objects.count() == 0


def test_recipient_who_left_after_the_approval_does_not_stop_the_mailing():
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = make_approved()
    suppress("two@navid.test", "unsubscribed", by="test")

    assert freeze(mailing) == 1


def test_database_refuses_a_second_row_for_one_address():
    make_reader("one@navid.test")
    mailing = make_started()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            mailing=mailing, name="x", address="ONE@navid.test", address_key=blind("One@navid.test"), language="ru"
        )


def test_database_refuses_an_approval_by_the_author():
    mailing = make_approved() if make_reader() else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(approved_by=mailing.author)


def test_database_refuses_to_send_what_nobody_approved():
    draft = actions.create(title="x", kind="statement", by=person("author@payom.test"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=draft.pk).update(status="sending", frozen_count=0)


def test_a_sealed_address_is_frozen_as_the_token_it_was():
    contact = make_contact("Закрытая", sensitivity="sealed", emails=["sealed@navid.test"])
    delivery = make_started().deliveries.get()

    assert (delivery.address, delivery.domain, delivery.sealed) == ("", "", contact.emails.get().sealed)


def test_nothing_leaves_while_addresses_cannot_be_compared(settings):
    make_reader("one@navid.test")
    mailing = make_approved()
    settings.BLIND_KEY = "another"

    with pytest.raises(WrongState, match="BLIND_KEY"):
        freeze(mailing)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("columns", [{"address": ""}, {"sealed": "x", "domain": ""}, {"sealed": "x", "address": ""}])
def test_database_refuses_a_delivery_half_sealed(columns):
    make_reader("one@navid.test")
    mailing = make_started()

    with pytest.raises(IntegrityError), transaction.atomic():
        mailing.deliveries.update(**columns)
