"""Clumsy and hostile hands at the pages of events: nothing breaks, nothing is lost, nothing happens twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.actions.paper import print_names
from events.actions.planning import set_programme
from events.models import Event, EventLetter, Invitation, ProgrammeItem, Speaker
from events.states import Paper
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest, make_held_today, make_venue
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

# Several scripts, both directions, marks that pile up, what turns letters round, markup, a name of one long word.
NAMES = {
    "tajik": "Ғаффорзода Ҷамшедҷон Ӯрмонович",
    "arabic": "عبد الرحمن بن محمد",
    "hebrew": "אברהם בן יצחק",
    "chinese": "张伟 国际新闻",
    "hindi": "अनुष्का शर्मा",
    "georgian": "ნინო ბერიძე",
    "armenian": "Անահիտ Գրիգորյան",
    "thai": "สมชาย ใจดี",
    "emoji": "👩‍🚀 Зухро 🏳️‍🌈",
    "turned round": "Саидов\u202eвониза",
    "piled up": "З" + "\u0301" * 60 + "ухро",
    "markup": "<script>alert(1)</script> & «Ҷ»",
    "typst": '#eval("1") $x$ *жирно* @label \\ [x]',
    "one word": "Ы" * 190,
}


def link_of(guest) -> str:
    return guest.link.removeprefix("http://testserver")


JUNK = {
    "nothing": {},
    "another answer": {"answer": "revoked"},
    "offered": {"answer": "offered", "people": "1"},
    "no number": {"answer": "accepted", "people": "много"},
    "too many": {"answer": "accepted", "people": "99999999999999999999"},
    "below nothing": {"answer": "accepted", "people": "-1"},
    "nul": {"answer": "accepted", "people": "1", "text": "а\x00б"},
    "long": {"answer": "accepted", "people": "1", "text": "я" * 100_000},
    "language": {"answer": "accepted", "people": "1", "language": "xx"},
    "reason": {"answer": "declined", "people": "1", "decline_reason": "x" * 5000},
    "no colleague": {"answer": "colleague", "people": "1"},
    "no address": {"answer": "colleague", "people": "1", "colleague": "Мадина", "colleague_address": "<a@b"},
}


@pytest.mark.parametrize("typed", JUNK.values(), ids=JUNK)
def test_junk_to_the_page_of_an_answer_is_refused_with_a_word_and_changes_nothing(client, typed):
    guest = make_guest(make_event(capacity=5))
    before = Invitation.objects.values().get(pk=guest.pk)
    answered = client.post(link_of(guest), typed)

    assert (answered.status_code, bool(answered.context["form"].errors)) == (422, True)
    assert Invitation.objects.values().get(pk=guest.pk) == before


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_that_is_no_form_is_refused(client, kind):
    guest = make_guest(make_event())
    answered = client.post(link_of(guest), b'\xff\xfe{"answer": "accepted"', content_type=kind)
    guest.refresh_from_db()

    assert (answered.status_code in {400, 422}, guest.rsvp) == (True, "invited")


def test_an_answer_that_is_sent_twice_is_one(client):
    event = make_event(capacity=5)
    guest = make_guest(event)
    for _time in range(2):
        client.post(link_of(guest), {"answer": "accepted", "people": "2"})
    event.refresh_from_db()

    assert (event.seats_taken, EventLetter.objects.filter(invitation=guest).count()) == (2, 1)
    assert guest.log.filter(after="accepted").count() == 1


def test_the_deadline_passes_between_the_page_and_the_answer(client):
    event = make_event()
    guest = make_guest(event)
    client.get(link_of(guest))
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - timedelta(seconds=1))
    late = client.post(link_of(guest), {"answer": "accepted", "people": "1", "text": "Два оператора"})
    guest.refresh_from_db()

    assert (late.status_code, guest.rsvp) == (422, "invited")
    assert "принимались до" in late.content.decode()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_is_shown_printed_and_found(client, client_of, name):
    event = make_held_today(title=name[:190], venue=make_venue(name=name), about=name)
    set_programme(
        event,
        [ProgrammeItem(event=event, starts_at=event.starts_at, title=name)],
        [Speaker(event=event, name=name, about=name)],
        by=person(HEAD),
    )
    guest = make_guest(event)
    Invitation.objects.filter(pk=guest.pk).update(name=name, outlet_name=name, rsvp="accepted")
    desk = client_of(make_user("editor"))
    pages = [
        client.get(link_of(guest)),
        desk.get(f"/events/{event.pk}/"),
        desk.get(f"/events/guests/{guest.pk}/"),
        desk.get(f"/events/{event.pk}/door/guests/"),
        desk.get(f"/events/{event.pk}/calendar/"),
    ]

    assert [page.status_code for page in pages] == [200] * 5
    assert [page for page in pages[:3] if "<script>alert" in page.content.decode()] == []
    assert print_names(event, Paper.BADGES, by=person(HEAD)).startswith(b"%PDF-")
    assert print_names(event, Paper.PLATES, by=person(HEAD)).startswith(b"%PDF-")


def test_two_who_take_one_guest_off_the_list_get_no_fault(client_of):
    guest = make_guest(make_event(), invited=False)
    desk = client_of(make_user("editor"))

    statuses = [desk.post(f"/events/guests/{guest.pk}/take-off/").status_code for _time in range(2)]
    assert statuses == [302, 404]


def test_the_door_of_an_event_that_is_gone_closes(client_of):
    event = make_held_today()
    desk = client_of(make_user("editor"))
    path = f"/events/{event.pk}/door/"
    event.delete()

    assert [desk.get(f"{path}{part}").status_code for part in ("", "guests/", "marks/")] == [404, 404, 404]
    assert desk.post(f"{path}marks/", b"[]", content_type="application/json").status_code == 404
