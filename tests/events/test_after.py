"""After an event: figures that stay, names that go, letters to those who came and to those who did not."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from audit.models import Entry
from crm.actions.erasure import erase
from crm.models import Contact
from events.actions.after import count, freeze, freeze_forgotten, hide_small, purge_names
from events.actions.door import Said, mark, take, take_back
from events.actions.guests import add_guests, set_presence
from events.actions.planning import set_held
from events.models import DoorMark, Event, EventMailing, Figures, Invitation, InvitationEvent
from events.states import WrongState
from mailings.models import Mailing
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest, make_held_today
from tests.factories.mailings import make_reader, person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def guest_of(event, name, *, rsvp="accepted", came=False, **fields):
    guest = make_guest(event, name)
    Invitation.objects.filter(pk=guest.pk).update(rsvp=rsvp, **fields)
    if came:
        mark(event, guest, by=person(HEAD))
    guest.refresh_from_db()
    return guest


def say(event, kind, **fields):
    take(event, [Said(kind, timezone.now(), uuid4(), **fields)], by=person(HEAD))


def held(event):
    set_held(event, by=person(HEAD))
    return event


@pytest.fixture
def event():
    """Six of a newspaper and two of a radio came, one did not, one said no and wants the text."""
    event = make_held_today(title="Пресс-конференция")
    paper, radio = make_organisation("Газета", kind="newspaper"), make_organisation("Радио", kind="radio")
    for number in range(6):
        guest_of(event, f"Газета {number}", came=True, outlet=paper, outlet_name="Газета")
    for number in range(2):
        guest_of(event, f"Радио {number}", came=True, outlet=radio, outlet_name="Радио")
    guest_of(event, "Не пришла")
    guest_of(event, "Отказалась", rsvp="declined", wants_materials=True)
    return event


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


# Figures


def test_freezing_counts_who_came_and_says_who_did_not(event):
    say(event, "walk_in", name="Без приглашения")
    say(event, "counted")
    figures = freeze(held(event), by=person(HEAD))
    missed = event.invitations.get(name="Не пришла")

    assert {name: figures.data[name] for name in ("answers", "came", "of_accepted", "walk_ins")} == {
        "answers": {"accepted": 9, "declined": 1}, "came": 10, "of_accepted": 8, "walk_ins": 1,
    }  # fmt: skip
    assert (missed.attendance, missed.log.first().after) == ("absent", "absent")


def test_few_people_are_told_by_no_cell(event):
    assert freeze(held(event), by=person(HEAD)).data["by_kind"] == {"newspaper": None, "radio": None}


def test_a_cell_that_is_hidden_alone_hides_the_smallest_other():
    assert hide_small({"a": 3, "b": 9, "c": 6, "d": 0}) == {"a": None, "b": 9, "c": None}
    assert hide_small({"a": 1, "b": 1, "c": 6, "d": 9}) == {"a": None, "b": None, "c": None, "d": 9}
    assert hide_small({"a": 3}) == {}
    assert hide_small({"a": 3, "b": 4, "c": 6}) == {"a": None, "b": None, "c": 6}
    assert hide_small({"a": 5, "b": 9}) == {"a": 5, "b": 9}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=6))
def test_no_hidden_cell_follows_from_the_sum_of_the_others(cells):
    shown = hide_small(cells)
    hidden = [cells[name] for name, number in shown.items() if number is None]

    assert all(number is None or number >= 5 for number in shown.values())
    assert hidden == [] or len(hidden) > 1 and (sum(hidden) >= 5 or len(hidden) == len(shown))


def test_women_and_men_regions_and_first_timers_are_counted_where_there_are_many(event):
    earlier = make_event(title="Прошлая", starts_at=timezone.now() - timedelta(days=40))
    for number in range(12):
        guest = guest_of(event, f"Ещё {number}", came=True)
        region = "sughd" if number < 6 else "khatlon"
        Contact.objects.filter(pk=guest.contact_id).update(gender="f" if number < 6 else "m", region=region)
        if number < 7:
            add_guests(earlier, [guest.contact], by=person(HEAD))
    earlier.invitations.update(rsvp="declined")
    for _time in range(5):
        say(event, "counted")
    data = freeze(held(event), by=person(HEAD)).data

    assert data["came"] == 25
    assert data["by_gender"] == {"f": 6, "m": 6, "": 13}
    assert data["by_region"] == {"sughd": 6, "khatlon": 6, "": 13}
    assert data["by_times"] == {"before": 7, "first": 13, "": 5}


def test_of_few_people_no_trait_is_told(editor):
    event = make_held_today()
    for number in range(3):
        guest_of(event, f"Гость {number}", came=True)
    data = freeze(held(event), by=person(HEAD)).data

    assert [data[name] for name in ("by_kind", "by_gender", "by_region", "by_times")] == [{}, {}, {}, {}]
    assert editor.get(f"/events/{event.pk}/after/").status_code == 200


def test_of_a_training_the_hours_are_counted_day_by_day():
    begins = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=3)
    event = make_event(kind="training", starts_at=begins, ends_at=begins + timedelta(days=1, hours=7, minutes=30))

    assert (count(event)["hours"], count(make_held_today())["hours"]) == (15.0, None)


def test_figures_stay_as_they_were_whatever_is_deleted(editor, event):
    figures = freeze(held(event), by=person(HEAD))
    before, page = figures.data, editor.get(f"/events/{event.pk}/after/").content
    for guest in event.invitations.filter(contact__isnull=False):
        erase(guest.contact, never_again=False, uploads=False, by=person(HEAD))
    figures.refresh_from_db()

    assert (figures.data, Invitation.objects.filter(contact__isnull=False).count()) == (before, 0)
    assert _sums(editor.get(f"/events/{event.pk}/after/").content) == _sums(page)


def _sums(page: bytes) -> bytes:
    return page[page.index(b"figures-title") : page.index(b"</section>", page.index(b"cells-title"))]


def test_figures_are_frozen_once_and_only_when_the_event_is_over(editor, event):
    early = editor.post(f"/events/{event.pk}/after/freeze/")
    nothing = Figures.objects.count()
    held(event)
    for _time in range(2):
        editor.post(f"/events/{event.pk}/after/freeze/")

    assert (early.status_code, nothing, Figures.objects.count()) == (302, 0, 1)
    assert Entry.objects.filter(action="events.figures.frozen").count() == 1


def test_once_figures_are_frozen_the_door_takes_no_marks(event):
    guest = event.invitations.get(name="Не пришла")
    freeze(held(event), by=person(HEAD))

    with pytest.raises(WrongState):
        mark(event, guest, by=person(HEAD))


def test_a_look_freezes_nothing(editor, event):
    editor.get(f"/events/{event.pk}/after/")

    assert editor.get(f"/events/{event.pk}/after/freeze/").status_code == 405
    assert Figures.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("member", 403), ("door", 403), ("administrator", 403)])
def test_other_roles_freeze_nothing(client_of, event, role, status):
    held(event)

    assert client_of(make_user(role)).post(f"/events/{event.pk}/after/freeze/").status_code == status


# Names


def test_names_go_when_their_day_is_over_and_counts_stay(event):
    say(event, "walk_in", name="Без приглашения", contact="+992 93 000 11 22")
    figures = freeze(held(event), by=person(HEAD))
    day = figures.names_until
    early = purge_names(day)
    kept = InvitationEvent.objects.filter(fact="attendance").count()
    gone = purge_names(day + timedelta(days=1))
    figures.refresh_from_db()

    assert (early, kept > 0, gone, figures.data["came"]) == (0, True, 1, 9)
    assert list(event.invitations.exclude(attendance="unknown")) == list(event.invitations.exclude(came_at=None)) == []
    assert (DoorMark.objects.count(), InvitationEvent.objects.filter(fact="attendance").count()) == (0, 0)
    assert event.invitations.filter(contact=None).values_list("name", "sealed_address").get() == ("", "")
    assert event.invitations.filter(name="Газета 0", rsvp="accepted").count() == 1


def test_names_go_once(event):
    day = freeze(held(event), by=person(HEAD)).names_until + timedelta(days=1)

    assert [purge_names(day), purge_names(day)] == [1, 0]


def test_who_was_trained_stays(event):
    event.kind = "training"
    event.save()
    figures = freeze(held(event), by=person(HEAD))

    assert (figures.names_until, purge_names(timezone.localdate() + timedelta(days=4000))) == (None, 0)


# Letters


@pytest.mark.parametrize(
    ("purpose", "names"),
    [
        ("thanks", {"Пришла"}),
        ("absent", {"Не пришла", "Отказалась"}),
        ("materials", {"Пришла", "Не пришла", "Отказалась", "Осторожная"}),
    ],
)
def test_a_letter_goes_to_whom_it_is_about(editor, purpose, names):
    event = make_held_today(title="Брифинг <b>")
    guest_of(event, "Пришла", came=True)
    for name, fields in {"Не пришла": {}, "Отказалась": {"rsvp": "declined", "wants_materials": True}}.items():
        guest_of(event, name, **fields)
    guest_of(event, "Просто отказалась", rsvp="declined")
    set_presence(guest_of(event, "Осторожная"), records=False, by=person(HEAD))
    freeze(held(event), by=person(HEAD))
    answer = editor.post(f"/events/{event.pk}/after/letters/{purpose}/")
    mailing = EventMailing.objects.get(purpose=purpose).mailing
    picked = event.invitations.filter(contact__in=mailing.audience["pick"]).values_list("name", flat=True)
    body = mailing.versions.get(language="ru").body

    assert (set(picked), answer["Location"]) == (names, f"/mailings/{mailing.pk}/text/ru/")
    assert ("Брифинг &lt;b&gt;" in body, sorted(mailing.versions.values_list("language", flat=True))) == (
        True,
        ["ru", "tg"],
    )


def test_nobody_to_write_to_makes_no_mailing(editor):
    event = make_held_today()
    answer = editor.post(f"/events/{event.pk}/after/letters/thanks/")

    assert (answer.status_code, Mailing.objects.count()) == (302, 0)
    assert editor.post(f"/events/{event.pk}/after/letters/invitation/").status_code == 404


def test_who_only_reads_begins_no_letter(client_of, event):
    assert client_of(make_user("viewer")).post(f"/events/{event.pk}/after/letters/thanks/").status_code == 403


# Trainings


@pytest.fixture
def trained():
    """One person at two trainings of two years, another at one, a third who did not come."""
    first, second = make_held_today(title="Этика", kind="training"), make_held_today(title="Право", kind="training")
    often, once = make_reader("often@navid.test", name="Часто"), make_reader("once@navid.test", name="Однажды")
    for event, people in ((first, [often, once]), (second, [often])):
        add_guests(event, people, by=person(HEAD))
        event.invitations.update(rsvp="accepted", outlet_name="Пресс-служба МВД")
        for guest in event.invitations.all():
            mark(event, guest, by=person(HEAD))
    guest_of(first, "Не пришла")
    first.starts_at -= timedelta(days=366)
    first.save()
    return first, second


def test_trainings_are_counted_by_person_and_body_over_the_years(client_of, trained):
    page = client_of(make_user("viewer")).get("/events/trainings/")

    assert [(contact.name, contact.times, len(rows)) for contact, rows in page.context["rows"]] == [
        ("Часто", 2, 2),
        ("Однажды", 1, 1),
    ]
    assert list(page.context["bodies"]) == [{"outlet_name": "Пресс-служба МВД", "people": 2, "times": 3}]


def test_a_year_shows_its_trainings_alone(client_of, trained):
    year = trained[1].starts_at.astimezone().year
    page = client_of(make_user("viewer")).get(f"/events/trainings/?year={year}")

    assert [(contact.name, contact.times) for contact, _rows in page.context["rows"]] == [("Часто", 1)]


def test_whom_somebody_must_not_know_of_is_in_no_count_of_theirs(client_of, trained):
    trained[0].invitations.get(name="Часто").contact.__class__.objects.filter(name="Часто").update(sensitivity="sealed")
    page = client_of(make_user("viewer")).get("/events/trainings/")

    assert ([contact.name for contact, _rows in page.context["rows"]], "Часто" in page.content.decode()) == (
        ["Однажды"],
        False,
    )


def test_trainings_cost_the_same_however_many_came(client_of, trained, django_assert_max_num_queries):
    client = client_of(make_user("viewer"))
    for number in range(3):
        guest_of(trained[1], f"Ещё {number}", came=True)
    with django_assert_max_num_queries(16):
        client.get("/events/trainings/")


def test_a_certificate_is_for_each_who_came(editor, trained):
    answer = editor.post(f"/events/{trained[0].pk}/paper/", {"what": "certs"})
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]

    assert (len(pages), [name for name in ("Часто", "Однажды") if not any(name in page for page in pages)]) == (2, [])
    assert ("Этика" in pages[0], any("Не пришла" in page for page in pages)) == (True, False)


def test_there_are_no_certificates_of_what_is_no_training(editor, event):
    assert editor.post(f"/events/{event.pk}/paper/", {"what": "certs"}).status_code == 302


# Forgotten


def forgotten(**fields):
    event = make_held_today(**fields)
    guest_of(event, "Придёт")
    return event


def pass_days(settings, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    freeze_forgotten(day)
    purge_names(day + timedelta(days=1))


def test_names_go_though_nobody_has_counted(settings):
    event = forgotten()
    say(event, "walk_in", name="Без приглашения")
    pass_days(settings, settings.EVENT_NAMES_DAYS + 2)
    figures = Figures.objects.get(event=event)

    assert (figures.data["came"], figures.by, Event.objects.get(pk=event.pk).status) == (1, None, "held")
    assert set(event.invitations.filter(contact=None).values_list("name", flat=True)) == {""}


def test_page_says_when_the_figures_are_frozen_by_themselves(editor, settings):
    event = held(forgotten())
    day = timezone.localdate(event.ends_at) + timedelta(days=settings.EVENT_NAMES_DAYS + 1)
    freeze_forgotten(day - timedelta(days=1))
    nothing_yet = Figures.objects.count()
    page = editor.get(f"/events/{event.pk}/after/")
    freeze_forgotten(day)

    assert (nothing_yet, page.context["frozen_on"], Figures.objects.count()) == (0, day, 1)


def test_nothing_is_counted_before_those_days_are_over(settings):
    forgotten()
    pass_days(settings, settings.EVENT_NAMES_DAYS)

    assert Figures.objects.count() == 0


@pytest.mark.parametrize(("is_kept", "attendance"), [(True, "absent"), (False, "unknown")])
def test_of_a_door_that_nobody_kept_nobody_is_said_not_to_have_come(settings, is_kept, attendance):
    event = forgotten(kind="training")
    if is_kept:
        say(event, "counted")
    pass_days(settings, settings.EVENT_NAMES_DAYS + 2)

    assert event.invitations.get().attendance == attendance


def test_walk_in_who_was_taken_back_is_nobody_who_did_not_come(event):
    say(event, "walk_in", name="Ошибка")
    guest = event.invitations.get(name="Ошибка")
    take_back(event, guest, by=person(HEAD))
    freeze(held(event), by=person(HEAD))
    guest.refresh_from_db()

    assert guest.attendance == "unknown"
