"""Whom a body names for a training by an official letter."""

import pytest

from accounts.roles import Role
from crm.models import Contact
from events.models import Invitation
from tests.factories.contacts import BANNED, make_everybody, make_staff
from tests.factories.events import make_event, make_guest
from tests.factories.mailings import make_reader
from tests.factories.requests import make_official

pytestmark = pytest.mark.django_db


@pytest.fixture
def training():
    return make_event(kind="training")


@pytest.fixture
def letter(training):
    return make_official("О направлении слушателей", way="in", event=training)


@pytest.fixture
def editor(client_of):
    return client_of(make_staff(Role.HEAD))


def pick(client, event, contact, letter):
    return client.post(f"/events/{event.pk}/guests/pick/", {"contact": contact.pk, "letter": letter.pk})


def test_named_ones_are_put_on_the_list_with_their_letter(editor, training, letter):
    page = editor.get(f"/events/{training.pk}/guests/add/?letter={letter.pk}&who=a")
    answer = pick(editor, training, make_reader(), letter)

    assert (page.context["letter"], answer.headers["Location"]) == (
        letter,
        f"/events/{training.pk}/guests/add/?letter={letter.pk}",
    )
    assert Invitation.objects.get().nominated_by == letter


@pytest.mark.parametrize("fields", [{"way": "out"}, {"event": None}], ids=["ours", "of no event"])
def test_only_a_letter_to_us_about_this_event_names_anybody(editor, training, fields):
    other = make_official("Другое", **{"way": "in", "event": training} | fields)
    pick(editor, training, make_reader(), other)

    assert Invitation.objects.get().nominated_by is None


def test_letter_tells_whom_it_names(editor, training, letter):
    pick(editor, training, make_reader(name="Сайёра"), letter)
    page = editor.get(f"/events/requests/register/{letter.pk}/")

    assert [guest.name for guest in page.context["named"]] == ["Сайёра"]


def test_event_tells_how_many_each_letter_names(editor, training, letter):
    for number in (1, 2):
        pick(editor, training, make_reader(f"{number}@navid.test"), letter)
    page = editor.get(f"/events/{training.pk}/")

    assert [(one, one.named) for one in page.context["official"]] == [(letter, 2)]


def test_letter_is_noted_and_taken_away_at_the_guest(editor, training, letter):
    guest = make_guest(training)
    found = []
    for number in (letter.pk, ""):
        editor.post(f"/events/guests/{guest.pk}/nomination/", {"letter": number})
        found.append(Invitation.objects.get().nominated_by)

    assert found == [letter, None]


def test_letter_of_somebody_who_may_not_be_known_is_told_to_nobody_else(client_of, training):
    sealed = make_reader("post@navid.test", name="Закрытая", sensitivity="sealed")
    guest, letter = make_guest(training), make_official("Тайное", way="in", event=training, post=sealed)
    Invitation.objects.filter(pk=guest.pk).update(nominated_by=letter)
    page = client_of(make_staff(Role.VIEWER)).get(f"/events/guests/{guest.pk}/")

    assert (list(page.context["official"]), str(letter) in page.content.decode()) == ([], False)


def test_letter_that_an_editor_may_not_see_stays_at_the_guest(client_of, training, letter):
    make_everybody()
    banned = Contact.objects.get(name=f"open {BANNED}")
    guest, hidden = make_guest(training), make_official("Тайное", way="in", event=training, post=banned)
    Invitation.objects.filter(pk=guest.pk).update(nominated_by=hidden)
    client = client_of(make_staff(Role.EDITOR))
    page = client.get(f"/events/guests/{guest.pk}/").content.decode()
    client.post(f"/events/guests/{guest.pk}/nomination/", {"letter": letter.pk})

    assert ("/nomination/" in page, Invitation.objects.get().nominated_by) == (False, hidden)


def test_guests_who_may_not_be_known_are_not_counted_among_the_named(client_of, training, letter):
    for level in ("open", "sealed"):
        make_guest(training, level, sensitivity=level)
    Invitation.objects.update(nominated_by=letter)
    page = client_of(make_staff(Role.VIEWER)).get(f"/events/{training.pk}/")

    assert [one.named for one in page.context["official"]] == [1]


def test_viewer_notes_no_letter(client_of, training, letter):
    guest = make_guest(training)
    answer = client_of(make_staff(Role.VIEWER)).post(f"/events/guests/{guest.pk}/nomination/", {"letter": letter.pk})

    assert (answer.status_code, Invitation.objects.get().nominated_by) == (403, None)
