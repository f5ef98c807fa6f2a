"""What an insider may try, and what a slip of the hand sends: never a page that failed, never a name too much."""

from datetime import date

import pytest
from django_htmx.middleware import HtmxDetails

from crm.actions import merging
from crm.actions.organisations import restrict
from crm.filters import contact_filter
from crm.models import Contact, Segment
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
FAR = "9" * 30


@pytest.fixture
def contact():
    return make_contact("Ҷамшед", emails=["own@navid.test"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/contacts/addresses/?tag=²", 200),
        ("/contacts/addresses/?segment=²", 200),
        (f"/contacts/addresses/?organisation={FAR}", 200),
        ("/contacts/{pk}/?before=99991231T235959-1", 200),
    ],
)
def test_page_opens_at_an_address_that_means_nothing(contact, client_of, address, status):
    assert client_of(person(HEAD)).get(address.format(pk=contact.pk)).status_code == status


@pytest.mark.parametrize(
    ("address", "typed", "status"),
    [
        ("addresses/?in=ru", {"address-²": "x", "every": "1"}, 302),
        ("addresses/?in=ru", {f"address-{FAR}": "x", "every": "1"}, 302),
        ("{pk}/edit/", {"revision": "²", "name": "Ҷ"}, 409),
        ("{pk}/edit/", {"revision": "7", "was": "[" * 100_000, "name": "Ҷ"}, 409),
        ("{pk}/edit/", {"revision": "7", "was": '{"emails": [{"text": 5}]}', "name": "Ҷ"}, 409),
        ("{pk}/touches/", {"kind": "call", "text": "x", "at": "0001-01-01T00:00"}, 422),
        ("{pk}/positions/new/", {"organisation": "\u202e\u200b"}, 422),
        ("{pk}/positions/new/", {"organisation": "Навид", "started_on": "9999-12-31"}, 422),
    ],
)
def test_form_that_no_browser_sends_is_answered(contact, client_of, address, typed, status):
    assert client_of(person(HEAD)).post(f"/contacts/{address.format(pk=contact.pk)}", typed).status_code == status


def pages(client, contact):
    addresses = [f"/contacts/{contact.pk}/", "/contacts/merges/"]
    return "".join(client.get(address).content.decode() for address in addresses)


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_cards_split_again_name_nobody_who_is_not_for_the_reader(client_of, role):
    head, kept = person(HEAD), make_contact("Открытая")
    merge = merging.merge(kept, make_contact("Тайный Человек", organisation="Запрет"), by=head)
    merging.unmerge(merge, by=head)
    restrict("Запрет", on=date(2026, 1, 1), note="", by=head)

    assert "Тайный" not in pages(client_of(make_staff(role)), kept)


def test_filter_that_is_written_down_for_good_holds_no_address(contact, rf):
    request = rf.get("/")
    request.user, request.htmx = person(HEAD), HtmxDetails(request)

    rule = contact_filter("q=own@navid.test", request=request, queryset=Contact.objects.all()).rule()

    assert "own" not in rule["query"] + rule["words"]


def test_search_for_a_telephone_becomes_no_segment(client_of):
    client_of(person(HEAD)).post(
        "/contacts/segments/new/", {"name": "Он", "colour": "accent", "query": "q=%2B992 93 000-11-22"}
    )

    assert not Segment.objects.exists()
