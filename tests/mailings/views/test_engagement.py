"""Who reads and answers, person by person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from crm.models import Contact, Export, Segment
from mailings.models import Incoming
from mailings.states import IncomingKind
from tests.factories.contacts import make_contact, make_staff
from tests.factories.mailings import make_reader
from tests.factories.measuring import URL, make_delivered, make_office, read_by
from tests.factories.organisations import make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_visits")]
PAGE = "/mailings/reports/readers/"


def names(page):
    return [one.contact.name for one in page.context["page_obj"]]


def test_each_has_letters_opens_clicks_and_answers(boss):
    make_office()
    first, second = make_delivered(), make_delivered()
    read_by(first.deliveries.get(), url=URL)
    read_by(second.deliveries.get())
    came_at = timezone.now() - timedelta(days=1)
    Incoming.objects.create(
        mark="m1", kind=IncomingKind.REPLY, contact=Contact.objects.get(), came_at=came_at, matched="number"
    )
    [one] = boss.get(PAGE).context["page_obj"]

    assert (one.letters, one.seen, one.opened, one.clicked, one.answers, one.last_word) == (2, 2, 2, 1, 1, came_at)


@pytest.mark.parametrize("query", ["order=x", "kind=x&outlet=x", "page=x", "q=%00", "order=quiet&order=active"])
def test_what_no_menu_offers_shows_the_page_all_the_same(boss, query):
    make_office()
    make_delivered()

    assert boss.get(f"{PAGE}?{query}").status_code == 200


def test_nobody_is_there_who_got_no_letter_in_half_a_year(boss):
    make_reader()
    make_delivered("").deliveries.update(sent_at=timezone.now() - timedelta(days=200))

    assert names(boss.get(PAGE)) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [("", ["Читает", "Молчит"]), ("active", ["Читает", "Молчит"]), ("quiet", ["Молчит", "Читает"])],
)
def test_order_is_chosen(boss, order, expected):
    make_office("a@ministry.test", "Молчит")
    make_office("b@ministry.test", "Читает")
    read_by(make_delivered().deliveries.get(name="Читает"))

    assert names(boss.get(PAGE, {"order": order})) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"outlet": "radio"}, ["Холов"]), ({"kind": "press_service"}, ["Пресс-служба"]), ({"q": "холов"}, ["Холов"])],
    ids=["outlet", "kind", "name"],
)
def test_filter_narrows(boss, query, expected):
    make_organisation("Радио", kind="radio")
    make_contact("Холов", organisation="Радио", emails=["a@navid.test"])
    make_office()
    make_delivered("")

    assert names(boss.get(PAGE, query)) == expected


def test_opens_are_counted_of_mailings_that_measure_them(boss):
    make_office()
    read_by(make_delivered("clicks").deliveries.get(), url=URL)
    make_delivered()
    [one] = boss.get(PAGE).context["page_obj"]

    assert (one.letters, one.measured, one.clicked, one.seen, one.opened) == (2, 2, 1, 1, 0)


def test_of_whom_nothing_can_be_known_nobody_says_that_they_read_least(boss):
    make_office("a@ministry.test", "Молчит")
    make_reader("b@navid.test", name="Журналист", kind="journalist")
    make_delivered()
    make_delivered()

    assert names(boss.get(PAGE, {"order": "quiet"})) == ["Молчит", "Журналист"]


def test_sealed_people_are_named_to_nobody_who_may_not_see_them(client_of):
    make_reader("a@navid.test", name="Открытая")
    make_reader("b@navid.test", name="Закрытая", sensitivity="sealed")
    make_delivered("")

    assert names(client_of(make_staff(Role.VIEWER)).get(PAGE)) == ["Открытая"]


@pytest.mark.parametrize("people", [1, 4])
def test_page_takes_the_same_queries_whatever_the_size(boss, people, django_assert_num_queries):
    for number in range(people):
        make_office(f"{number}@ministry.test", f"Служба {number}")
    make_delivered()
    boss.get(PAGE)

    with django_assert_num_queries(11):
        boss.get(PAGE)


def test_list_is_made_of_all_of_them(boss):
    make_office("a@ministry.test", "Первая")
    make_reader("b@navid.test", name="Вторая")
    make_delivered("")
    answer = boss.post(f"{PAGE}list/", {"name": "Читают", "colour": "gold", "query": "kind=press_service"})

    assert (answer.status_code, [one.name for one in Segment.objects.get(name="Читают").members.all()]) == (
        302,
        ["Первая"],
    )


def test_file_leaves_with_a_reason_alone(boss):
    make_office()
    read_by(make_delivered().deliveries.get())
    refused = boss.post(f"{PAGE}people/", {"format": "csv"})
    answer = boss.post(f"{PAGE}people/", {"format": "csv", "reason": "Показать на встрече с редакциями"})
    [row] = answer.content.decode("utf-8-sig").splitlines()[1:]

    assert (refused.status_code, row.split(";")[:7], Export.objects.get().rows) == (
        422,
        ["Пресс-служба", "", "1", "1", "1", "1", "0"],
        1,
    )


@pytest.mark.parametrize("path", ["list/", "people/"])
def test_viewer_neither_lists_nor_takes_them_out(client_of, path):
    assert client_of(make_staff(Role.VIEWER)).get(f"{PAGE}{path}").status_code == 403
