"""What mailings tell of a contact's story."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm import timeline
from crm.actions.suppression import suppress
from crm.models import Contact, condition
from mailings.models import Delivery
from mailings.pipeline.send import send_due
from tests.factories.contacts import make_staff
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db


def letters(contact, user=None):
    found = timeline.page(Contact.objects.get(pk=contact.pk), user or person("author@payom.test"), kind="letter")
    return [(item.icon, item.text) for item in found.items]


def test_letter_that_went_is_told_and_leads_to_the_report(smtp):
    contact = make_reader()
    mailing = make_started()
    send_due()
    item = timeline.page(contact, mailing.author, kind="letter").items[0]

    assert (item.icon, item.text, item.url) == ("mail-check", "", f"/mailings/{mailing.pk}/report/")


def test_letter_that_did_not_arrive_says_so(smtp):
    contact = make_reader("gone@navid.test")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    make_started()
    send_due()

    assert [icon for icon, _text in letters(contact)] == ["mail-warning"]


def test_letter_that_waits_is_not_told_yet():
    contact = make_reader()
    make_started()

    assert letters(contact) == []


def test_unsubscribing_is_told_beside_the_letter(smtp):
    contact = make_reader()
    make_started()
    send_due()
    Delivery.objects.update(unsubscribed_at=timezone.now() + timedelta(seconds=1))

    assert [icon for icon, _text in letters(contact)] == ["mail-x", "mail-check"]


def test_being_left_out_is_told_with_its_reason():
    make_reader("other@navid.test")
    contact = make_reader()
    suppress("reader@navid.test", "manual", by="test")
    make_started()
    found = letters(contact)

    assert ([icon for icon, _text in found], found[0][1] != "") == (["user-x"], True)


def test_who_may_not_see_mailings_is_told_nothing(smtp):
    contact = make_reader()
    make_started()
    send_due()
    member = make_staff("member")

    assert (letters(contact, member), timeline.latest([contact.pk], member), timeline.counts(contact, member)) == (
        [],
        {},
        {},
    )


@pytest.mark.parametrize("people", [1, 3])
def test_last_letters_take_the_same_queries(smtp, people, django_assert_num_queries):
    keys = [make_reader(f"r{number}@navid.test", name=f"Читатель {number}").pk for number in range(people)]
    for _time in range(2):
        make_started()
        send_due()
    author = person("author@payom.test")

    with django_assert_num_queries(3):
        found = timeline.latest(keys, author)
    assert {key: item.icon for key, item in found.items()} == dict.fromkeys(keys, "mail-check")


def test_who_got_a_letter_is_active(smtp):
    reached, _other = make_reader(), make_reader("", name="Безадресный")
    make_started()
    send_due()

    assert list(Contact.objects.filter(condition({"active": ["year"]}))) == [reached]
