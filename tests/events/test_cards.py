"""A guest without a card gets one by a press, and is written to like the others from then on."""

import pytest

from core.sealing import seal
from crm.models import Contact, Phone
from events.actions.guests import name_colleague
from events.actions.invitations import begin_mailing
from events.models import Invitation
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.events import make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def colleague(address="madina@navid.test") -> Invitation:
    event = make_event(takes_colleagues=True)
    return name_colleague(make_guest(event, organisation="Навид"), name="Мадина Салимова", address=address)


def press(client, guest):
    return client.post(f"/events/guests/{guest.pk}/make-contact/", follow=True)


def test_colleague_becomes_a_contact_and_gets_the_details(editor):
    guest = colleague()
    press(editor, guest)
    guest.refresh_from_db()
    mailing = begin_mailing(guest.event, "details", by=person("author@payom.test"))

    assert (guest.contact.name, guest.contact.emails.get().address, guest.contact.position.organisation.name) == (
        "Мадина Салимова",
        "madina@navid.test",
        "Навид",
    )
    assert (guest.sealed_address, mailing.audience["pick"]) == ("", [str(guest.contact_id)])


def test_walk_in_who_left_a_telephone_is_a_contact_with_it(editor):
    guest = colleague(address="")
    Invitation.objects.filter(pk=guest.pk).update(sealed_address=seal("93 000 11 22"))
    press(editor, guest)

    assert Phone.objects.get().number == "+992930001122"


def test_words_that_are_no_way_to_reach_anybody_make_a_card_all_the_same(editor):
    guest = colleague(address="")
    Invitation.objects.filter(pk=guest.pk).update(sealed_address=seal("через Зарину"))
    press(editor, guest)
    guest.refresh_from_db()

    assert (guest.contact.name, guest.contact.emails.count(), guest.contact.phones.count()) == ("Мадина Салимова", 0, 0)


def test_who_is_in_the_contacts_already_is_taken_for_them(editor):
    known = make_contact("Салимова Мадина", emails=["madina@navid.test"])
    guest = colleague()
    press(editor, guest)
    guest.refresh_from_db()

    assert (guest.contact, Contact.objects.filter(emails__key=known.emails.get().key).count()) == (known, 1)


def test_who_stands_on_the_list_already_is_not_put_there_twice(editor):
    guest = colleague()
    make_guest(guest.event, "Салимова Мадина", emails=["madina@navid.test"])
    page = press(editor, guest)
    guest.refresh_from_db()

    assert (guest.contact, "уже есть в списке" in page.content.decode()) == (None, True)


def test_second_press_changes_nothing(editor):
    guest = colleague()
    press(editor, guest)
    before = Contact.objects.count()
    press(editor, guest)

    assert Contact.objects.count() == before


@pytest.mark.parametrize("role", ["viewer", "door"])
def test_who_only_looks_makes_no_contact(client_of, role):
    guest = colleague()
    answered = client_of(make_user(role)).post(f"/events/guests/{guest.pk}/make-contact/")
    guest.refresh_from_db()

    assert (answered.status_code, guest.contact) == (403, None)
