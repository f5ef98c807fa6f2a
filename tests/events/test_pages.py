"""The pages of staff: lists, the page of an event, guests, calls; who opens them, and how many queries they cost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.roles import Right, holders
from audit.models import Entry
from core.sealing import unseal
from crm.actions.organisations import restrict
from events.actions.answers import Word, answer
from events.actions.guests import add_guests, withdraw
from events.models import Call, Event, EventTask, Invitation
from events.states import Rsvp
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, in_the_morning, make_event, make_guest, make_venue
from tests.factories.mailings import person
from tests.factories.segments import make_list

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Брифинг",
    "kind": "briefing",
    "mode": "in_person",
    "starts_at": "2027-06-20T11:00",
    "ends_at": "2027-06-20T12:00",
    "venue_name": "Зал «Кайхон»",
    "spoken": ["tg", "ru"],
    "has_waiting_list": "on",
}


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


@pytest.fixture
def viewer(client_of):
    return client_of(make_user("viewer"))


def form_of(event, **changed) -> dict:
    local = timezone.localtime
    typed = FORM | {
        "title": event.title,
        "kind": event.kind,
        "starts_at": f"{local(event.starts_at):%Y-%m-%dT%H:%M}",
        "ends_at": f"{local(event.ends_at):%Y-%m-%dT%H:%M}",
        "venue_name": event.venue.name if event.venue else "",
        "spoken": event.language_codes,
    }
    return typed | changed


# Making and changing


def test_an_event_is_made_with_its_time_line_and_quotas(editor):
    answered = editor.post("/events/new/", FORM)
    event = Event.objects.get()
    days = dict(event.tasks.values_list("kind", "due_on"))

    assert answered["Location"] == f"/events/{event.pk}/"
    assert (event.venue.name, event.languages, event.status) == ("Зал «Кайхон»", "tg ru", "draft")
    assert [
        (days[kind] - event.starts_at.date()).days for kind in ("save", "invite", "call", "thanks", "coverage")
    ] == [
        -14,
        -7,
        -4,
        1,
        7,
    ]
    assert dict(event.quotas.values_list("kind", "people")) == {"newspaper": 1, "agency": 2, "tv": 3}


def test_places_of_the_venue_are_the_places_of_the_event(editor):
    make_venue(capacity=80)
    editor.post("/events/new/", FORM)

    assert Event.objects.get().capacity == 80


@pytest.mark.parametrize(("typed", "places"), [({}, 20), ({"capacity": "60"}, 60)])
def test_a_smaller_venue_has_its_own_number_of_places_unless_another_is_typed(editor, typed, places):
    large, small = make_venue(name="Большой зал", capacity=100), make_venue(name="Малый зал", capacity=20)
    event = make_event(venue=large, capacity=large.capacity)
    editor.post(f"/events/{event.pk}/edit/", form_of(event, venue_name=small.name, tell="no", **typed))

    assert Event.objects.get(pk=event.pk).capacity == places


def test_an_event_that_ends_before_it_begins_is_refused_and_kept_as_typed(editor):
    answered = editor.post("/events/new/", FORM | {"ends_at": "2027-06-20T10:00"})

    assert (answered.status_code, Event.objects.count()) == (422, 0)
    assert "2027-06-20T10:00" in answered.content.decode()


def test_before_many_are_told_the_page_says_who(editor):
    event = make_event()
    make_guest(event)
    later = f"{timezone.localtime(event.starts_at + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    ends = f"{timezone.localtime(event.ends_at + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    typed = form_of(event, starts_at=later, ends_at=ends)
    asked = editor.post(f"/events/{event.pk}/edit/", typed)
    unchanged = Event.objects.get(pk=event.pk).starts_at

    assert (asked.status_code, unchanged) == (200, event.starts_at)
    assert 'name="tell" value="yes"' in asked.content.decode()


@pytest.mark.parametrize(
    ("tell", "letters", "answered"), [("yes", 2, ("invited", True, 0)), ("no", 0, ("accepted", False, 1))]
)
def test_a_moved_event_asks_those_again_who_said_yes_where_they_are_told(editor, tell, letters, answered):
    event = make_event()
    coming, silent = make_guest(event, "Придёт"), make_guest(event, "Молчит")
    answer(coming, Rsvp.ACCEPTED, Word("ical"))
    coming.letters.all().delete()
    later = {
        name: f"{timezone.localtime(getattr(event, name) + timedelta(days=1)):%Y-%m-%dT%H:%M}"
        for name in ("starts_at", "ends_at")
    }
    editor.post(f"/events/{event.pk}/edit/", form_of(event, **later, tell=tell))
    coming.refresh_from_db()
    silent.refresh_from_db()

    assert (coming.rsvp, coming.must_reconfirm, Event.objects.get(pk=event.pk).seats_taken) == answered
    assert (coming.sequence, silent.sequence, coming.letters.count() + silent.letters.count()) == (1, 1, letters)


def test_another_room_keeps_the_yes_and_tells(editor):
    event = make_event(venue=make_venue())
    coming, gone = make_guest(event, "Придёт"), make_guest(event, "Не придёт")
    answer(coming, Rsvp.ACCEPTED, Word("web"))
    answer(gone, Rsvp.DECLINED, Word("web"))
    editor.post(f"/events/{event.pk}/edit/", form_of(event, room="2 этаж", tell="yes"))
    coming.refresh_from_db()

    assert (coming.rsvp, coming.sequence) == ("accepted", 1)
    assert list(coming.letters.values_list("kind", "calendar")) == [("moved", "accepted")]
    assert gone.letters.count() == 0


def test_a_word_in_the_title_tells_nobody(editor):
    event = make_event()
    guest = make_guest(event)
    editor.post(f"/events/{event.pk}/edit/", form_of(event, title="Другое название"))
    guest.refresh_from_db()

    assert (Event.objects.get(pk=event.pk).title, guest.sequence, guest.letters.count()) == ("Другое название", 0, 0)


def test_steps_still_to_be_done_move_with_the_day(editor):
    event = make_event(is_open=False)
    before = dict(EventTask.objects.values_list("kind", "due_on"))
    later = {
        name: f"{timezone.localtime(getattr(event, name) + timedelta(days=3)):%Y-%m-%dT%H:%M}"
        for name in ("starts_at", "ends_at")
    }
    editor.post(f"/events/{event.pk}/edit/", form_of(event, **later))

    assert dict(EventTask.objects.values_list("kind", "due_on")) == {
        kind: day + timedelta(days=3) for kind, day in before.items()
    }


def test_cancelling_asks_for_the_number_of_those_who_are_told(editor):
    event = make_event()
    guest = make_guest(event)
    refused = editor.post(f"/events/{event.pk}/cancel/", {"typed": "7"})
    untouched = Event.objects.get(pk=event.pk).status
    editor.post(f"/events/{event.pk}/cancel/", {"typed": "1"})

    assert (refused.status_code, untouched) == (422, "open")
    assert (Event.objects.get(pk=event.pk).status, guest.letters.get().kind) == ("cancelled", "cancelled")


def test_programme_is_typed_line_by_line(editor):
    event = make_event(is_open=False)
    text = "11:00 Открытие\n11.30 Вопросы"
    editor.post(
        f"/events/{event.pk}/programme/", {"programme": text, "speakers": "Манижа, центр «Паноҳ»", "quota_tv": "2"}
    )
    parts = [(timezone.localtime(part.starts_at).strftime("%H:%M"), part.title) for part in event.programme.all()]

    assert parts == [("11:00", "Открытие"), ("11:30", "Вопросы")]
    assert [(one.name, one.about) for one in event.speakers.all()] == [("Манижа", "центр «Паноҳ»")]
    assert dict(event.quotas.values_list("kind", "people")) == {"tv": 2}


def test_programme_goes_on_after_new_year(editor):
    event = make_event(is_open=False, starts_at=datetime(2027, 12, 30, 6, tzinfo=UTC))
    editor.post(f"/events/{event.pk}/programme/", {"programme": "11:00 Открытие\n02.01 10:00 Итоги", "speakers": ""})

    assert [f"{timezone.localtime(part.starts_at):%d.%m.%Y}" for part in event.programme.all()] == [
        "30.12.2027",
        "02.01.2028",
    ]


@pytest.mark.parametrize("line", ["Открытие", "25:00 Открытие", "11:00", "99.99 11:00 Открытие"])
def test_a_line_without_an_hour_is_refused(editor, line):
    event = make_event(is_open=False)
    answered = editor.post(f"/events/{event.pk}/programme/", {"programme": line, "speakers": ""})

    assert (answered.status_code, event.programme.count()) == (422, 0)


def test_a_step_is_done_and_not_done_after_all(editor):
    event = make_event()
    task = event.tasks.first()
    editor.post(f"/events/{event.pk}/tasks/{task.pk}/")
    done = EventTask.objects.get(pk=task.pk).done_at is not None
    editor.post(f"/events/{event.pk}/tasks/{task.pk}/", {"reopen": "1"})

    assert (done, EventTask.objects.get(pk=task.pk).done_at) == (True, None)


# Looking


def test_the_list_begins_with_what_comes_next(viewer):
    make_event(title="Прошло", starts_at=in_the_morning(-3))
    make_event(title="Потом", in_days=9)
    make_event(title="Скоро", in_days=2)
    titles = [event.title for event in viewer.get("/events/").context["object_list"]]
    past = [event.title for event in viewer.get("/events/?when=past").context["object_list"]]

    assert (titles, past) == (["Скоро", "Потом"], ["Прошло"])


def test_the_list_finds_by_title_in_either_case(viewer):
    make_event(title="Киноклуб")
    make_event(title="Дебаты")

    assert [event.title for event in viewer.get("/events/?q=киноклуб").context["object_list"]] == ["Киноклуб"]


def test_an_event_of_several_days_stands_on_each_of_them(viewer):
    starts = timezone.localtime().replace(year=2027, month=6, day=10, hour=10, minute=0)
    make_event(title="Форум", starts_at=starts, ends_at=starts + timedelta(days=2))
    weeks = viewer.get("/events/month/?m=2027-06").context["weeks"]
    days = [day.day for week in weeks for day, events, _inside in week if events]

    assert days == [10, 11, 12]


@pytest.mark.parametrize("address", ["/events/month/?m=junk", "/events/month/?m=9999-12", "/events/day/?d=0001-01-01"])
def test_a_day_that_is_none_shows_another(viewer, address):
    assert viewer.get(address).status_code == 200


def test_a_day_shows_its_events_alone(viewer):
    event = make_event(title="Брифинг", in_days=3)
    make_event(title="Завтрашнее", in_days=4)
    answered = viewer.get(f"/events/day/?d={timezone.localdate(event.starts_at).isoformat()}")

    assert [one.title for one in answered.context["events"]] == ["Брифинг"]


def test_guests_are_found_in_any_script(viewer):
    event = make_event()
    for name in ("Ҷамшед Холов", "Манижа Чашмаӣ"):
        make_guest(event, name)
    rows = viewer.get(f"/events/{event.pk}/?q=Джамшед").context["rows"]

    assert [guest.name for guest in rows] == ["Ҷамшед Холов"]


def test_a_tab_shows_its_answers(viewer):
    event = make_event()
    coming = make_guest(event, "Придёт")
    make_guest(event, "Молчит")
    answer(coming, Rsvp.ACCEPTED, Word("web"))
    page = viewer.get(f"/events/{event.pk}/?group=come").context

    assert ([guest.name for guest in page["rows"]], [(tab.name, tab.count) for tab in page["tabs"]]) == (
        ["Придёт"],
        [("come", 1), ("silent", 1)],
    )


def test_a_guest_whose_card_is_hidden_is_hidden(viewer):
    event = make_event()
    make_guest(event, "Открытая")
    hidden = make_guest(event, "Внутренняя", sensitivity="internal")
    page = viewer.get(f"/events/{event.pk}/")

    assert "Внутренняя" not in page.content.decode()
    assert viewer.get(f"/events/guests/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("guests", [1, 3])
def test_the_page_of_an_event_costs_the_same_for_many(viewer, guests, django_assert_num_queries):
    event = make_event(capacity=1, camera_places=1)
    for number in range(guests + 1):
        answer(make_guest(event, f"Гость {number}"), Rsvp.ACCEPTED, Word("web"))
    viewer.get(f"/events/{event.pk}/")

    with django_assert_num_queries(17):
        viewer.get(f"/events/{event.pk}/")


@pytest.mark.parametrize("events", [1, 3])
def test_the_list_costs_the_same_for_many(viewer, events, django_assert_num_queries):
    for _number in range(events):
        make_event(venue=None)
    viewer.get("/events/")

    with django_assert_num_queries(5):
        viewer.get("/events/")


# Guests


def test_an_event_that_ends_at_midnight_is_one_of_one_day():
    begins = datetime(2027, 6, 20, 13, tzinfo=UTC)  # six in the evening there
    event = make_event(starts_at=begins, ends_at=begins + timedelta(hours=6))
    next_day = date(2027, 6, 21)

    assert (event.is_several_days, list(Event.objects.between(next_day, next_day))) == (False, [])


def test_who_was_withdrawn_by_mistake_is_put_on_the_list_again(editor):
    guest = make_guest(make_event())
    withdraw(guest, note="по ошибке", by=person(HEAD))
    former = Invitation.objects.get(pk=guest.pk).link
    added = add_guests(guest.event, [guest.contact], by=person(HEAD))
    guest.refresh_from_db()

    assert (added, guest.rsvp, guest.invited_at, guest.link == former) == (1, "draft", None, True)


def test_people_of_a_segment_come_onto_the_list_without_a_letter(editor):
    event = make_event()
    people = make_list("Пресса", make_contact("Первая"), make_contact("Вторая"))
    editor.post(f"/events/{event.pk}/guests/add/", {"segment": people.pk})

    assert list(event.invitations.values_list("name", "rsvp")) == [("Вторая", "draft"), ("Первая", "draft")]


def test_who_is_hidden_cannot_be_put_on_the_list(client_of):
    event, other = make_event(), make_contact("Открытая")
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=person(HEAD))
    hidden = make_contact("Скрытая", organisation="Запрещённая")
    editor = client_of(make_user("editor"))
    answers = [editor.post(f"/events/{event.pk}/guests/pick/", {"contact": one.pk}) for one in (hidden, other)]

    assert [answer.status_code for answer in answers] == [404, 302]
    assert list(event.invitations.values_list("name", flat=True)) == ["Открытая"]


def test_staff_note_what_was_said_on_the_telephone(editor):
    guest = make_guest(make_event())
    editor.post(
        f"/events/guests/{guest.pk}/answer/",
        {"answer": "accepted", "source": "phone", "people": "2", "text": "с оператором"},
    )
    guest.refresh_from_db()

    assert (guest.rsvp, guest.people, guest.text, guest.log.first().source) == ("accepted", 2, "с оператором", "phone")


def test_an_answer_to_a_guest_who_was_not_written_to_invites_them(editor):
    guest = make_guest(make_event(), invited=False)
    editor.post(f"/events/guests/{guest.pk}/answer/", {"answer": "declined", "source": "telegram", "people": "1"})

    assert [entry.after for entry in guest.log.order_by("pk")] == ["invited", "declined"]


def test_what_is_refused_keeps_what_was_typed(editor):
    event = make_event(capacity=1, has_waiting_list=False)
    guest = make_guest(event)
    answered = editor.post(
        f"/events/guests/{guest.pk}/answer/",
        {"answer": "accepted", "source": "phone", "people": "5", "text": "впятером"},
    )
    guest.refresh_from_db()

    assert (answered.status_code, guest.rsvp) == (422, "invited")
    assert "впятером" in answered.content.decode()


def test_what_a_sealed_guest_wrote_is_not_shown_and_stays(editor):
    guest = make_guest(make_event(), "Закрытая", sensitivity="sealed")
    guest.keep("приду с братом")
    guest.save()
    page = editor.get(f"/events/guests/{guest.pk}/").content.decode()
    editor.post(
        f"/events/guests/{guest.pk}/answer/", {"answer": "accepted", "source": "phone", "people": "1", "text": ""}
    )
    guest.refresh_from_db()

    assert "брат" not in page
    assert unseal(guest.sealed_text) == "приду с братом"


@pytest.mark.parametrize(
    "path",
    ["answer", "withdraw", "take-off", "wait", "place", "first", "colleague", "accredit", "presence", "claim", "call"],
)
def test_who_only_looks_changes_no_guest(viewer, path):
    guest = make_guest(make_event())
    answered = viewer.post(f"/events/guests/{guest.pk}/{path}/", {"answer": "accepted", "outcome": "comes"})
    guest.refresh_from_db()

    assert (answered.status_code, guest.rsvp) == (403, "invited")


@pytest.mark.parametrize("role", ["administrator", "member", "door"])
def test_who_has_nothing_to_do_with_events_opens_none(client_of, role):
    event = make_event()

    assert client_of(make_user(role)).get(f"/events/{event.pk}/").status_code == 403


def test_rights_are_those_of_the_table():
    assert [str(role) for role in holders(Right.EVENTS_EDIT)] == ["head", "editor"]
    assert [str(role) for role in holders(Right.EVENTS_VIEW)] == ["head", "editor", "viewer"]


# Calls


def test_one_number_is_called_by_one_person(client_of):
    guest = make_guest(make_event(), phones=["+992930001122"])
    first, second = make_user("editor"), make_user("head")
    client_of(first).post(f"/events/guests/{guest.pk}/claim/")
    client_of(second).post(f"/events/guests/{guest.pk}/claim/")
    client_of(second).post(f"/events/guests/{guest.pk}/call/", {"outcome": "comes"})
    guest.refresh_from_db()

    assert (guest.caller, guest.rsvp, Call.objects.count()) == (first, "invited", 0)


def test_a_number_of_two_guests_is_called_by_one_person(client_of):
    event = make_event()
    one, another = (make_guest(event, name, phones=["+992930001122"]) for name in ("Первая", "Вторая"))
    first, second = make_user("editor"), make_user("head")
    client_of(first).post(f"/events/guests/{one.pk}/claim/")
    client_of(second).post(f"/events/guests/{another.pk}/claim/")
    client_of(first).post(f"/events/guests/{another.pk}/claim/")
    another.refresh_from_db()

    assert another.caller == first


def test_an_answer_by_telephone_after_the_deadline_says_why_on_the_sheet(editor):
    event = make_event(answer_by=timezone.now() - timedelta(hours=1))
    guest = make_guest(event)
    editor.post(f"/events/guests/{guest.pk}/claim/")
    page = editor.get(f"/events/{event.pk}/calls/").content.decode()
    editor.post(f"/events/guests/{guest.pk}/call/", {"outcome": "comes", "note": "не видела письма"})
    guest.refresh_from_db()

    assert ('name="note"' in page, guest.rsvp, guest.log.first().note) == (True, "accepted", "не видела письма")


def test_a_call_that_was_forgotten_is_free_again(client_of):
    guest = make_guest(make_event())
    first, second = make_user("editor"), make_user("head")
    client_of(first).post(f"/events/guests/{guest.pk}/claim/")
    Invitation.objects.update(called_until=timezone.now() - timedelta(seconds=1))
    client_of(second).post(f"/events/guests/{guest.pk}/claim/")
    guest.refresh_from_db()

    assert guest.caller == second


@pytest.mark.parametrize(
    ("outcome", "answered"), [("comes", "accepted"), ("not", "declined"), ("later", "invited"), ("missed", "invited")]
)
def test_a_call_ends_in_one_of_four_ways(editor, outcome, answered):
    guest = make_guest(make_event())
    editor.post(f"/events/guests/{guest.pk}/claim/")
    editor.post(f"/events/guests/{guest.pk}/call/", {"outcome": outcome})
    guest.refresh_from_db()

    assert (guest.rsvp, guest.caller, Call.objects.get().outcome) == (answered, None, outcome)


def test_the_sheet_shows_numbers_but_those_of_sealed_contacts(client_of):
    event = make_event()
    make_guest(event, "Открытая", phones=["+992930001122"])
    make_guest(event, "Закрытая", phones=["+992930003344"], sensitivity="sealed")
    page = client_of(make_user("head")).get(f"/events/{event.pk}/calls/").content.decode()

    assert ("+992930001122" in page, "930003344" in page.replace(" ", "").replace("\u00a0", "")) == (True, False)


def test_who_answered_is_called_no_more(editor):
    event = make_event()
    answer(make_guest(event, "Придёт"), Rsvp.ACCEPTED, Word("web"))
    make_guest(event, "Молчит")
    rows = editor.get(f"/events/{event.pk}/calls/").context["rows"]

    assert [guest.name for guest, _taken in rows] == ["Молчит"]


def test_a_sheet_on_paper_is_in_the_journal(editor):
    event = make_event()
    make_guest(event, phones=["+992930001122"])
    editor.post(f"/events/{event.pk}/calls/print/")

    assert Entry.objects.get(action="events.calls.printed").details == {"rows": 1}
