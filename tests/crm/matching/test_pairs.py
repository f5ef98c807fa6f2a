"""Which cards are compared at all."""

import pytest

from crm.matching.pairs import SHARED_BY, namesakes, offered
from crm.models import Contact, FormerSurname, Position
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db


def keys(pairs) -> list[tuple[int, int]]:
    return [(pair.first.pk, pair.second.pk) for pair in pairs]


@pytest.mark.parametrize("ways", [{"emails": ["A@navid.test"]}, {"phones": ["+992930001122"]}])
def test_cards_with_one_address_or_telephone_are_compared(head, ways):
    first, second = make_contact("Джамшед Каримов", **ways), make_contact("Jamshed Karimov", **ways)

    assert keys(offered(head)) == [(first.pk, second.pk)]


@pytest.mark.parametrize(("people", "found"), [(SHARED_BY, 6), (SHARED_BY + 1, 0)])
def test_a_mailbox_of_many_says_nothing(head, people, found):
    for _card in range(people):
        make_contact("Каримов Джамшед", emails=["info@navid.test"])

    assert len(offered(head)) == found


def test_a_mailbox_of_many_adds_nothing_to_namesakes(head):
    for name in ("Каримов Али", "Каримов Али", "Назаров Умар", "Шарифов Рустам", "Обидов Фарҳод"):
        make_contact(name, emails=["info@navid.test"])

    assert ([pair.score.points for pair in namesakes(head)], offered(head)) == ([30], [])


def test_namesakes_at_one_organisation_are_compared_though_one_has_left_it(head):
    first, second = (make_contact("Каримов Джамшед", organisation="Навид") for _card in range(2))
    Position.objects.filter(contact=first).update(ended_on="2020")

    assert keys(offered(head)) == [(first.pk, second.pk)]


def test_who_had_the_surname_of_another_card_is_compared_with_it(head):
    before = make_contact("Каримова Мадина", organisation="Навид")
    now = make_contact("Назарова Мадина", given_name="Мадина", organisation="Навид", phones=["+992930001122"])
    FormerSurname.objects.create(contact=now, surname="Каримова")
    before.birth_day, before.birth_month, now.birth_day, now.birth_month = 5, 3, 5, 3
    Contact.objects.bulk_update([before, now], ["birth_day", "birth_month"])

    assert [(pair.first.pk, pair.second.pk, pair.score.points) for pair in offered(head)] == [(before.pk, now.pk, 60)]


def test_a_person_is_not_compared_with_a_post(head):
    make_contact("Пресс-секретарь Минюста", emails=["press@navid.test"])
    make_contact("Пресс-секретарь Минюста", emails=["press@navid.test"], is_post=True)

    assert offered(head) == []


def test_the_surest_pair_comes_first(head):
    weak = [make_contact("Назаров Умар", phones=["+992930001122"]).pk for _card in range(2)]
    sure = [make_contact("Каримов Али", emails=["a@navid.test"]).pk for _card in range(2)]

    assert keys(offered(head)) == [tuple(sure), tuple(weak)]
