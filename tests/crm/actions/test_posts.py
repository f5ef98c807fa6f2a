"""A post and its holders."""

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions.steps import take_back
from crm.models import Contact
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.organisations import HEAD, hold, make_post_at, place, rows

pytestmark = pytest.mark.django_db

MVD = "МВД"


@pytest.fixture
def post():
    return make_post_at(MVD, emails=["press@mvd.test"], phones=["+992372210000"])


def holders(post):
    found = post.holders.order_by("pk").values_list("contact__name", "title", "started_on", "ended_on")
    return list(found)


def test_a_post_has_a_place_and_addresses_and_is_found_by_them(post):
    assert (post.is_post, post.position.organisation.name, post.position.title) == (True, MVD, "пресс-секретарь")
    assert [email.address for email in post.emails.all()] == ["press@mvd.test"]
    assert [list(Contact.objects.search(words)) for words in ("мвд", "press@mvd.test", "372210000")] == [[post]] * 3


def test_a_holder_gets_a_position_with_the_title_of_the_post(post):
    holder = make_contact("Первый")
    hold(post, holder, since="2020")

    assert holders(post) == [("Первый", "пресс-секретарь", "2020", "")]


def test_who_works_there_already_takes_the_post_where_they_are(post):
    holder = make_contact("Первый", organisation=MVD)
    hold(post, holder)

    assert (holder.positions.count(), holder.positions.get().post) == (1, post)


def test_who_held_another_post_there_leaves_it(post):
    other, holder = make_post_at(MVD, "Начальник отдела"), make_contact("Первый")
    hold(other, holder, since="2019")
    hold(post, holder, since="2022")

    assert (holders(other), holders(post)) == (
        [("Первый", "пресс-секретарь", "2019", "2022")],
        [("Первый", "пресс-секретарь", "2022", "")],
    )


def test_a_successor_ends_the_time_of_the_one_before(post):
    first, second = make_contact("Первый"), make_contact("Вторая")
    hold(post, first, since="2020")
    hold(post, second, since="2023", ends=post.holders.all())

    assert holders(post) == [
        ("Первый", "пресс-секретарь", "2020", "2023"),
        ("Вторая", "пресс-секретарь", "2023", ""),
    ]


def test_a_work_address_of_the_one_before_is_not_used_any_more(post):
    first = make_contact("Первый", organisation=MVD, emails=["first@mvd.test", "first@mail.test"])
    first.emails.filter(address="first@mvd.test").update(position=first.positions.get())
    hold(post, first)
    hold(post, make_contact("Вторая"), ends=post.holders.all())

    retired = first.emails.order_by("pk").values_list("address", "retired_on")
    assert list(retired) == [("first@mvd.test", timezone.localdate()), ("first@mail.test", None)]


def test_a_deputy_holds_it_beside(post):
    hold(post, make_contact("Первый"), since="2020")
    hold(post, make_contact("Вторая"), since="2021", title="заместитель")

    assert [(name, title, ended) for name, title, _started, ended in holders(post)] == [
        ("Первый", "пресс-секретарь", ""),
        ("Вторая", "заместитель", ""),
    ]


def test_setting_a_holder_is_taken_back_exactly(post):
    first = make_contact("Первый", organisation=MVD, emails=["first@mvd.test"])
    first.emails.update(position=first.positions.get())
    hold(post, first)
    second = make_contact("Вторая", organisation="Чашма")
    before = rows()
    step = hold(post, second, since="2023", ends=post.holders.all())
    take_back(step, by=person(HEAD))

    assert rows() == before


def test_the_journal_says_who_holds_it(post):
    hold(post, make_contact("Первый"))

    entry = Entry.objects.get(action="crm.post.held")
    assert (entry.subject_id, entry.details) == (post.pk, {"holder": "Первый"})


def test_a_post_is_somebody_at_the_organisation_for_its_representative(post):
    person_there = make_contact("Человек")
    place(person_there, MVD)

    at_mvd = Contact.objects.filter(positions__organisation__name=MVD).order_by("pk")
    assert list(at_mvd) == [post, person_there]
