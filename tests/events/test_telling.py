"""A moved or cancelled event is told by other ways, too: whom the letter does not reach stands first."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from audit.models import Entry
from crm.models import Phone
from events.actions.calls import claim
from events.actions.guests import add_guests
from events.actions.planning import cancel_event, change_event
from events.models import Event, EventLetter
from events.pipeline.letters import send_waiting
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved():
    """An event that was moved by a day: one guest has an address, one a telephone only."""
    event = make_event(title="Пресс-конференция", room="Зал 1")
    with_letter = make_reader("reader@navid.test", name="С письмом")
    without = make_reader("", name="Без письма")
    Phone.of(without, "+992930001122").save()
    add_guests(event, [with_letter, without], by=person(HEAD))
    event.invitations.update(rsvp="invited")
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    change_event(event, by=person(HEAD))
    return event


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def shown(client, event) -> list[tuple]:
    page = client.get(f"/events/{event.pk}/tell/")
    return [(row.name, has_letter, row.told_at is not None) for row, has_letter, _taken in page.context["rows"]]


def test_whom_the_letter_does_not_reach_stands_first(editor, moved, smtp):
    send_waiting()

    assert shown(editor, moved) == [("Без письма", False, False), ("С письмом", True, False)]


def test_who_was_told_stands_last_and_the_journal_says_so(editor, moved, smtp):
    send_waiting()
    guest = moved.invitations.get(name="Без письма")
    editor.post(f"/events/guests/{guest.pk}/told/")

    assert shown(editor, moved) == [("С письмом", True, False), ("Без письма", False, True)]
    assert Entry.objects.filter(action="events.call.noted", details={"outcome": "told"}).count() == 1


def test_the_text_says_what_it_was_and_what_it_is(editor, moved):
    texts = editor.get(f"/events/{moved.pk}/tell/").context["texts"]
    letter = EventLetter.objects.filter(kind="moved").first()

    assert sorted(texts) == ["en", "ru", "tg"]
    for language, text in texts.items():
        with override(language):
            was = letter.was_in_words
        assert [word for word in (was, "Пресс-конференция", "Зал 1") if word not in text] == []
    assert len({text[:12] for text in texts.values()}) == 3


def test_where_nobody_was_told_by_letter_the_text_says_what_it_is_now(editor):
    event = make_event(room="Зал 1")
    make_guest(event)
    event.room = "Зал 2"
    change_event(event, tells=False, by=person(HEAD))
    text = editor.get(f"/events/{event.pk}/tell/").context["texts"]["ru"]

    assert ("Было" in text, "Зал 2" in text) == (False, True)


def test_the_text_of_a_discreet_event_does_not_name_it(editor, moved):
    Event.objects.filter(pk=moved.pk).update(is_discreet=True)

    assert not any(
        "Пресс-конференция" in text for text in editor.get(f"/events/{moved.pk}/tell/").context["texts"].values()
    )


def test_of_a_cancelled_event_everybody_concerned_stands_there(editor, moved):
    guest_of_no = make_guest(moved, "Отказалась")
    moved.invitations.filter(pk=guest_of_no.pk).update(rsvp="declined")
    cancel_event(Event.objects.get(pk=moved.pk), by=person(HEAD))

    assert {name for name, *_rest in shown(editor, moved)} == {"С письмом", "Без письма"}
    assert "Отменяется" in editor.get(f"/events/{moved.pk}/tell/").context["texts"]["ru"]


def test_nobody_else_takes_whom_a_colleague_calls(editor, moved):
    guest = moved.invitations.get(name="Без письма")
    claim(guest, at=timezone.now(), by=person(HEAD))
    editor.post(f"/events/guests/{guest.pk}/told/", {"claim": "1"})
    guest.refresh_from_db()

    assert guest.caller == person(HEAD)


def test_an_event_that_did_not_change_has_no_such_page(editor):
    assert editor.get(f"/events/{make_event().pk}/tell/").status_code == 404


def test_a_sealed_number_is_not_shown(editor, moved):
    guest = moved.invitations.get(name="Без письма")
    guest.contact.sensitivity = "sealed"
    guest.contact.save(update_fields=["sensitivity"])
    page = editor.get(f"/events/{moved.pk}/tell/").content.decode()
    paper = editor.post(f"/events/{moved.pk}/tell/print/").content.decode()

    assert ("Без письма" in page, "93 000" in page, "93 000" in paper, "992930001122" in page) == (
        True, False, False, False,
    )  # fmt: skip


def test_the_paper_is_written_down(editor, moved):
    paper = editor.post(f"/events/{moved.pk}/tell/print/").content.decode()

    assert "Без письма" in paper
    assert Entry.objects.get(action="events.calls.printed").details == {"rows": 2}


@pytest.mark.parametrize("role", ["viewer", "member", "door", "administrator"])
def test_other_roles_tell_nobody(client_of, moved, role):
    client, guest = client_of(make_user(role)), moved.invitations.first()

    assert [
        client.get(f"/events/{moved.pk}/tell/").status_code,
        client.post(f"/events/{moved.pk}/tell/print/").status_code,
        client.post(f"/events/guests/{guest.pk}/told/").status_code,
    ] == [403, 403, 403]


def test_before_everybody_is_told_the_page_says_how_many_by_letter_and_how_many_by_telephone(editor, moved):
    page = editor.post(f"/events/{moved.pk}/cancel/", {"typed": ""})

    assert (page.context["by_letter"], page.context["by_call"]) == (1, 1)


def test_a_letter_on_the_wire_has_reached_nobody_yet(editor, moved):
    EventLetter.objects.update(status="inflight")

    assert [has_letter for _row, has_letter, _taken in editor.get(f"/events/{moved.pk}/tell/").context["rows"]] == [
        False, False,
    ]  # fmt: skip


def test_whom_nothing_has_reached_stands_there_though_many_were_told(editor, moved, smtp, monkeypatch):
    monkeypatch.setattr("events.views.telling._SHOWN", 1)
    send_waiting()
    page = editor.get(f"/events/{moved.pk}/tell/")

    assert ([row.name for row, *_rest in page.context["rows"]], page.context["not_reached"]) == (["Без письма"], 1)
