"""The story of a contact: what is in it, in which order, and for whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import timeline
from crm.actions.organisations import restrict
from crm.models import Contact, ImportBatch, ImportRow, Merge, Organisation, Position
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import make_reader, person
from tests.factories.touches import make_stop, make_touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return make_contact("Ғайрат Субҳӣ")


@pytest.fixture
def head():
    return person(HEAD)


def whole(contact):
    return Contact.objects.with_everything().get(pk=contact.pk)


def titles(contact, user, **asked):
    return [str(item.title) for item in timeline.page(whole(contact), user, **asked).items]


def texts(contact, user, **asked):
    return [item.text for item in timeline.page(whole(contact), user, **asked).items if item.text]


def every_page(contact, user, **asked):
    """All pages one after another, as somebody reads who presses "Older" to the end."""
    cursor, found = "", []
    while True:
        page = timeline.page(whole(contact), user, cursor=cursor, **asked)
        found += page.items
        if not page.older:
            return found
        cursor = page.older


def work(contact, organisation, **dates):
    return Position.objects.create(contact=contact, organisation=Organisation.objects.named(organisation), **dates)


def test_story_tells_everything_the_newest_first(contact, head):
    work(contact, "Радио «Чашма»", title="ведущий", started_on="2024-03", ended_on="2024-05-01")
    make_touch(contact, "Просил статистику", days_ago=2)
    make_stop(contact, "greetings")
    Merge.objects.create(kept=contact, dropped=999, dropped_name="Г. Субхиев", by=head)
    found = [(item.kind, item.icon) for item in timeline.page(whole(contact), head).items]

    assert found == [
        ("card", "git-merge"),
        ("wishes", "user-x"),
        ("card", "user-plus"),
        ("call", "phone"),
        ("career", "briefcase-business"),
        ("career", "briefcase-business"),
    ]


def test_touch_says_who_and_what(contact, head):
    make_touch(contact, "Нужен юрист", kind="meeting")
    item = timeline.page(whole(contact), head, kind="meeting").items[0]

    assert (item.text, item.by, item.is_quote) == ("Нужен юрист", head.name, True)


def test_one_kind_is_shown_alone(contact, head):
    make_touch(contact, "звонок")
    make_touch(contact, "заметка", kind="note")

    assert texts(contact, head, kind="note") == ["заметка"]


def test_kind_that_there_is_not_shows_everything(contact, head):
    make_touch(contact, "звонок")

    assert texts(contact, head, kind="nothing") == ["звонок"]


@pytest.mark.parametrize("cursor", ["", "yesterday", "20240101T000000000000-x", "-", "99999999T000000000000-1"])
def test_address_that_cannot_be_read_begins_with_the_newest(contact, head, cursor):
    make_touch(contact, "звонок")

    assert "звонок" in texts(contact, head, cursor=cursor)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 3), min_size=0, max_size=70))
def test_pages_lose_nothing_and_show_nothing_twice(contact, head, ages):
    """However many things happened in the same moment."""
    contact.touches.all().delete()
    now = timezone.now()
    for number, age in enumerate(ages):
        touch = make_touch(contact, f"{number}", kind="note")
        contact.touches.filter(pk=touch.pk).update(at=now - timedelta(days=age))
    found = every_page(contact, head, kind="note")

    assert sorted(int(item.text) for item in found) == list(range(len(ages)))
    assert [item.at for item in found] == sorted((item.at for item in found), reverse=True)


def test_month_that_has_its_heading_is_not_named_again(contact, head):
    for _number in range(timeline.PER_PAGE + 1):
        make_touch(contact, kind="note")
    first = timeline.page(whole(contact), head, kind="note")
    second = timeline.page(whole(contact), head, kind="note", cursor=first.older)

    assert (len(first.items), len(second.items), second.month) == (timeline.PER_PAGE, 1, second.items[0].month)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2024", "", [(date(2024, 1, 1), "2024")]),
        ("2024-03", "", [(date(2024, 3, 1), "Март 2024")]),
        ("2024-03-05", "", [(date(2024, 3, 5), "5 марта 2024")]),
        ("", "2024", [(date(2024, 12, 31), "2024")]),
        ("", "2024-02", [(date(2024, 2, 29), "Февраль 2024")]),
        ("", "2023-12", [(date(2023, 12, 31), "Декабрь 2023")]),
        ("2024", "2024", [(date(2024, 12, 31), "2024"), (date(2024, 1, 1), "2024")]),
        ("2024-02-31", "", []),
        ("9000", "", []),
    ],
)
def test_post_stands_where_its_date_puts_it(contact, head, start, end, found):
    work(contact, "Радио «Чашма»", started_on=start, ended_on=end)
    items = timeline.page(whole(contact), head, kind="career").items

    assert [(timezone.localtime(item.at).date(), item.when) for item in items] == found


def test_post_at_a_banned_organisation_is_told_to_who_may_know(contact, head):
    work(contact, "Запрещённая", started_on="2019", ended_on="2020")
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    editor = make_staff("editor")

    assert [len(titles(contact, user, kind="career")) for user in (head, editor)] == [2, 0]


def test_card_of_a_post_tells_its_holders_whom_the_reader_may_know(head):
    post = make_contact("Пресс-секретарь МВД", is_post=True)
    for name, care in (("Умар", "open"), ("Тайный", "internal")):
        holder = make_contact(name, sensitivity=care)
        work(holder, "МВД", post=post, started_on="2024")
    viewer = make_staff("viewer")
    told = {user.role: " ".join(titles(post, user, kind="career")) for user in (head, viewer)}

    assert {role: ("Умар" in words, "Тайный" in words) for role, words in told.items()} == {
        "head": (True, True),
        "viewer": (True, False),
    }


def test_stop_rule_is_told_when_it_is_set_and_when_it_is_lifted(contact, head):
    rule = make_stop(contact, "greetings", reason="просил по телефону")
    rule.lifted_at, rule.lifted_by = timezone.now(), head
    rule.save()
    items = timeline.page(whole(contact), head, kind="wishes").items

    assert [(item.icon, item.text) for item in items] == [("check", ""), ("user-x", "просил по телефону")]


def test_import_leads_to_its_list_for_who_imports(contact, head):
    batch = ImportBatch.objects.create(
        filename="Пресс-лист.xlsx", uploaded_by=head, status="done", committed_at=timezone.now()
    )
    for number, outcome in enumerate(["created", "unchanged"]):
        ImportRow.objects.create(batch=batch, sheet="1", number=number, outcome=outcome, contact=contact)
    rows = {
        user.role: [(item.text, bool(item.url)) for item in timeline.page(whole(contact), user, kind="card").items][0]
        for user in (head, make_staff("viewer"))
    }

    assert rows == {"head": ("Пресс-лист.xlsx", True), "viewer": ("Пресс-лист.xlsx", False)}


def test_merge_that_was_undone_is_told_twice(contact, head):
    other = make_contact("Г. Субхиев")
    merge = Merge.objects.create(kept=contact, dropped=other.pk, dropped_name="Г. Субхиев", by=head)
    merge.undone_at, merge.undone_by = timezone.now(), head
    merge.save()

    assert sum("Г. Субхиев" in title for title in titles(contact, head)) == 2


def test_who_speaks_for_an_organisation_reads_nothing_of_ours(head):
    contact = make_contact("Ғайрат", organisation="Навид")
    make_touch(contact, "наше дело")
    make_stop(contact, reason="наше дело")
    member = make_staff("member")

    assert (texts(contact, member), set(timeline.kinds(member))) == ([], {"career"})


@pytest.mark.parametrize(("reveals", "shown"), [(False, []), (True, ["тайна", "просьба"])])
def test_words_about_a_sealed_contact_are_hidden_until_they_are_revealed(head, reveals, shown):
    sealed = make_contact("Марзия", sensitivity="sealed")
    make_touch(sealed, "тайна")
    make_stop(sealed, reason="просьба")
    items = timeline.page(whole(sealed), head, reveals=reveals).items
    hidden = [item.kind for item in items if item.is_hidden]

    assert (sorted(item.text for item in items if item.text), hidden) == (
        sorted(shown),
        [] if reveals else ["wishes", "call"],
    )


@pytest.mark.parametrize("things", [1, 3])
def test_story_takes_the_same_queries_however_long_it_is(contact, head, things, django_assert_num_queries):
    for number in range(things):
        make_touch(contact, f"{number}")
        make_stop(contact, "greetings", reason="просил")
        work(contact, f"Газета {number}", started_on="2019")
        Merge.objects.create(kept=contact, dropped=900 + number, dropped_name="Другой", by=head)
    found = whole(contact)

    # Touches, stop rules, imports, merges; deliveries, who unsubscribed, who was left out, handed over, came in;
    # invitations to events, questions to the press service.
    with django_assert_num_queries(11):
        timeline.page(found, head)


@pytest.mark.parametrize("people", [1, 3])
def test_last_event_of_many_takes_the_same_queries(head, people, django_assert_num_queries):
    contacts = [make_reader(f"reader{number}@navid.test", name=f"Читатель {number}") for number in range(people)]
    for contact in contacts:
        make_touch(contact, days_ago=5)
        make_touch(contact, kind="meeting", days_ago=1)
    keys = [contact.pk for contact in contacts]

    # Touches, questions to the press service.
    with django_assert_num_queries(3):
        found = timeline.latest(keys, head)
    assert {key: (item.kind, item.text) for key, item in found.items()} == dict.fromkeys(keys, ("meeting", ""))


def test_nobody_has_no_last_event(head):
    assert timeline.latest([], head) == {}
