"""The figures of a report, and the rows that each of them opens."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from accounts.roles import Role
from crm.actions.suppression import suppress
from mailings.models import Mailing
from mailings.pipeline import analytics, visits
from tests.factories.contacts import make_contact, make_staff
from tests.factories.mailings import make_reader
from tests.factories.measuring import URL, make_delivered, make_office, make_readers, read_by
from tests.factories.organisations import make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_visits")]
REASON = "Показать министерству, когда дошло"


def test_report_is_shown_with_what_was_measured(client_of):
    make_office()
    mailing = make_delivered()
    read_by(mailing.deliveries.get(), url=URL)
    page = client_of(make_staff(Role.VIEWER)).get(f"/mailings/{mailing.pk}/report/").content.decode()

    assert ('id="stat-opened"' in page, '<polyline class="chart__line chart__line--1"' in page, URL in page) == (
        True,
        True,
        True,
    )


def test_report_that_measures_nothing_says_so(client_of):
    make_reader()
    page = client_of(make_staff(Role.VIEWER)).get(f"/mailings/{make_delivered('').pk}/report/").content.decode()

    assert ('id="stat-opened"' in page, 'id="who-measured"' in page) == (False, False)


@pytest.mark.parametrize(("state", "names"), [("opened", ["Открыла"]), ("unopened", ["Молчит"])])
def test_figure_opens_the_people_behind_it(boss, state, names):
    make_office("a@ministry.test", "Открыла")
    make_office("b@ministry.test", "Молчит")
    mailing = make_delivered()
    read_by(mailing.deliveries.get(name="Открыла"))
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?state={state}")

    assert [row.name for row in page.context["object_list"]] == names


def test_curve_of_letters_is_drawn_where_nothing_is_measured(client_of):
    make_reader()
    mailing = make_delivered("")
    page = client_of(make_staff(Role.VIEWER)).get(f"/mailings/{mailing.pk}/report/?days=7")

    assert ([point.sent for point in page.context["points"]], "chart__line--1" in page.content.decode()) == (
        [1, 1],
        True,
    )


@pytest.mark.parametrize(
    ("state", "changed"),
    [
        ("complained", {"complained_at": timezone.now()}),
        ("unsubscribed", {"unsubscribed_at": timezone.now()}),
        ("clicked", {"opened_at": timezone.now(), "clicked_at": timezone.now()}),
        ("unknown", {"status": "unknown"}),
        ("bounced", {"status": "failed", "bounced_at": timezone.now()}),
    ],
)
def test_what_became_of_a_letter_opens_it_alone(boss, state, changed):
    make_office("a@ministry.test", "Эта")
    make_office("b@ministry.test", "Другая")
    mailing = make_delivered()
    mailing.deliveries.filter(name="Эта").update(**changed)
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?state={state}")

    assert [row.name for row in page.context["object_list"]] == ["Эта"]


def test_measured_are_those_whose_reading_may_be_known(boss):
    make_office()
    make_office("in@ministry.test", "Внутренняя", sensitivity="internal")
    mailing = make_delivered()
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?state=measured")

    assert [row.name for row in page.context["object_list"]] == ["Пресс-служба"]


@pytest.mark.parametrize(("failed", "measured"), [(0, 5), (1, 0)])
def test_measured_are_counted_readers_while_they_are_enough_to_hide_each(boss, failed, measured):
    make_readers(5)
    mailing = make_delivered()
    mailing.deliveries.filter(name__in=[f"Читатель {number}" for number in range(failed)]).update(status="failed")
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?state=measured")

    assert len(page.context["object_list"]) == measured


@pytest.mark.parametrize("query", ["outlet=none", "region=none"])
def test_those_without_an_outlet_or_a_region_open_too(boss, query):
    make_organisation("Радио", kind="radio")
    make_contact("Холов", organisation="Радио", emails=["a@gmail.com"], region="sughd")
    make_reader("b@navid.test", name="Ниоткуда")
    mailing = make_delivered("")
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?{query}")

    assert [row.name for row in page.context["object_list"]] == ["Ниоткуда"]


def test_outlet_opens_the_people_behind_it(boss):
    make_organisation("Радио", kind="radio")
    contact = make_contact("Холов", organisation="Радио", emails=["a@gmail.com"])
    make_reader("b@navid.test", name="Ниоткуда")
    mailing = make_delivered("")
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?outlet=radio")

    assert [row.contact for row in page.context["object_list"]] == [contact]


def test_fate_is_chosen_within_the_other_filters(boss):
    make_reader()
    mailing = make_delivered("")
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?language=ru&state=sent").content.decode()

    assert ('href="?language=ru&amp;state=failed"' in page, 'href="?language=ru"' in page) == (True, True)


def test_tabs_follow_the_menu_without_a_new_page(boss):
    make_reader()
    mailing = make_delivered("")
    path = f"/mailings/{mailing.pk}/deliveries/?language=ru&state=sent"
    part = boss.get(path, headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in part, 'id="fates"' in part, 'href="?language=ru&amp;state=failed"' in part) == (
        False,
        True,
        True,
    )


@pytest.mark.parametrize("name", ["language", "kind", "outlet", "region", "provider", "bounce"])
def test_recipients_are_narrowed_by_a_menu(boss, name):
    make_reader()
    page = boss.get(f"/mailings/{make_delivered('').pk}/deliveries/").content.decode()

    assert f'<select name="{name}"' in page


def test_numbers_of_a_split_open_their_own_rows(boss):
    make_reader("a@navid.test", name="Первая")
    make_reader("b@navid.test", name="Вторая")
    mailing = make_delivered("")
    mailing.deliveries.filter(name="Вторая").update(status="failed", sent_at=None)
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()
    people = f"/mailings/{mailing.pk}/deliveries/?provider=other"

    assert [
        f'<a href="{people}{state}">{count}</a>' in page for state, count in (("", 2), ("&amp;state=failed", 1))
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(("measures", "shown"), [("all", "opened"), ("clicks", "clicked"), ("", "")])
def test_split_shows_what_is_measured(boss, measures, shown):
    make_office()
    mailing = make_delivered(measures)
    if measures:
        read_by(mailing.deliveries.get(), url=URL)
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()
    people = f"/mailings/{mailing.pk}/deliveries/?provider=other"

    assert [state for state in ("opened", "clicked") if f'<a href="{people}&amp;state={state}">1</a>' in page] == (
        [shown] if shown else []
    )


def test_complaint_needs_attention(boss):
    make_reader()
    mailing = make_delivered("")
    mailing.deliveries.update(complained_at=timezone.now())
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()

    assert (f'id="problem-complained" href="/mailings/{mailing.pk}/deliveries/?state=complained"' in page) is True


@pytest.mark.parametrize(
    ("sent", "complained", "words"),
    [
        (1_000, 3, "0.3 % or more of those who got this letter called it spam"),
        (1_000, 1, "0.1 % or more of those who got this letter called it spam"),
        (20, 1, ""),
    ],
)
def test_report_warns_where_complaints_pass_what_gmail_bears(boss, monkeypatch, sent, complained, words):
    make_reader()
    mailing = make_delivered("")
    found = replace(analytics.totals(mailing), sent=sent, complained=complained)
    monkeypatch.setattr(analytics, "totals", lambda _mailing: found)
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()

    assert (words in page, "of those who got this letter called it spam" in page) == (True, bool(words))


def test_problem_opens_those_who_were_refused_and_none_whose_outcome_is_not_known(boss):
    make_reader("a@navid.test", name="Первая")
    make_reader("b@navid.test", name="Вторая")
    mailing = make_delivered("")
    mailing.deliveries.update(status="failed", bounce_class="soft")
    mailing.deliveries.filter(name="Вторая").update(status="unknown")
    people = f"/mailings/{mailing.pk}/deliveries/?bounce=soft"
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()
    rows = boss.get(f"{people}&state=refused").context["object_list"]

    assert (f'href="{people}&amp;state=refused"' in page, [row.name for row in rows]) == (True, ["Первая"])


@pytest.mark.parametrize(
    ("bounce", "stop", "words"),
    [
        ("hard", "hard_bounce", "we write there no more"),
        ("hard", "", "not on the stop list"),
        ("full", "manual", "on the stop list: 1"),
        ("full", "", "not on the stop list"),
    ],
)
def test_problem_says_whether_the_address_is_on_the_stop_list(boss, bounce, stop, words):
    make_reader("a@navid.test")
    mailing = make_delivered("")
    mailing.deliveries.update(status="failed", bounce_class=bounce)
    if stop:
        suppress("a@navid.test", stop, by="test")
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()

    assert f"<span>{words}</span>" in page


@pytest.mark.parametrize(
    ("bounce", "words"), [("hard", "Find new ones"), ("full", "Who is it")], ids=["gone for good", "full"]
)
def test_problem_says_what_to_do_next(boss, bounce, words):
    make_reader()
    mailing = make_delivered("")
    mailing.deliveries.update(status="failed", bounce_class=bounce, code=550, reply="550 5.1.1 no")
    page = boss.get(f"/mailings/{mailing.pk}/report/").content.decode()
    link = page.split(f'id="problem-{bounce}-False"')[1].split("</a>")[0]

    assert link == f' href="/mailings/{mailing.pk}/deliveries/?bounce={bounce}&amp;state=refused">{words}'


@pytest.mark.parametrize("query", ["kind=press_service&language=ru", "provider=other", "region=sughd"])
def test_group_opens_the_people_behind_it(boss, query):
    make_office(region="sughd")
    make_reader("b@gmail.com", name="Не оттуда", languages="tg ru")
    mailing = make_delivered()
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?{query}")

    assert [row.name for row in page.context["object_list"]] == ["Пресс-служба"]


def test_link_opens_the_people_who_followed_it(boss):
    make_office("a@ministry.test", "Перешла")
    make_office("b@ministry.test", "Молчит")
    mailing = make_delivered()
    read_by(mailing.deliveries.get(name="Перешла"), url=URL)
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/?link={mailing.links.get().pk}")

    assert [row.name for row in page.context["object_list"]] == ["Перешла"]


def test_link_says_since_when_nobody_can_tell_who_followed_it(boss, settings):
    make_office("a@ministry.test", "Перешла")
    mailing = make_delivered()
    read_by(mailing.deliveries.get(), url=URL)
    begun = timezone.now() - settings.EVENTS_KEPT - timedelta(days=1)
    Mailing.objects.filter(pk=mailing.pk).update(started_at=begun)
    visits.forget()

    day = date_format(timezone.localtime(begun + settings.EVENTS_KEPT))
    queries = [f"link={mailing.links.get().pk}", "q=x"]
    pages = [boss.get(f"/mailings/{mailing.pk}/deliveries/?{query}").content.decode() for query in queries]
    assert ([day in page for page in pages], mailing.links.get().people) == ([True, False], 1)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000, "-1", "1.5", "x"])
def test_number_that_no_link_has_shows_the_page_all_the_same(boss, number):
    make_office()
    mailing = make_delivered()

    assert boss.get(f"/mailings/{mailing.pk}/deliveries/?link={number}").status_code == 200


def test_code_is_not_said_twice(boss):
    make_office()
    mailing = make_delivered()
    mailing.deliveries.update(status="failed", code=550, reply="550 5.1.1 no such user")
    page = boss.get(f"/mailings/{mailing.pk}/deliveries/").content.decode()

    assert ("550 5.1.1 no such user" in page, "550 550" in page) == (True, False)
