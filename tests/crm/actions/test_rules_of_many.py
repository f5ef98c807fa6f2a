"""Rules of many people at once are the rules that each would get alone."""

from datetime import date

import pytest

from audit.models import Entry
from crm.actions.stops import Wish, add_rule, add_rules
from crm.models import StopRule
from tests.factories.contacts import HEAD, make_contact
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

SOON, LATER, PAST = date(2099, 1, 31), date(2099, 12, 31), date(2020, 1, 31)


def rules():
    found = StopRule.objects.order_by("pk").select_related("contact")
    return [(rule.contact.name, rule.scope, rule.channel, rule.until_on, rule.reveal()) for rule in found]


@pytest.mark.parametrize("there", [None, SOON, LATER], ids=["for ever", "soon", "later"])
@pytest.mark.parametrize("wished", [None, SOON, LATER, PAST], ids=["for ever", "soon", "later", "past"])
def test_rule_is_made_where_one_alone_would_be(there, wished):
    alone, of_many = make_contact("Субҳӣ"), make_contact("Зарина")
    for contact in (alone, of_many):
        add_rule(contact, scope="bulk", until_on=there, by=person(HEAD))

    add_rule(alone, scope="bulk", until_on=wished, by=person(HEAD))
    add_rules([Wish(of_many.pk, "bulk", until_on=wished)], by=person(HEAD))

    assert [one[1:] for one in rules() if one[0] == "Зарина"] == [one[1:] for one in rules() if one[0] == "Субҳӣ"]


def test_two_wishes_of_one_person_that_say_the_same_make_one_rule():
    contact = make_contact("Субҳӣ")

    new = add_rules([Wish(contact.pk, "bulk"), Wish(contact.pk, "bulk", until_on=SOON)], by=person(HEAD))

    assert (len(new), rules()) == (1, [("Субҳӣ", "bulk", "", None, "")])


def test_wishes_about_two_ways_are_two_rules():
    contact = make_contact("Субҳӣ")

    add_rules([Wish(contact.pk, "channel", channel="phone"), Wish(contact.pk, "channel", channel="email")], by="list")

    assert [one[2] for one in rules()] == ["phone", "email"]


def test_reason_of_a_sealed_contact_is_sealed_among_many():
    sealed, plain = make_contact("Субҳӣ", sensitivity="sealed"), make_contact("Зарина")

    add_rules([Wish(one.pk, "bulk", reason="Просила не писать") for one in (sealed, plain)], by=person(HEAD))

    texts = StopRule.objects.order_by("pk").values_list("text", flat=True)
    assert (list(texts), [one[4] for one in rules()]) == (["", "Просила не писать"], ["Просила не писать"] * 2)


def test_journal_has_an_entry_for_each_and_never_why():
    people = [make_contact("Субҳӣ"), make_contact("Зарина")]
    wishes = [Wish(people[0].pk, "bulk", reason="Траур"), Wish(people[1].pk, "channel", "phone", SOON, "Траур")]

    add_rules(wishes, by=person(HEAD))

    told = Entry.objects.filter(action="crm.stop.added").order_by("subject_id").values_list("subject_id", "details")
    assert list(told) == [
        (people[0].pk, {"scope": "bulk"}),
        (people[1].pk, {"scope": "channel", "channel": "phone", "until_on": "2099-01-31"}),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_are_as_many_for_one_as_for_three(number, django_assert_num_queries):
    wishes = [Wish(make_contact(f"Субҳӣ {index}").pk, "bulk") for index in range(number)]
    by = person(HEAD)

    with django_assert_num_queries(6):
        add_rules(wishes, by=by)
