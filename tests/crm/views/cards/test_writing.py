"""What one writes on the page of a contact: notes, reminders, messages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.actions.organisations import restrict
from crm.models import Contact, FollowUp, PersonName, Touch
from tests.crm.views.cards.pages import card
from tests.factories.contacts import HEAD, make_contact
from tests.factories.mailings import person
from tests.factories.touches import make_phone, make_reminder, make_stop, make_touch

pytestmark = pytest.mark.django_db


# The note box


def test_note_is_written_down_now_and_can_be_taken_back(client, contact):
    page = client.post(card(contact, "touches/"), {"text": "Готов к эфиру", "kind": "call", "at": ""}, follow=True)
    touch = Touch.objects.get()
    undo = [message.extra_tags for message in page.context["messages"]]
    client.post(undo[0])

    assert (touch.text, touch.kind, timezone.now() - touch.at < timedelta(minutes=1)) == ("Готов к эфиру", "call", True)
    assert Touch.objects.count() == 0


def test_call_of_yesterday_has_its_moment(client, contact):
    client.post(card(contact, "touches/"), {"text": "Звонок", "kind": "call", "at": "2026-01-05T09:14"})

    assert timezone.localtime(Touch.objects.get().at).isoformat() == "2026-01-05T09:14:00+05:00"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "", "kind": "call"}, "text"),
        ({"text": "x", "kind": "merge"}, "kind"),
        ({"text": "x", "kind": "call", "at": "вчера"}, "at"),
        ({"text": "x", "kind": "call", "at": "2999-01-01T00:00"}, "at"),
    ],
)
def test_what_cannot_be_written_down_comes_back_as_it_was_typed(client, contact, typed, field):
    page = client.post(card(contact, "touches/"), typed)

    assert (page.status_code, list(page.context["note_form"].errors), Touch.objects.count()) == (422, [field], 0)
    assert page.context["note_form"]["text"].value() == typed["text"]


def test_markup_in_a_note_is_text(client, contact):
    make_touch(contact, "<script>alert(1)</script>")

    assert "<script>alert" not in client.get(card(contact)).content.decode()


def test_author_corrects_a_note(client, contact, editor):
    touch = make_touch(contact, "как было", by=editor, days_ago=3)
    form = client.get(card(contact, f"touches/{touch.pk}/")).context["form"]
    client.post(card(contact, f"touches/{touch.pk}/"), {"text": "вернее", "kind": "meeting", "at": ""})
    saved = Touch.objects.get()

    assert (form["text"].value(), saved.text, saved.kind, saved.at) == ("как было", "вернее", "meeting", touch.at)


def test_note_of_somebody_else_stays_as_it_is(client, contact):
    touch = make_touch(contact, "чужое")
    answers = [
        client.get(card(contact, f"touches/{touch.pk}/")),
        client.post(card(contact, f"touches/{touch.pk}/"), {"text": "моё", "kind": "note"}),
        client.post(card(contact, f"touches/{touch.pk}/remove/")),
    ]

    assert ({answer.url for answer in answers}, Touch.objects.get().text) == ({card(contact)}, "чужое")


def test_head_takes_off_what_somebody_else_wrote_and_cannot_change_it(client_of, contact, editor):
    touch = make_touch(contact, "лишнее", by=editor)
    client = client_of(person(HEAD))
    page = client.get(card(contact, f"touches/{touch.pk}/"))
    client.post(card(contact, f"touches/{touch.pk}/"), {"text": "моё", "kind": "note"})
    kept = Touch.objects.get().text
    client.post(card(contact, f"touches/{touch.pk}/remove/"))

    assert ("лишнее" in page.content.decode(), kept, Touch.objects.count()) == (True, "лишнее", 0)


def test_note_is_found_on_its_own_contact_alone(client, contact, editor):
    touch = make_touch(make_contact("Другой"), by=editor)

    assert client.get(card(contact, f"touches/{touch.pk}/")).status_code == 404


# Reminders


def test_reminder_is_set_for_somebody(client, contact, editor):
    day = timezone.localdate() + timedelta(days=3)
    client.post(card(contact, "reminders/new/"), {"text": "Позвонить", "due_on": day, "assignee": editor.pk})
    page = client.get(card(contact))

    assert [(row.due_on, row.assignee, text) for row, text in page.context["reminders"]] == [(day, editor, "Позвонить")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " "}, "text"),
        ({"due_on": "завтра"}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"assignee": "0"}, "assignee"),
    ],
)
def test_reminder_that_cannot_be_set_comes_back_as_it_was_typed(client, contact, editor, changed, field):
    typed = {"text": "Позвонить", "due_on": timezone.localdate().isoformat(), "assignee": editor.pk} | changed
    page = client.post(card(contact, "reminders/new/"), typed)

    assert (page.status_code, list(page.context["form"].errors), FollowUp.objects.count()) == (422, [field], 0)
    assert page.context["form"]["due_on"].value() == typed["due_on"]


def test_nobody_is_reminded_of_whom_they_may_not_know(client_of, editor):
    banned = make_contact("Скрытая", organisation="Запрещённая")
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=person(HEAD))
    typed = {"text": "Позвонить", "due_on": timezone.localdate(), "assignee": editor.pk}
    page = client_of(person(HEAD)).post(card(banned, "reminders/new/"), typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["assignee"])


def test_reminder_that_is_late_keeps_its_day_when_its_words_change(client, contact, editor):
    reminder = make_reminder(contact, assignee=editor, in_days=-2)
    typed = {"text": "Написать", "due_on": reminder.due_on, "assignee": editor.pk}
    client.post(card(contact, f"reminders/{reminder.pk}/"), typed)

    assert (FollowUp.objects.get().text, FollowUp.objects.get().due_on) == ("Написать", reminder.due_on)


def test_reminder_is_done_and_not_done_after_all(client, contact, editor):
    reminder = make_reminder(contact, assignee=editor)
    page = client.post(card(contact, f"reminders/{reminder.pk}/done/"), follow=True)
    left = page.context["reminders"]
    client.post([message.extra_tags for message in page.context["messages"]][0])

    assert (left, FollowUp.objects.open().count()) == ([], 1)


@pytest.mark.parametrize(
    ("asked", "leads"), [("/", "/"), ("//evil.example/", None), ("https://evil.example/", None), ("", None)]
)
def test_done_leads_back_to_where_it_was_pressed_on_this_site(client, contact, editor, asked, leads):
    reminder = make_reminder(contact, assignee=editor)
    answer = client.post(card(contact, f"reminders/{reminder.pk}/done/"), {"next": asked})

    assert answer.url == (leads or card(contact))


# Messengers


def test_message_is_prepared_in_the_language_of_the_person(client, contact, phone):
    Contact.objects.filter(pk=contact.pk).update(languages="en ru")
    PersonName.objects.create(contact=contact, language="en", given_name="Ghayrat")
    page = client.get(card(contact, f"message/{phone.pk}/telegram/"))

    assert page.context["form"]["text"].value() == "Hello, Ghayrat!"
    assert 'href="tg://resolve?phone=992930001122&amp;text=Hello%2C%20Ghayrat%21"' in page.content.decode()


def test_message_that_was_written_is_in_the_story(client, contact, phone, editor):
    client.post(card(contact, f"message/{phone.pk}/whatsapp/"), {"text": "Салом!"})

    assert list(Touch.objects.values_list("kind", "messenger", "text", "by")) == [
        ("messenger", "whatsapp", "Салом!", editor.pk)
    ]


def test_empty_message_is_not_written_down(client, contact, phone):
    answer = client.post(card(contact, f"message/{phone.pk}/whatsapp/"), {"text": "  "})

    assert (answer.status_code, Touch.objects.count()) == (422, 0)


def test_messenger_without_a_link_gives_the_number_to_copy(client, contact, phone):
    page = client.get(card(contact, f"message/{phone.pk}/imo/")).content.decode()

    assert ('data-message-copy="+992930001122"' in page, "data-message-open" in page) == (True, False)


@pytest.mark.parametrize("rest", ["viber/", "signal/"])
def test_messenger_that_does_not_answer_there_has_no_page(client, contact, phone, rest):
    assert client.get(card(contact, f"message/{phone.pk}/{rest}")).status_code == 404


def test_retired_number_has_no_page(client, contact):
    phone = make_phone(contact, retired_on=date(2024, 3, 1))

    assert client.get(card(contact, f"message/{phone.pk}/telegram/")).status_code == 404


@pytest.mark.parametrize("rule", [{"scope": "everything"}, {"scope": "channel", "channel": "telegram"}])
def test_closed_messenger_is_not_offered_and_not_opened(client, contact, phone, rule):
    make_stop(contact, **rule)
    page = client.get(card(contact)).content.decode()
    address = card(contact, f"message/{phone.pk}/telegram/")
    answers = [client.get(address), client.post(address, {"text": "Салом!"})]

    assert (address in page, [answer.url for answer in answers], Touch.objects.count()) == (
        False,
        [card(contact)] * 2,
        0,
    )


def test_other_messengers_stay_open(client, contact, phone):
    make_stop(contact, "channel", channel="telegram")

    assert card(contact, f"message/{phone.pk}/whatsapp/") in client.get(card(contact)).content.decode()
