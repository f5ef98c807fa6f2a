"""Where one is signed in, and how that ends."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from accounts.models import Session, StaffLetter, User
from accounts.tasks import forget_sessions
from tests.factories.accounts import PASSWORD, is_in, make_user, sign_in

pytestmark = pytest.mark.django_db
NEW = "another-long-password-2026"


@pytest.fixture
def person():
    return make_user("editor")


@pytest.fixture
def two(person):
    return sign_in(person), sign_in(person)


def change_password(client, current=PASSWORD):
    return client.post("/settings/password/", {"current": current, "password": NEW, "again": NEW})


def test_changing_the_password_signs_the_other_devices_out(two):
    here, elsewhere = two
    change_password(here)

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_changing_the_password_tells_the_owner(two):
    change_password(two[0])

    assert [letter.kind for letter in StaffLetter.objects.filter(kind="password_changed")] == ["password_changed"]


def test_wrong_present_password_changes_nothing(two):
    answer = change_password(two[0], current="wrong")

    assert (answer.status_code, is_in(two[1]), User.objects.get().check_password(PASSWORD)) == (422, True, True)


@pytest.mark.parametrize("weak", ["short", "password1234", "editor@payom.test"])
def test_weak_password_is_refused(two, weak):
    answer = two[0].post("/settings/password/", {"current": PASSWORD, "password": weak, "again": weak})

    assert (answer.status_code, sorted(answer.context["form"].errors)[-1]) == (422, "password")


def test_one_device_is_signed_out(person, two):
    here, elsewhere = two
    sessions = here.get("/settings/devices/").context["sessions"]
    page = here.get("/settings/devices/").context
    other = next(session for session in sessions if session.session_key != page["here"])
    here.post(f"/settings/devices/{other.session_key}/end/")

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_all_other_devices_are_signed_out(two):
    here, elsewhere = two
    here.post("/settings/devices/others/end/")

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_nobody_signs_out_somebody_elses_device(two):
    theirs = sign_in(make_user("head"))
    key = theirs.get("/settings/devices/").context["here"]
    answer = two[0].post(f"/settings/devices/{key}/end/")

    assert (answer.status_code, is_in(theirs)) == (404, True)


def test_idle_person_is_signed_out(person, time_machine, settings):
    client = sign_in(person)
    time_machine.move_to(timezone.now() + settings.SESSION_IDLE + timedelta(seconds=1))

    assert not is_in(client)


def test_busy_person_stays(person, time_machine, settings):
    client, start = sign_in(person), timezone.now()
    stays = []
    for part in (1, 2, 3):
        time_machine.move_to(start + part * settings.SESSION_IDLE * 0.8)
        stays.append(is_in(client))

    assert stays == [True, True, True]


def test_page_that_asks_by_itself_keeps_nobody_in(person, time_machine, settings):
    client, start = sign_in(person), timezone.now()
    time_machine.move_to(start + settings.SESSION_IDLE * 0.8)
    client.get("/mailings/", headers={"X-Poll": "1"})
    time_machine.move_to(start + settings.SESSION_IDLE * 1.1)

    assert not is_in(client)


def test_even_a_busy_person_signs_in_every_twelve_hours(person, time_machine, settings):
    client, start = sign_in(person), timezone.now()
    for minutes in range(20, 12 * 60 + 20, 20):
        time_machine.move_to(start + timedelta(minutes=minutes))
        client.get("/settings/")

    assert not is_in(client)


def test_key_of_a_session_is_not_in_the_database(person):
    client = sign_in(person)
    key = client.cookies["session"].value

    assert (key in str(list(Session.objects.values())), len(key)) == (False, 32)


def test_content_of_a_session_cannot_be_read_from_the_database(person):
    client = sign_in(person)
    session = client.session
    session["secret"] = "a-canary-in-the-session"
    session.save()

    stored = Session.objects.get(user=person).session_data
    assert ("canary" in stored, stored[:5]) == (False, "gAAAA")


def test_session_that_was_deleted_meanwhile_does_not_come_back(person):
    client = sign_in(person)
    late = client.session
    late["typed"] = "before"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        late.save()
    assert Session.objects.count() == 0


def test_old_sessions_are_forgotten(person, time_machine):
    sign_in(person)
    time_machine.move_to(timezone.now() + timedelta(days=1))
    forget_sessions()

    assert Session.objects.count() == 0


def test_list_of_devices_takes_the_same_queries_whatever_their_number(person, django_assert_num_queries):
    client = sign_in(person)
    sign_in(person), sign_in(person, client=Client())

    with django_assert_num_queries(4):
        client.get("/settings/devices/")


def test_saving_a_session_makes_it_no_longer(person, time_machine, settings):
    client, start = sign_in(person), timezone.now()
    for minutes in range(20, 12 * 60 + 20, 20):
        time_machine.move_to(start + timedelta(minutes=minutes))
        client.post("/people/invite/")
        session = client.session
        session["something"] = minutes
        session.save()

    assert not is_in(client)


def test_guesses_at_the_present_password_are_slowed_down(two):
    for _ in range(6):
        change_password(two[0], current="wrong")
    answer = change_password(two[0])

    assert (answer.status_code, User.objects.get().check_password(PASSWORD)) == (422, True)
