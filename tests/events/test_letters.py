"""The letters that follow from answers, and the event in calendars."""

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.actions.lockdown import lock_down
from core.sealing import CannotUnseal
from crm.actions.stops import add_rule
from crm.actions.suppression import suppress
from events.actions.answers import BY_ITSELF, Needs, Word, answer, move
from events.actions.feeds import address_of, renew_feed
from events.actions.guests import name_colleague, withdraw
from events.actions.invitations import begin_mailing
from events.actions.planning import cancel_event, change_event
from events.models import Event, EventLetter, Invitation, Venue
from events.pipeline.letters import send_waiting
from events.states import Rsvp
from mailings.models import Mailing
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person
from tests.factories.sending import make_account

pytestmark = pytest.mark.django_db
WEB = Word("web")


@pytest.fixture
def guest():
    return make_guest(make_event(), emails=["reader@navid.test"], languages="tg")


def sent(smtp):
    send_waiting()
    return [envelope.message for envelope in smtp.envelopes]


def entry_of(letter):
    part = next(one for one in letter.walk() if one.get_content_type() == "text/calendar")
    return part.get_param("method"), Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


def test_who_said_yes_on_the_page_finds_it_in_the_calendar(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    (letter,) = sent(smtp)
    method, entry = entry_of(letter)

    assert letter["Subject"].strip() == "Шумо сабт шудед: Пресс-конференция"
    assert (method, entry["attendee"].params["partstat"], int(entry["sequence"])) == ("REQUEST", "ACCEPTED", 0)
    assert guest.link in letter.get_body(("plain",)).get_content()


def test_who_comes_is_told_the_way_and_their_number_for_the_door(guest, smtp):
    directions = "Аз дари ҳавлӣ.\nШиносномаро гиред."
    Event.objects.update(venue=Venue.objects.create(name="Хонаи матбуот", directions=directions))
    answer(guest, Rsvp.ACCEPTED, WEB)
    (letter,) = sent(smtp)
    code = f"{guest.door_code[:3]} {guest.door_code[3:]}"
    told = letter.get_body(("plain",)).get_content().split("\n\n")

    assert told[4:7] == [
        "Аз дари ҳавлӣ.",
        "Шиносномаро гиред.",
        f"Рақам барои даромад: {code}. Онро нишон диҳед ё номатонро гӯед.",
    ]


def test_who_does_not_come_gets_no_number(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    sent(smtp)
    answer(guest, Rsvp.DECLINED, WEB)

    assert "Рақам барои даромад" not in sent(smtp)[-1].get_body(("plain",)).get_content()


def test_whoever_is_not_accredited_yet_gets_no_number(guest, smtp):
    Invitation.objects.update(accreditation="pending")
    guest.refresh_from_db()
    answer(guest, Rsvp.ACCEPTED, WEB)

    assert "Рақам барои даромад" not in sent(smtp)[-1].get_body(("plain",)).get_content()


def test_a_letter_leaves_once(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    sent(smtp)

    assert (len(sent(smtp)), EventLetter.objects.get().status) == (1, "sent")


def test_a_no_after_a_yes_takes_it_out_of_the_calendar(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    sent(smtp)
    answer(guest, Rsvp.DECLINED, WEB)
    method, entry = entry_of(sent(smtp)[-1])

    assert (method, int(entry["sequence"]), str(entry["status"])) == ("CANCEL", 1, "CANCELLED")


def test_a_moved_event_comes_as_a_newer_version_of_the_same_entry(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    first = entry_of(sent(smtp)[-1])[1]
    event = Event.objects.get()
    event.room = "3 этаж"
    change_event(event, by=person(HEAD))
    method, second = entry_of(sent(smtp)[-1])

    assert (method, second["uid"], int(second["sequence"])) == ("REQUEST", first["uid"], 1)


def test_whose_yes_stays_is_not_asked_again(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    event = Event.objects.get()
    event.room = "3 этаж"
    change_event(event, by=person(HEAD))

    assert "Ҷавоби шумо дар қувва мемонад" in sent(smtp)[-1].get_body(("plain",)).get_content()


def test_a_cancelled_event_is_cancelled_in_every_calendar(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    sent(smtp)
    cancel_event(Event.objects.get(), by=person(HEAD))
    letter = sent(smtp)[-1]
    method, entry = entry_of(letter)

    assert (method, int(entry["sequence"]), letter["Subject"].strip()) == ("CANCEL", 1, "Бекор шуд: Пресс-конференция")
    assert guest.link not in letter.get_body(("plain",)).get_content()


def test_a_withdrawn_invitation_leaves_no_link(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    withdraw(guest, note="не наш", by=person(HEAD))
    letter = sent(smtp)[-1]

    words = letter.get_body(("plain",)).get_content()

    assert ("/r/" in words, "не наш" in letter.as_string(), "дигар эътибор надорад" in words) == (False, False, True)


def test_who_was_never_invited_hears_nothing_of_a_withdrawal():
    withdraw(make_guest(make_event(), "Зарина", invited=False), note="ошибка", by=person(HEAD))

    assert EventLetter.objects.count() == 0


def test_a_discreet_event_is_not_named_in_a_subject(smtp):
    guest = make_guest(make_event(title="Встреча с выжившими", is_discreet=True), emails=["reader@navid.test"])
    answer(guest, Rsvp.ACCEPTED, WEB)

    assert sent(smtp)[0]["Subject"].strip() == "Вы записаны: встреча"


def test_of_two_changes_the_later_letter_leaves_alone(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    answer(guest, Rsvp.DECLINED, WEB)
    answer(guest, Rsvp.ACCEPTED, WEB)

    assert [letter["Subject"].strip() for letter in sent(smtp)] == ["Шумо сабт шудед: Пресс-конференция"]


@pytest.mark.parametrize("why", ["stop list", "rule", "archive", "no address"])
def test_who_may_not_be_written_to_is_not(guest, smtp, why):
    answer(guest, Rsvp.ACCEPTED, WEB)
    contact = guest.contact
    if why == "stop list":
        suppress("reader@navid.test", "unsubscribed", by="recipient")
    elif why == "rule":
        add_rule(contact, scope="everything", by=person(HEAD))
    elif why == "archive":
        type(contact).objects.filter(pk=contact.pk).update(archived_at=guest.made_at)
    else:
        contact.emails.all().delete()

    assert (sent(smtp), EventLetter.objects.get().status) == ([], "failed")


def test_a_colleague_is_written_to_at_the_address_that_was_named(smtp):
    guest = make_guest(make_event(takes_colleagues=True), emails=["reader@navid.test"])
    name_colleague(guest, name="Мадина", address="madina@navid.test")

    assert [letter["To"] for letter in sent(smtp)] == ["madina@navid.test"]


def test_a_lock_down_stops_letters(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB, Needs())
    lock_down(by=make_user("head"), key_holder=None)

    assert (sent(smtp), EventLetter.objects.get().status) == ([], "queued")


# Calendars


def test_the_file_of_an_event_names_no_guest(client_of):
    event = make_event()
    make_guest(event, "Ҷамшед Холов", emails=["reader@navid.test"])
    text = client_of(make_user("viewer")).get(f"/events/{event.pk}/calendar/").content.decode()

    assert ("METHOD:PUBLISH" in text, "ATTENDEE" in text, "reader@" in text) == (True, False, False)


def test_the_calendar_of_staff_opens_by_its_secret_address_alone():
    make_event(title="Брифинг")
    user = make_user("viewer")
    old = address_of(renew_feed(by=user))
    new = address_of(renew_feed(by=user))
    stranger = Client()

    assert "Брифинг" in stranger.get(new[new.index("/calendar") :]).content.decode()
    assert stranger.get(old[old.index("/calendar") :]).status_code == 404


@pytest.mark.parametrize("fields", [{"is_active": False}, {"role": "member"}])
def test_the_calendar_of_who_may_see_no_events_is_closed(fields):
    user = make_user("viewer")
    address = address_of(renew_feed(by=user))
    type(user).objects.filter(pk=user.pk).update(**fields)

    assert Client().get(address[address.index("/calendar") :]).status_code == 404


def test_account_that_does_not_work_holds_up_no_letter_of_another_event(smtp):
    broken = make_account(port=1)
    first, second = make_event(title="Первое"), make_event(title="Второе")
    one, two = (make_guest(event, emails=[f"guest@{event.pk}.test"], invited=False) for event in (first, second))
    asked = begin_mailing(first, "invitation", by=person("author@payom.test"))
    Mailing.objects.filter(pk=asked.pk).update(account=broken, started_at=timezone.now())
    for guest in (one, two):
        answer(move(guest, "invited", BY_ITSELF), Rsvp.ACCEPTED, WEB)
    taken = send_waiting()

    assert (taken, [envelope.message["To"] for envelope in smtp.envelopes]) == (1, [f"guest@{second.pk}.test"])
    assert EventLetter.objects.get(status="queued").next_try_at > timezone.now()


def test_letter_whose_address_cannot_be_opened_waits_alone(smtp, monkeypatch):
    event = make_event()
    closed, _open = (make_guest(event, name, emails=[f"{name}@navid.test"]) for name in ("closed", "open"))
    for guest in event.invitations.order_by("pk"):
        answer(guest, Rsvp.ACCEPTED, WEB)

    def without_a_key(guest):
        if guest.pk == closed.pk:
            raise CannotUnseal
        return "open@navid.test"

    monkeypatch.setattr("events.pipeline.letters.address_of", without_a_key)
    send_waiting()

    assert dict(EventLetter.objects.values_list("invitation__name", "status")) == {"closed": "queued", "open": "sent"}


@pytest.mark.parametrize("word", [WEB, Word("ical")])
def test_answer_that_changed_before_its_letter_left_is_not_told_as_it_was(guest, smtp, word):
    answer(guest, Rsvp.ACCEPTED, WEB)
    answer(guest, Rsvp.TENTATIVE, word)

    assert send_waiting() == 0


def test_no_after_perhaps_takes_the_entry_out_that_shows_a_yes(guest, smtp):
    answer(guest, Rsvp.ACCEPTED, WEB)
    send_waiting()
    answer(Invitation.objects.get(pk=guest.pk), Rsvp.TENTATIVE, WEB)
    answer(Invitation.objects.get(pk=guest.pk), Rsvp.DECLINED, WEB)
    send_waiting()

    assert list(guest.letters.values_list("kind", "calendar")) == [("confirmed", "accepted"), ("off", "cancel")]
