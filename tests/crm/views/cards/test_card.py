"""The page of a contact: what is on it, and what stands beside it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.actions.suppression import suppress
from crm.models import Contact, Segment, Unread
from tests.crm.views.cards.pages import ADDRESS, HTMX, card
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import make_started, person
from tests.factories.touches import make_phone, make_reminder, make_stop, make_touch

pytestmark = pytest.mark.django_db


# The head


def test_write_leads_to_the_first_address_in_use(client, contact):
    contact.emails.update(retired_on=date(2024, 3, 1))
    contact.emails.create(address="second@chashma.test", rank=1)
    contact.emails.create(address="third@chashma.test", rank=2)
    suppress("second@chashma.test", "manual", by="test")

    assert client.get(card(contact)).context["ways"].mailto == "third@chashma.test"


@pytest.mark.parametrize("rule", [{"scope": "everything"}, {"scope": "channel", "channel": "email"}])
def test_nobody_is_written_to_who_does_not_want_it(client, contact, rule):
    make_stop(contact, **rule)
    page = client.get(card(contact))

    assert (page.context["ways"].mailto, "mailto:" in page.content.decode()) == ("", False)


def test_rule_that_is_over_closes_nothing(client, contact):
    make_stop(contact, until_on=timezone.localdate() - timedelta(days=1))

    assert client.get(card(contact)).context["ways"].mailto == ADDRESS


def test_retired_way_is_struck_and_leads_nowhere(client, contact):
    make_phone(contact, retired_on=date(2024, 3, 1))
    page = client.get(card(contact)).content.decode()

    assert ("1 марта 2024" in page, "tel:" in page, f"{card(contact)}message/" in page) == (True, False, False)


def test_first_number_with_the_preferred_messenger_is_marked(client, contact):
    Contact.objects.filter(pk=contact.pk).update(preferred_way="viber")
    make_phone(contact, "telegram", "+992930001111")
    make_phone(contact, "telegram viber", "+992930002222")
    lines = client.get(card(contact)).context["ways"].lines

    assert [(line.number, line.is_best) for line in lines] == [("+992930001111", False), ("+992930002222", True)]


def test_what_cannot_be_read_stands_as_it_was_typed(client, contact):
    Unread.of(contact, "phone", "93 00О 1").save()

    assert "93 00О 1" in client.get(card(contact)).content.decode()


def test_card_takes_the_same_queries_whatever_is_on_it(client, contact):
    client.get(card(contact), {"from": ""})  # what is remembered for a minute is remembered from here on
    counts = []
    for number in range(3):
        make_phone(contact, "telegram", f"+99293000110{number}")
        make_touch(contact)
        make_reminder(contact, assignee=person(HEAD))
        make_stop(contact, "greetings")
        with CaptureQueriesContext(connection) as asked:
            client.get(card(contact), {"from": ""})
        counts.append(len(asked))

    assert counts[1:] == counts[:1] * 2


# The list it was opened from


@pytest.fixture
def three():
    return [
        make_contact(name, city=city) for name, city in (("Қодир", "Хуҷанд"), ("Анвар", "Хуҷанд"), ("Зебо", "Хорог"))
    ]


def test_neighbours_are_those_of_the_list_in_the_order_of_the_alphabet(client, three):
    qodir, anvar, zebo = three
    found = client.get(card(zebo), {"from": ""}).context["neighbours"]

    assert (found.number, found.total, found.before, found.after) == (2, 3, anvar.pk, qodir.pk)


def test_neighbours_are_of_the_same_filter(client, three):
    qodir, anvar, _zebo = three
    found = client.get(card(qodir), {"from": "city=Хуҷанд&sort=-name"}).context["neighbours"]

    assert (found.number, found.total, found.before, found.after) == (2, 2, anvar.pk, None)


def test_people_of_one_name_stand_beside_each_other(client):
    first, second = make_contact("Умар"), make_contact("Умар")
    found = client.get(card(second), {"from": ""}).context["neighbours"]

    assert (found.number, found.before, found.after) == (2, first.pk, None)


@pytest.mark.parametrize("query", [None, "city=Хорог", "kind=nobody"])
def test_card_that_is_not_in_the_list_has_no_neighbours(client, three, query):
    page = client.get(card(three[0]), {} if query is None else {"from": query})

    assert (page.status_code, page.context["neighbours"]) == (200, None)


def test_hidden_people_are_no_neighbours(client_of, three):
    make_contact("Бобо", sensitivity="internal")
    found = client_of(make_staff("viewer")).get(card(three[1]), {"from": ""}).context["neighbours"]

    assert (found.total, found.after) == (3, three[2].pk)


def test_list_leads_to_its_cards_with_its_filter(client, three):
    page = client.get("/contacts/", {"city": "Хорог", "q": "зебо"}).content.decode()

    assert f"{card(three[2])}?from=city%3D%25D0%25A5" in page


def test_segment_of_the_list_is_named_on_the_way_to_the_card(client, three, editor):
    segment = Segment.objects.create(name="Активные за год", made_by=editor)
    page = client.get(card(three[0]), {"from": f"segment={segment.pk}"})

    assert page.context["neighbours"].segment == "Активные за год"


# Tabs and the story


def test_tab_shows_a_panel_of_another_room_with_its_count(client, contact):
    make_started()
    page = client.get(card(contact), {"tab": "mailings:contact-panel"})
    counts = {panel.url_name: count for panel, count in page.context["panels"]}

    assert (page.context["story"], counts) == (
        None,
        {
            "events:contact-panel": 0,
            "events:request-panel": 0,
            "mailings:contact-panel": 1,
            "mailings:handover-panel": 0,
            "crm:contact-segments": None,
            "crm:contact-history": None,
        },
    )
    assert f"/mailings/of-contact/{contact.pk}/" in page.content.decode()


def test_tab_that_does_not_open_for_somebody_shows_the_story(client_of, contact):
    page = client_of(make_staff("viewer")).get(card(contact), {"tab": "crm:contact-history"})

    assert (page.context["tab"], page.context["story"] is not None) == (None, True)


def test_older_items_come_alone_with_htmx(client, contact):
    for number in range(25):
        make_touch(contact, f"дело номер {number}", kind="note", days_ago=number)
    older = client.get(card(contact)).context["story"].older
    part = client.get(card(contact), {"before": older}, headers=HTMX).content.decode()
    whole = client.get(card(contact), {"before": older}).content.decode()

    assert ("<html" in part, "дело номер 24" in part, "дело номер 3<" in part) == (False, True, False)
    assert ("<html" in whole, "дело номер 24" in whole) == (True, True)
