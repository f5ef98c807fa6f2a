"""Reminders on today's page."""

from datetime import date

import pytest

from crm.actions.organisations import restrict
from crm.actions.touches import finish
from tests.factories.contacts import HEAD, change, make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.touches import make_reminder

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_staff("editor")


@pytest.fixture
def contact():
    return make_contact("Ғайрат Субҳӣ", organisation="Чашма")


def today(client_of, user):
    return client_of(user).get("/")


def test_what_is_late_and_what_is_due_waits_and_is_counted(client_of, contact, editor):
    for days in (1, 0, -2):
        make_reminder(contact, assignee=editor, in_days=days)
    page = today(client_of, editor)

    assert [reminder.days_late for reminder in page.context["reminders"]] == [2, 0]
    assert (page.context["todo"], [reminder.days_late for reminder in page.context["coming"]]) == (2, [-1])


def test_a_week_ahead_is_shown_and_no_more(client_of, contact, editor):
    for days in (7, 8):
        make_reminder(contact, assignee=editor, in_days=days)

    assert [reminder.days_late for reminder in today(client_of, editor).context["coming"]] == [-7]


def test_reminder_of_somebody_else_or_done_is_not_mine(client_of, contact, editor):
    make_reminder(contact, assignee=person(HEAD))
    finish(make_reminder(contact, assignee=editor), is_done=True, by=editor)

    assert (today(client_of, editor).context["reminders"], today(client_of, editor).context["todo"]) == ([], 0)


def test_reminder_leads_to_its_contact_and_says_what_and_by_how_much(client_of, contact, editor):
    make_reminder(contact, assignee=editor, in_days=-2, text="Позвонить о прямом эфире")
    page = today(client_of, editor).content.decode()

    assert all(part in page for part in (f'href="/contacts/{contact.pk}/"', "Позвонить о прямом эфире", "due--late"))


def test_words_about_a_sealed_contact_are_not_on_this_page(client_of, contact, editor):
    make_reminder(contact, assignee=editor, text="встретимся у фонтана")
    make_reminder(contact, assignee=person(HEAD), text="встретимся у фонтана")
    change(contact, sensitivity="sealed", by=person(HEAD))
    pages = [today(client_of, user) for user in (editor, person(HEAD))]

    assert [(page.context["todo"], "у фонтана" in page.content.decode()) for page in pages] == [(1, False)] * 2


def test_reminder_on_whom_i_may_not_know_any_more_is_gone(client_of, contact, editor):
    make_reminder(contact, assignee=editor)
    restrict("Чашма", on=date(2026, 1, 15), note="", by=person(HEAD))
    page = today(client_of, editor)

    assert (page.context["todo"], "Ғайрат" in page.content.decode()) == (0, False)


def test_done_here_leads_back_here(client_of, contact, editor):
    reminder = make_reminder(contact, assignee=editor)
    client = client_of(editor)
    page = client.post(f"/contacts/{contact.pk}/reminders/{reminder.pk}/done/", {"next": "/"}, follow=True)

    assert (page.request["PATH_INFO"], page.context["todo"]) == ("/", 0)


@pytest.mark.parametrize("count", [1, 3])
def test_reminders_take_one_query(client_of, contact, editor, count, django_assert_max_num_queries):
    client = client_of(editor)
    with django_assert_max_num_queries(100) as without:
        client.get("/")
    for number in range(count):
        make_reminder(make_contact(f"Человек {number}"), assignee=editor)
    with django_assert_max_num_queries(100) as with_them:
        client.get("/")

    assert len(with_them) == len(without)
