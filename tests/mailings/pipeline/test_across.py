"""What crosses mailings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.actions.suppression import suppress
from crm.actions.touches import add_touch
from crm.models import Contact, Suppression, of_criterion
from mailings.models import Delivery, Mailing, Tally, outcomes
from mailings.pipeline import across, tallying
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_reader, person
from tests.factories.measuring import make_delivered

pytestmark = pytest.mark.django_db


def head():
    return person("head@payom.test")


def silent_names() -> list[str]:
    return sorted(across.silent(head()).values_list("name", flat=True))


def of_long_ago() -> None:
    """All contacts have been known for a year, and their letters are a month old."""
    now = timezone.now()
    Contact.objects.update(created_at=now - timedelta(days=365))
    Delivery.objects.update(sent_at=now - timedelta(days=30))


def test_services_are_counted_month_by_month():
    make_reader("a@gmail.com")
    mailing = make_delivered()
    Mailing.objects.update(started_at=timezone.now() - timedelta(days=40))
    tallying.count(mailing)
    everybody, [gmail] = across.services()

    assert (
        everybody.total.sent,
        gmail.key,
        gmail.total.delivered_percent,
        [one.letters for one in gmail.months][-1],
    ) == (
        1,
        "gmail",
        100,
        0,
    )


@pytest.mark.parametrize(("complained", "level"), [(0, ""), (1, "warn"), (3, "bad")])
def test_complaints_have_the_thresholds_of_gmail(complained, level):
    make_reader("a@gmail.com")
    mailing = make_delivered()
    tallying.count(mailing)
    Tally.objects.update(letters=1_000, sent=1_000, complained=complained)

    assert across.services()[0].level == level


def test_one_complaint_of_few_letters_in_a_year_says_nothing():
    total = across.Month(timezone.now(), sent=20, complained=1)

    assert across.Service("gmail", [], total).level == ""


@pytest.mark.parametrize(("sent", "level"), [(1_000, "bad"), (100, "")])
def test_a_bad_month_is_not_made_good_by_good_ones_before_it(sent, level):
    months = [across.Month(timezone.now(), sent=10_000) for _number in range(11)]
    months.append(across.Month(timezone.now(), sent=sent, complained=sent // 100))
    total = across.Month(timezone.now(), sent=110_000 + sent, complained=sent // 100)

    assert across.Service("gmail", months, total).level == level


def test_month_without_letters_has_no_rate():
    assert [month.delivered_percent for month in across.services()[0].months] == [None] * 12


def test_stop_list_grows_by_reason():
    suppress("a@navid.test", "hard_bounce", by="test")
    suppress("b@navid.test", "hard_bounce", by="test")
    Suppression.objects.filter(address="a@navid.test").update(at=timezone.now() - timedelta(days=800))
    grown = across.stop_list()

    assert (grown["hard_bounce"], grown["manual"]) == ([1] * 11 + [2], [0] * 12)


def test_every_contact_is_in_one_state_of_health():
    make_reader("a@navid.test", name="Пишем")
    make_reader("b@navid.test", name="Нельзя")
    make_reader("", name="Некуда")
    suppress("b@navid.test", "manual", by="test")
    found = across.health(head())

    assert (found.writable, found.stopped, found.no_address, found.everybody) == (1, 1, 1, 3)


@pytest.mark.parametrize(("reason", "writable"), [("hard_bounce", 1), ("unsubscribed", 0)])
def test_second_address_is_written_to_unless_the_person_wants_no_letters(reason, writable):
    make_contact("Два адреса", emails=["old@navid.test", "new@navid.test"])
    suppress("old@navid.test", reason, by="test")
    found = across.health(head())
    listed = [Contact.objects.filter(of_criterion("letters", [kind])).count() for kind in ("yes", "stopped")]

    assert (found.writable, found.stopped) == (writable, 1 - writable)
    assert listed == [writable, 1 - writable]


def test_silent_is_who_got_letters_and_answered_none():
    make_reader("a@navid.test", name="Молчит")
    spoken = make_reader("b@navid.test", name="Звонил")
    make_reader("c@navid.test", name="Открыл", kind="press_service")
    make_delivered()
    make_reader("d@navid.test", name="Писем не было")
    of_long_ago()
    add_touch(spoken, kind="call", text="Поговорили", at=timezone.now(), by=head())
    Delivery.objects.filter(name="Открыл").update(opened_at=timezone.now())

    assert silent_names() == ["Молчит"]


@pytest.mark.parametrize(("kind", "silent"), [("reply", []), ("auto_reply", ["Пишет"])])
def test_who_answers_by_letter_is_not_silent_and_a_robot_is(kind, silent):
    writes = make_reader("a@navid.test", name="Пишет")
    mailing = make_delivered()
    of_long_ago()
    mailing.deliveries.get().incoming.create(mark="m", kind=kind, contact=writes, matched="number")
    answered = outcomes.people(f"{mailing.pk}:silent")

    assert (silent_names(), answered.count()) == (silent, len(silent))


def test_who_is_new_is_not_silent_yet():
    make_reader()
    make_delivered()

    assert silent_names() == []


def test_hidden_people_are_silent_for_nobody_who_may_not_know_of_them():
    make_reader(sensitivity="internal")
    make_delivered()
    of_long_ago()

    assert (across.silent(head()).count(), across.silent(person_of("viewer")).count()) == (1, 0)


def person_of(role):
    user = person(f"{role}@payom.test")
    user.role = role
    user.save()
    return user


def test_outlets_that_say_nothing_come_first_and_new_ones_are_not_called_silent():
    talks = make_contact("Говорит", organisation="Говорящее", emails=["a@navid.test"])
    make_contact("Молчит", organisation="Молчащее", emails=["b@navid.test"])
    make_delivered()
    of_long_ago()
    make_contact("Новый", organisation="Новое", emails=["c@navid.test"])
    make_delivered()
    add_touch(talks, kind="call", text="Поговорили", at=timezone.now(), by=head())
    found = across.outlets(head())

    assert [(one.organisation.name, one.letters, one.last_word is None, one.is_known) for one in found] == [
        ("Молчащее", 2, True, True),
        ("Новое", 1, True, False),
        ("Говорящее", 2, False, True),
    ]
