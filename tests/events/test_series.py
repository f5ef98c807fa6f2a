"""Events that belong together: one series by its name, named in the list, and who came how often."""

import pytest

from events.actions.door import mark
from events.actions.guests import add_guests
from events.models import Event, Series
from tests.events.test_pages import FORM, form_of
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_held_today
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db
NAME = "Марафон «Ҳуқуқ ва ҷомеа»"


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def test_events_under_one_name_are_one_series(editor):
    for title in ("Первый день", "Второй день"):
        editor.post("/events/new/", FORM | {"title": title, "kind": "marathon", "series_name": NAME})
    editor.post("/events/new/", FORM | {"title": "Отдельно"})

    assert list(Series.objects.values_list("name", flat=True)) == [NAME]
    assert sorted(Series.objects.get().events.values_list("title", flat=True)) == ["Второй день", "Первый день"]


def test_list_names_the_series_at_each_of_its_events(editor):
    series = Series.objects.create(name=NAME)
    for day in (2, 3):
        make_event(title=f"День {day}", in_days=day, series=series)
    make_event(title="Отдельно", in_days=4)
    page = editor.get("/events/")

    assert [(event.title, event.series and event.series.name) for event in page.context["object_list"]] == [
        ("День 2", NAME),
        ("День 3", NAME),
        ("Отдельно", None),
    ]
    assert page.content.decode().count(NAME) == 2


def test_form_offers_the_series_that_there_are(editor):
    Series.objects.create(name=NAME)

    assert f'<option value="{NAME}"></option>' in editor.get("/events/new/").content.decode()


def test_event_leaves_its_series_and_the_others_stay(editor):
    series = Series.objects.create(name=NAME)
    first, second = (make_event(title=f"День {day}", series=series) for day in (1, 2))
    editor.post(f"/events/{first.pk}/edit/", form_of(first, series_name=""))

    assert [Event.objects.get(pk=one.pk).series for one in (first, second)] == [None, series]


def test_marathon_counts_to_how_many_of_its_trainings_each_person_came(client_of):
    series = Series.objects.create(name=NAME)
    days = [make_held_today(title=f"День {day}", kind="marathon", series=series) for day in (1, 2, 3)]
    often, once, never = (make_reader(f"{name}@navid.test", name=name) for name in ("often", "once", "never"))
    for event, came in zip(days, ({often, once}, {often}, {often}), strict=True):
        add_guests(event, [often, once, never], by=person(HEAD))
        event.invitations.update(rsvp="accepted")
        for guest in event.invitations.select_related("contact"):
            if guest.contact in came:
                mark(event, guest, by=person(HEAD))
    rows = client_of(make_user("viewer")).get("/events/trainings/").context["rows"]

    assert [(contact.name, contact.times, sorted(row.event.title for row in rows)) for contact, rows in rows] == [
        ("often", 3, ["День 1", "День 2", "День 3"]),
        ("once", 1, ["День 1"]),
    ]


def test_one_series_is_counted_alone(client_of):
    series, contact = Series.objects.create(name=NAME), make_reader("often@navid.test", name="often")
    for title, within in (("День 1", series), ("День 2", series), ("Отдельно", None)):
        event = make_held_today(title=title, kind="marathon", series=within)
        add_guests(event, [contact], by=person(HEAD))
        event.invitations.update(rsvp="accepted")
        mark(event, event.invitations.get(), by=person(HEAD))
    page = client_of(make_user("viewer")).get("/events/trainings/", {"series": series.pk})

    assert [(one.name, one.times) for one, _rows in page.context["rows"]] == [("often", 2)]
    assert f"<h1>{NAME}</h1>" in page.content.decode()


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30])
def test_series_that_is_not_there_shows_all(client_of, asked):
    assert client_of(make_user("viewer")).get("/events/trainings/", {"series": asked}).context["series"] is None
