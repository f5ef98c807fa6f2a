"""What comes from calendars and is no plain answer, and answers in words: a person decides with one press."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.actions.erasure import erase
from events.actions import remarks
from events.actions.answers import Word, answer
from events.actions.calendar_answers import Taken
from events.actions.invitations import begin_mailing
from events.models import Event, EventLetter, Invitation, Remark
from events.states import WrongState
from mailings.models import Delivery, Incoming
from tests.events.test_calendar_answers import ADDRESS, calendar, letter, our_server, take
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
__all__ = ["our_server"]


@pytest.fixture
def guest():
    return make_guest(make_event(), emails=[ADDRESS])


@pytest.fixture
def desk(client_of):
    return client_of(make_user("editor"))


def propose(guest, *, attendee=ADDRESS, begins="20270621T100000Z", comment="Лучше после обеда"):
    text = calendar(guest, "TENTATIVE", attendee=attendee, method="COUNTER", more=f"COMMENT:{comment}")
    text = text.replace("DTSTART:20270620T060000Z", f"DTSTART:{begins}\r\nDTEND:20270621T113000Z")
    return take(letter(text, method="COUNTER"))


def settle(desk, remark, step):
    return desk.post(f"/events/{remark.invitation.event_id}/remarks/{remark.pk}/", {"step": step})


def state(guest) -> tuple:
    guest.refresh_from_db()
    return guest.rsvp, guest.event.starts_at


def test_a_proposal_of_another_time_waits_for_a_person_and_changes_nothing(desk, guest):
    before = state(guest)
    taken = propose(guest)
    remark = Remark.objects.get()
    page = desk.get(f"/events/{guest.event_id}/").content.decode()

    assert (taken, state(guest)) == (Taken.PROPOSED, before)
    assert (remark.kind, remark.starts_at.isoformat(), remark.words) == (
        "time", "2027-06-21T10:00:00+00:00", "Лучше после обеда",
    )  # fmt: skip
    assert ("Лучше после обеда" in page, "21 июня, 15:00" in page) == (True, True)


def test_the_same_proposal_again_is_no_news(guest):
    propose(guest)
    propose(guest)

    assert Remark.objects.count() == 1


def test_that_the_time_stays_is_written_with_one_press(desk, guest):
    propose(guest)
    remark = Remark.objects.get()
    settle(desk, remark, "stays")
    settle(desk, remark, "stays")

    assert list(EventLetter.objects.values_list("kind", "calendar")) == [("stays", "asks")]
    assert Remark.objects.open().count() == 0


def test_who_has_accepted_is_not_asked_again_when_the_time_stays(desk, guest):
    answer(guest, "accepted", Word("web"))
    propose(guest)
    settle(desk, Remark.objects.get(), "stays")

    assert EventLetter.objects.get().calendar == "accepted"


def test_the_form_stands_at_the_proposed_hour_and_saves(desk):
    event = make_event()
    later = timezone.localtime(event.starts_at + timedelta(days=1, hours=4))
    path = f"/events/{event.pk}/edit/"
    form = desk.get(path, {"at": f"{later:%Y-%m-%dT%H:%M}"}).context["form"]

    assert form["starts_at"].value() == timezone.make_naive(event.starts_at) + timedelta(days=1, hours=4)
    assert form["ends_at"].value() == timezone.make_naive(event.ends_at) + timedelta(days=1, hours=4)
    assert form["seen"].value() == desk.get(path).context["form"]["seen"].value()


@pytest.mark.parametrize("asked", ["", "завтра", "2027-13-45T99:99", "2027-06-21T15:00+05:00", "9" * 500])
def test_an_hour_that_is_none_leaves_the_form_as_it_is(desk, asked):
    event = make_event()
    form = desk.get(f"/events/{event.pk}/edit/", {"at": asked}).context["form"]

    assert form["starts_at"].value() == timezone.make_naive(event.starts_at)


def test_a_proposal_without_an_hour_is_for_people_to_read(guest):
    assert propose(guest, begins="20270621") == Taken.UNKNOWN
    assert Remark.objects.count() == 0


def test_a_stranger_who_proposes_leaves_no_words(guest):
    propose(guest, attendee="stranger@else.test", comment="Выселение")

    assert Remark.objects.get().words == ""


def other_address(guest, partstat="ACCEPTED"):
    text = calendar(guest, partstat, attendee="colleague@navid.test").replace('CN="Х"', 'CN="Мадина Саидова"')
    return take(letter(text, sender="colleague@navid.test"))


def test_who_got_the_invitation_passed_on_comes_as_a_colleague(desk, guest):
    taken = other_address(guest)
    remark = Remark.objects.get()
    settle(desk, remark, "come")
    colleague = guest.replacements.get()
    guest.refresh_from_db()

    assert (taken, remark.kind, remark.name) == (Taken.OTHER_ADDRESS, "address", "Мадина Саидова")
    assert (colleague.name, colleague.rsvp, guest.rsvp) == ("Мадина Саидова", "accepted", "invited")
    assert EventLetter.objects.get(invitation=colleague).kind == "confirmed"


def test_it_was_they_all_the_same(desk, guest):
    other_address(guest)
    settle(desk, Remark.objects.get(), "note")
    guest.refresh_from_db()

    assert (guest.rsvp, guest.log.first().source, guest.replacements.count()) == ("accepted", "email", 0)


def test_a_colleague_gets_an_entry_of_their_own_in_the_calendar(guest):
    other_address(guest)
    colleague = remarks.let_come(Remark.objects.get(), by=person(HEAD))

    assert list(colleague.letters.values_list("kind", "calendar")) == [("confirmed", "accepted")]


def test_who_does_not_come_is_no_colleague(guest):
    other_address(guest, "DECLINED")

    with pytest.raises(WrongState):
        remarks.let_come(Remark.objects.get(), by=person(HEAD))
    assert (guest.replacements.count(), Remark.objects.open().count()) == (0, 1)


def test_a_remark_that_is_put_aside_changes_nothing(desk, guest):
    other_address(guest)
    before = state(guest)
    settle(desk, Remark.objects.get(), "aside")

    assert (state(guest), Remark.objects.open().count()) == (before, 0)


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_other_roles_decide_nothing(client_of, guest, role):
    other_address(guest)

    assert settle(client_of(make_user(role)), Remark.objects.get(), "note").status_code == 403


def test_a_remark_of_somebody_who_is_not_seen_is_not_there(client_of, desk):
    guest = make_guest(make_event(), emails=[ADDRESS], sensitivity="internal")
    other_address(guest)
    viewer = client_of(make_user("viewer"))

    assert viewer.get(f"/events/{guest.event_id}/").context["remarks"].count() == 0
    assert desk.get(f"/events/{guest.event_id}/").context["remarks"].count() == 1


def test_of_a_sealed_contact_no_word_and_no_address_is_kept():
    guest = make_guest(make_event(), emails=[ADDRESS], sensitivity="sealed")
    propose(guest)
    other_address(guest)

    assert set(Remark.objects.values_list("words", "name", "sealed_address")) == {("", "", "")}


def test_remarks_go_with_the_person(guest):
    propose(guest)
    erase(guest.contact, never_again=False, uploads=False, by=person(HEAD))

    assert Remark.objects.count() == 0


# In words


def in_words(guest, text="Буду с оператором") -> Incoming:
    mailing = begin_mailing(guest.event, "reminder", by=person(HEAD))
    row = {"contact": guest.contact, "name": guest.name, "address": ADDRESS, "address_key": "k"}
    delivery = Delivery.objects.create(mailing=mailing, language="ru", domain="navid.test", **row)
    return Incoming.objects.create(
        mark=f"m{guest.pk}", kind="reply", contact=guest.contact, delivery=delivery, matched="number", text=text
    )


def read(desk, guest, letter, said):
    return desk.post(f"/events/{guest.event_id}/words/{letter.pk}/", {"answer": said})


def test_an_answer_in_words_is_read_by_a_person_and_noted_with_one_press(desk, guest):
    letter = in_words(guest)
    page = desk.get(f"/events/{guest.event_id}/").content.decode()
    read(desk, guest, letter, "accepted")
    guest.refresh_from_db()
    letter.refresh_from_db()

    assert ("Буду с оператором" in page, guest.rsvp, guest.log.first().source) == (True, "accepted", "email")
    assert (letter.settled_by.role, remarks.in_words(guest.event, letter.settled_by).count()) == ("editor", 0)


def test_an_answer_in_words_that_says_nothing_is_put_aside(desk, guest):
    letter = in_words(guest, "Спасибо!")
    read(desk, guest, letter, "aside")
    guest.refresh_from_db()

    assert (guest.rsvp, Incoming.objects.filter(settled_at=None).count()) == ("invited", 0)


def test_an_answer_in_words_is_noted_once(desk, guest):
    letter = in_words(guest)
    statuses = [read(desk, guest, letter, said).status_code for said in ("accepted", "declined")]
    guest.refresh_from_db()

    assert (statuses, guest.rsvp) == ([302, 404], "accepted")


def test_what_is_no_answer_is_not_there(desk, guest):
    letter = in_words(guest)

    assert [read(desk, guest, letter, said).status_code for said in ("", "revoked", "invited")] == [404, 404, 404]
    assert Invitation.objects.get(pk=guest.pk).rsvp == "invited"


# On the page of today


def test_what_is_to_be_decided_stands_on_the_page_of_today(client_of, desk, guest):
    other_address(guest)
    in_words(guest)
    page = desk.get("/")
    of_viewer = client_of(make_user("viewer")).get("/")

    assert f'href="/events/{guest.event_id}/"' in page.content.decode()
    assert [count for _event, count in remarks.waiting_for_a_person(person(HEAD), timezone.now())] == [2]
    assert f'href="/events/{guest.event_id}/"' not in of_viewer.content.decode()


def test_what_is_over_waits_for_nobody(guest):
    other_address(guest)
    over = timezone.now() - timedelta(days=2)
    Event.objects.update(starts_at=over, ends_at=over + timedelta(hours=1), doors_at=None, answer_by=None)

    assert remarks.waiting_for_a_person(person(HEAD), timezone.now()) == []
