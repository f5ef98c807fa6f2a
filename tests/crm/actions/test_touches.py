"""Touches and reminders: who may write, correct, take back and finish them, and what the journal keeps."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Entry
from crm.actions.touches import add_touch, change_reminder, change_touch, finish, remind, remove_touch
from crm.models import FollowUp, Touch
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.touches import make_reminder, make_touch

pytestmark = pytest.mark.django_db

SECRET = "встретимся у фонтана"


@pytest.fixture
def contact():
    return make_contact("Ғайрат Субҳӣ")


@pytest.fixture
def sealed():
    return make_contact("Марзия", sensitivity="sealed")


@pytest.fixture
def editor():
    return make_staff("editor")


def later(touch, days):
    """The touch as it would be found so many days after it was written down."""
    Touch.objects.filter(pk=touch.pk).update(made_at=touch.made_at - timedelta(days=days))
    return Touch.objects.select_related("contact").get(pk=touch.pk)


def test_touch_is_kept_with_its_author(contact, editor):
    make_touch(contact, "Договорились", by=editor)

    assert list(Touch.objects.values_list("kind", "text", "by__name")) == [("call", "Договорились", editor.name)]


def test_words_about_a_sealed_contact_are_sealed(sealed, editor, head):
    make_touch(sealed, SECRET, by=head)
    make_reminder(sealed, assignee=head, text=SECRET)

    assert [(row.text, row.reveal()) for row in (Touch.objects.get(), FollowUp.objects.get())] == [("", SECRET)] * 2


def test_contact_that_is_sealed_later_has_its_words_sealed(contact, head):
    make_touch(contact, SECRET)
    change(contact, sensitivity="sealed", by=head)

    assert (Touch.objects.get().text, Touch.objects.get().reveal()) == ("", SECRET)


def test_journal_keeps_that_something_was_written_and_no_word_of_it(contact, editor, head):
    touch = make_touch(contact, SECRET, by=editor)
    change_touch(touch, kind="note", text=f"{SECRET}!", at=touch.at, by=editor)
    remove_touch(touch, by=editor)
    reminder = make_reminder(contact, assignee=editor, text=SECRET)
    change_reminder(reminder, text=f"{SECRET}!", due_on=reminder.due_on, assignee=head, by=editor)
    finish(reminder, is_done=True, by=editor)
    finish(reminder, is_done=False, by=editor)
    entries = Entry.objects.filter(subject_type="crm.contact", subject_id=contact.pk).exclude(
        action="crm.contact.added"
    )

    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "crm.touch.added",
        "crm.touch.changed",
        "crm.touch.removed",
        "crm.reminder.added",
        "crm.reminder.changed",
        "crm.reminder.done",
        "crm.reminder.reopened",
    ]
    assert [entry for entry in entries if SECRET in f"{entry.changes} {entry.details}"] == []
    assert entries.get(action="crm.touch.changed").changes == {"kind_of_touch": ["call", "note"]}
    assert entries.get(action="crm.reminder.changed").changes == {"assignee": [editor.name, head.name]}


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
def test_who_does_not_edit_writes_nothing(contact, role):
    user = make_staff(role)
    with pytest.raises(PermissionDenied):
        add_touch(contact, kind="note", text="x", at=timezone.now(), by=user)
    with pytest.raises(PermissionDenied):
        remind(contact, text="x", due_on=timezone.localdate(), assignee=user, by=user)

    assert (Touch.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_editor_writes_nothing_about_a_sealed_contact(sealed, editor):
    with pytest.raises(PermissionDenied):
        add_touch(sealed, kind="note", text="x", at=timezone.now(), by=editor)

    assert Touch.objects.count() == 0


def test_touch_is_corrected_by_its_author_alone(contact, editor, head):
    touch = make_touch(contact, "как было", by=editor)
    with pytest.raises(PermissionDenied):
        change_touch(touch, kind="note", text="иначе", at=touch.at, by=head)
    change_touch(touch, kind="note", text="вернее", at=touch.at, by=editor)

    assert (Touch.objects.get().kind, Touch.objects.get().text) == ("note", "вернее")


@pytest.mark.parametrize(
    ("who", "days", "may"),
    [
        ("author", 0, True),
        ("author", 2, False),
        ("head", 0, True),
        ("head", 2, True),
        ("another", 0, False),
    ],
)
def test_touch_is_taken_back_by_its_author_within_a_day_and_by_the_head(contact, editor, head, who, days, may):
    another = person("another@payom.test")
    touch = later(make_touch(contact, by=editor), days)
    with suppress(PermissionDenied):
        remove_touch(touch, by={"author": editor, "head": head, "another": another}[who])

    assert Touch.objects.exists() is not may


def test_call_of_last_week_that_was_written_down_now_can_be_taken_back(contact, editor):
    remove_touch(make_touch(contact, by=editor, days_ago=7), by=editor)

    assert Touch.objects.count() == 0


def test_change_of_post_follows_from_what_was_done_and_stays(contact, head):
    touch = Touch.objects.create(contact=contact, kind="move", by=head)
    with pytest.raises(PermissionDenied):
        remove_touch(touch, by=head)

    assert Touch.objects.count() == 1


def test_reminder_is_done_by_whom_it_reminds_though_the_contact_is_sealed(sealed, editor):
    reminder = make_reminder(sealed, assignee=editor)
    finish(reminder, is_done=True, by=editor)

    assert FollowUp.objects.open().count() == 0


def test_reminder_is_not_done_by_who_may_not_change_the_contact(sealed, editor, head):
    reminder = make_reminder(sealed, assignee=head)
    with pytest.raises(PermissionDenied):
        finish(reminder, is_done=True, by=editor)

    assert FollowUp.objects.open().count() == 1


def test_done_twice_is_written_down_once(contact, editor):
    reminder = make_reminder(contact, assignee=editor)
    for _time in range(2):
        finish(FollowUp.objects.select_related("contact").get(pk=reminder.pk), is_done=True, by=editor)

    assert Entry.objects.filter(action="crm.reminder.done").count() == 1
