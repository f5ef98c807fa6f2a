"""The steps that a new event comes with: which ones, on which day, whatever kind of event it is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from events.models import Event, EventTask
from events.states import EventKind
from tests.events.test_pages import FORM
from tests.factories.accounts import make_user
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db
# The plan's "D0 07:30" is a day here, not an hour: steps of the time line have days alone.
STEPS = [
    ("save", -14), ("invite", -7), ("call", -4), ("remind", -2), ("details", -1), ("materials", 0), ("thanks", 1),
    ("coverage", 7),
]  # fmt: skip
KINDS = ["press_conf", "forum", "briefing", "training", "film_club", "debate", "marathon", "book"]


def days_of(event) -> list[tuple[str, int]]:
    return [(task.kind, (task.due_on - date(2027, 6, 20)).days) for task in event.tasks.all()]


def test_kinds_are_the_eight_of_the_plan():
    assert [kind.value for kind in EventKind] == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_new_event_of_each_kind_has_these_steps_on_these_days(client_of, kind):
    client_of(make_user("editor")).post("/events/new/", FORM | {"kind": kind})
    event = Event.objects.get()

    assert (event.kind, days_of(event)) == (kind, STEPS)


def test_no_step_is_done_when_the_event_is_made():
    event = make_event()

    assert set(event.tasks.values_list("done_at", "done_by", "words")) == {(None, None, "")}


def test_days_are_counted_from_the_day_in_dushanbe():
    """At two in the morning there it is still the day before in London."""
    event = make_event(starts_at=datetime(2027, 6, 20, 2, tzinfo=ZoneInfo("Asia/Dushanbe")))

    assert days_of(event) == STEPS


def test_days_are_counted_from_the_first_day_of_several():
    starts_at = datetime(2027, 6, 20, 10, tzinfo=ZoneInfo("Asia/Dushanbe"))
    event = make_event(starts_at=starts_at, ends_at=starts_at.replace(day=23))

    assert days_of(event) == STEPS


def test_page_names_the_steps_in_their_order(client_of):
    event = make_event(starts_at=datetime(2027, 6, 20, 11, tzinfo=ZoneInfo("Asia/Dushanbe")))
    page = client_of(make_user("viewer")).get(f"/events/{event.pk}/")
    shown = page.content.decode()
    words = [
        "Анонс даты", "Приглашения", "Обзвонить самых важных", "Напомнить тем, кто молчит",
        "Подробности тем, кто придёт", "Материалы", "Благодарность", "Собрать публикации",
    ]  # fmt: skip

    assert [str(task) for task in page.context["tasks"]] == words
    assert [word for word in words if f"<span>{word} <span" not in shown] == []


def test_step_of_our_own_stands_between_them_on_its_day(client_of):
    event = make_event(starts_at=datetime(2027, 6, 20, 11, tzinfo=ZoneInfo("Asia/Dushanbe")))
    client_of(make_user("editor")).post(
        f"/events/{event.pk}/tasks/new/", {"words": "Заказать воду", "due_on": "2027-06-17"}
    )

    assert days_of(event) == [*STEPS[:3], ("other", -3), *STEPS[3:]]
    assert str(EventTask.objects.get(kind="other")) == "Заказать воду"
