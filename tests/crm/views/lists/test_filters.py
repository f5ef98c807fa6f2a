"""The contact list: what narrows it."""

from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from accounts.roles import Role
from crm.actions.organisations import restrict
from crm.models import Organisation, Segment, Tag, Topic, Touch
from crm.models.wording import Wording
from tests.crm.views.lists.pages import names, put_away
from tests.factories.contacts import NAVID, make_contact, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(editor):
    """Two contacts who differ in everything that a filter asks for, and the words of each filter for the first."""
    first = make_contact(
        "Первый", kind="partner", languages="tg", region="sughd", city="Хуҷанд", basis="consent", owner=editor,
        sensitivity="internal", organisation="Газета", emails=["first@navid.test"],
    )  # fmt: skip
    second = make_contact("Второй", organisation="Радио", is_post=True)
    Organisation.objects.filter(name="Газета").update(kind="newspaper", ownership="private")
    first.tags.add(Tag.objects.named("важное"))
    second.tags.add(Tag.objects.named("прочее"))
    first.topics.add(Topic.objects.named("армия"))
    Touch.objects.create(contact=first, kind="call", by=editor)
    guests = Segment.objects.create(name="Гости", kind="list", made_by=editor)
    guests.memberships.create(contact=first, added_by=editor)
    others = Segment.objects.create(name="Остальные", rule={"kind": ["journalist"]}, made_by=editor)
    return {
        "kind": "partner",
        "language": "tg",
        "region": "sughd",
        "city": "Хуҷанд",
        "topic": Topic.objects.get().pk,
        "tag": Tag.objects.get(name="важное").pk,
        "not_tag": Tag.objects.get(name="прочее").pk,
        "organisation": Organisation.objects.get(name="Газета").pk,
        "organisation_kind": "newspaper",
        "ownership": "private",
        "basis": "consent",
        "owner": editor.pk,
        "entity": "person",
        "letters": "yes",
        "sensitivity": "internal",
        "active": "month",
        "segment": guests.pk,
        "not_segment": others.pk,
    }


FILTERS = [
    "kind", "language", "region", "city", "topic", "tag", "not_tag", "organisation", "organisation_kind", "ownership",
    "basis", "owner", "entity", "letters", "sensitivity", "active", "segment", "not_segment",
]  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_finds_the_one_who_fits(client, two, name):
    page = client.get("/contacts/", {name: two[name]})

    assert names(page) == ["Первый"]


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_is_a_chip_in_words_that_leads_to_the_list_without_it(client, two, name):
    page = client.get("/contacts/", {name: two[name], "q": "перв"})
    (chip,) = page.context["chips"]

    assert (chip.value != str(two[name]) or name == "city", parse_qs(chip.without[1:])) == (True, {"q": ["перв"]})


# Who asks for their own contacts reads «I», which a rule cannot say.
@pytest.mark.parametrize("name", [name for name in FILTERS if name != "owner"])
def test_each_filter_says_what_a_rule_says(client, two, name):
    (chip,) = client.get("/contacts/", {name: two[name]}).context["chips"]
    (part,) = Wording([{name: [str(two[name])]}], sees_restricted=False).parts({name: [str(two[name])]})

    assert (chip.label, chip.value) == (part.label, ", ".join(part.values))


def test_all_filters_combine(client, two):
    assert names(client.get("/contacts/", two)) == ["Первый"]
    assert names(client.get("/contacts/", two | {"region": "khatlon"})) == []


def test_two_values_of_one_filter_find_either(client, two):
    assert names(client.get("/contacts/", {"kind": ["partner", "journalist"]})) == ["Второй", "Первый"]


@pytest.mark.parametrize("wrong", [{"tag": "999"}, {"kind": "nobody"}, {"organisation": "999"}, {"organisation": "²"}])
def test_what_is_not_there_finds_nobody_rather_than_everybody(client, two, wrong):
    assert names(client.get("/contacts/", wrong)) == []


def test_a_banned_organisation_is_found_by_who_may_know_of_it(client, client_of, head):
    make_contact("Кто-то", organisation="Запрещённая")
    restrict("Запрещённая", on=timezone.localdate(), note="", by=head)
    query = {"organisation": Organisation.objects.get().pk}

    pages = [client.get("/contacts/", query), client_of(head).get("/contacts/", query)]
    assert [(names(page), "Запрещённая" in page.content.decode()) for page in pages] == [
        ([], False),
        (["Кто-то"], True),
    ]


def test_who_was_put_away_is_shown_when_asked_for(client):
    put_away(make_contact("Ушедший"))
    make_contact("Здешний")

    pages = [client.get("/contacts/", query) for query in ({}, {"archived": "only"})]
    assert [names(page) for page in pages] == [["Здешний"], ["Ушедший"]]
    assert pages[0].context["total"]() == 1


def test_equal_ones_stand_in_the_order_of_names_so_that_pages_do_not_overlap(client):
    for name in ("Ҳасан", "Анвар", "Карим"):
        make_contact(name, city="Душанбе")

    assert names(client.get("/contacts/", {"sort": "-city"})) == ["Анвар", "Карим", "Ҳасан"]


def test_oneself_is_the_first_whose_contacts_are_asked_for(client, editor):
    make_staff("head")
    choices = client.get("/contacts/").context["filterset"].form.fields["owner"].choices

    assert [value for value, _label in choices][0] == str(editor.pk)


def test_a_member_is_not_shown_the_words_we_sort_people_by(client_of):
    make_contact("Коллега", organisation=NAVID).tags.add(Tag.objects.named("осторожно"))
    page = client_of(make_staff(Role.MEMBER)).get("/contacts/")

    hidden = {"topic", "tag", "not_tag", "owner", "segment", "not_segment", "sensitivity"}
    assert (hidden & set(page.context["filterset"].filters), "осторожно" in page.content.decode()) == (set(), False)


def test_a_viewer_is_offered_only_tags_of_people_they_see(client_of):
    make_contact("Открытый").tags.add(Tag.objects.named("видное"))
    make_contact("Внутренний", sensitivity="internal").tags.add(Tag.objects.named("тайное"))
    page = client_of(make_staff(Role.VIEWER)).get("/contacts/")

    assert [label for _value, label in page.context["filterset"].form.fields["tag"].choices] == ["видное"]
