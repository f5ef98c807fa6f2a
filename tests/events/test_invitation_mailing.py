"""The invitation as a mailing: approved, sent by the engine, with a calendar part for each reader."""

import pytest

from audit.models import Entry
from events.actions.answers import Word, answer
from events.actions.invitations import InvitationCompanion, begin_mailing
from events.actions.planning import cancel_event, change_event
from events.models import Event, Invitation
from events.pipeline.letters import send_waiting
from events.states import Rsvp, WrongState
from mailings import actions
from mailings.models import Delivery, Mailing, companions
from mailings.pipeline.send import send_due
from mailings.states import WrongState as NotApproved
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, make_event, make_guest, make_venue
from tests.factories.invitations import approve, entry_of, invite, send, tree, write
from tests.factories.mailings import make_reader, make_started, person
from tests.factories.sending import make_account

pytestmark = pytest.mark.django_db


def letters(smtp):
    return [envelope.message for envelope in smtp.envelopes]


def test_the_letter_is_built_as_calendars_expect_it(smtp):
    event = make_event(venue=make_venue())
    make_guest(event, invited=False, emails=["reader@navid.test"])
    invite(event)
    (letter,) = letters(smtp)
    part, entry = entry_of(letter)

    assert tree(letter) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    assert (part.get_param("method"), part.get_content_disposition()) == ("REQUEST", None)
    file = next(one for one in letter.walk() if one.get_content_type() == "application/ics")
    assert (file.get_filename(), file.get_payload(decode=True)) == ("invite.ics", part.get_payload(decode=True))
    assert str(entry["organizer"]) == "mailto:press@coalition.test"
    assert letter["From"].addresses[0].addr_spec == "press@coalition.test"


def test_each_calendar_names_one_guest_and_their_own_number(smtp):
    event = make_event()
    guests = [make_guest(event, name, invited=False, emails=[f"{name}@navid.test"]) for name in ("first", "second")]
    invite(event)
    found = {}
    for letter in letters(smtp):
        _part, entry = entry_of(letter)
        attendee = entry["attendee"]
        assert attendee.params["partstat"] == "NEEDS-ACTION"
        assert attendee.params["rsvp"] == "TRUE"
        found[str(attendee)] = (str(entry["uid"]), int(entry["sequence"]))
        assert letter["To"] == str(attendee).removeprefix("mailto:")

    assert found == {
        f"mailto:{guest.contact.emails.get().address}": (f"{guest.uid}@coalition.test", 0) for guest in guests
    }


def test_whoever_got_the_letter_is_invited(smtp):
    event = make_event()
    guest = make_guest(event, invited=False, emails=["reader@navid.test"])
    invite(event)
    guest.refresh_from_db()

    assert (guest.rsvp, guest.is_in_calendar, guest.log.get().source) == ("invited", True, "system")


def test_whoever_the_audience_adds_comes_onto_the_list(smtp):
    event = make_event()
    make_guest(event, invited=False, emails=["reader@navid.test"])
    other = make_contact("Ещё одна", emails=["other@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    actions.pick(mailing, other, by=person("author@payom.test"))
    write(mailing)
    send(approve(mailing))

    assert set(event.invitations.values_list("name", "rsvp")) == {("Ҷамшед Холов", "invited"), ("Ещё одна", "invited")}


def test_each_reader_finds_their_own_link(smtp):
    event = make_event()
    guest = make_guest(event, invited=False, emails=["reader@navid.test"])
    invite(event)
    (letter,) = letters(smtp)
    html = letter.get_body(("html",)).get_content()
    text = letter.get_body(("plain",)).get_content()

    assert (guest.link in html, guest.link in text) == (True, True)


def invited(event, people: int) -> list[Delivery]:
    """Letters to so many guests, as the sender has them in hand."""
    for number in range(people):
        make_guest(event, f"Гость {number}", invited=False, emails=[f"guest{number}@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    actions.start(mailing, typed=people, by=mailing.author)
    return list(Delivery.objects.select_related("mailing__account"))


@pytest.mark.parametrize("people", [1, 3])
def test_calendars_and_who_is_invited_cost_a_batch_the_same_queries(people, django_assert_num_queries):
    deliveries = invited(make_event(), people)
    with django_assert_num_queries(2):
        made = companions.calendars(deliveries)
    # Beside the same two: a savepoint and its end, the rows held, one change, two logs, what lies in calendars.
    with django_assert_num_queries(9):
        companions.left(deliveries)

    assert len(made) == people
    assert set(Invitation.objects.values_list("rsvp", "is_in_calendar")) == {("invited", True)}
    assert Entry.objects.filter(action="events.answer.changed").count() == people


def test_mailings_of_other_kinds_cost_nothing(django_assert_num_queries):
    make_reader("reader@navid.test")
    make_started()
    deliveries = list(Delivery.objects.select_related("mailing"))
    with django_assert_num_queries(0):
        companions.withheld(deliveries)
        companions.calendars(deliveries)
        companions.left(deliveries)
        companions.said(deliveries[0].mailing)


def test_a_letter_that_left_stays_so_whatever_events_stumble_over(smtp, monkeypatch):
    def stumble(self, deliveries):
        Invitation.objects.update(name="наполовину")
        raise ValueError

    monkeypatch.setattr(InvitationCompanion, "left", stumble)
    event = make_event()
    guest = make_guest(event, invited=False, emails=["reader@navid.test"])
    invite(event)
    guest.refresh_from_db()

    assert (Delivery.objects.get().status, guest.rsvp, guest.name) == ("sent", "draft", "Ҷамшед Холов")


def test_over_another_account_its_address_asks_and_confirms(smtp):
    """Calendars take only that for a new version which comes from whom the first one came from."""
    event = make_event()
    guest = make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    Mailing.objects.filter(pk=mailing.pk).update(account=make_account(smtp, from_address="invites@group.test"))
    write(mailing)
    send(approve(mailing))
    answer(guest, Rsvp.ACCEPTED, Word("web"))
    send_waiting()

    organizers = [
        (str(entry_of(letter)[1]["organizer"]), letter["From"].addresses[0].addr_spec) for letter in letters(smtp)
    ]
    assert organizers == [("mailto:invites@group.test", "invites@group.test")] * 2
    assert begin_mailing(event, "details", by=person("author@payom.test")).account_id == mailing_account(mailing)


def mailing_account(mailing) -> int:
    return Mailing.objects.get(pk=mailing.pk).account_id


def test_an_event_of_another_hour_is_not_the_one_that_was_approved():
    event = make_event()
    make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    Event.objects.filter(pk=event.pk).update(room="3 этаж")
    with pytest.raises(NotApproved):
        actions.start(mailing, typed=1, by=mailing.author)


def test_moving_the_event_takes_the_approval_back():
    event = make_event()
    make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    event.room = "3 этаж"
    change_event(event, by=person(HEAD))

    assert Mailing.objects.get(pk=mailing.pk).status == "draft"


def test_nobody_is_invited_any_more_once_the_event_is_cancelled(smtp):
    event = make_event()
    make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    actions.start(mailing, typed=1, by=mailing.author)
    cancel_event(event, by=person(HEAD))
    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, mailing.pause_kind, smtp.envelopes) == ("paused", Mailing.PauseKind.CHANGED, [])


def test_cancelling_the_event_takes_the_approval_back():
    event = make_event()
    make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    approve(mailing)
    cancel_event(event, by=person(HEAD))

    assert Mailing.objects.get(pk=mailing.pk).status == "draft"


def test_a_mailing_of_no_event_has_the_fingerprint_it_had():
    """What is approved stays approved: an event adds to what an approval stands for, and nothing else does."""
    author = person("author@payom.test")
    mailing = actions.create(title="Приглашение", kind="invitation", by=author)
    alone = mailing.fingerprint()
    event = make_event()
    event.mailings.create(mailing=mailing, purpose="invitation")

    assert alone != mailing.fingerprint()
    event.mailings.all().delete()
    assert alone == mailing.fingerprint()


def test_a_reminder_goes_to_the_silent_alone(smtp):
    event = make_event()
    make_guest(event, "Молчит", emails=["silent@navid.test"])
    said_no = make_guest(event, "Не придёт", emails=["no@navid.test"])
    coming = make_guest(event, "Придёт", emails=["yes@navid.test"])
    answer(said_no, Rsvp.DECLINED, Word("ical"))
    answer(coming, Rsvp.ACCEPTED, Word("ical"))
    invite(event, "reminder")

    assert [letter["To"] for letter in letters(smtp)] == ["silent@navid.test"]


def test_who_has_answered_meanwhile_gets_no_question_for_the_calendar(smtp):
    event = make_event()
    guest = make_guest(event, invited=False, emails=["reader@navid.test"])
    mailing = begin_mailing(event, "invitation", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    Invitation.objects.filter(pk=guest.pk).update(rsvp="accepted")
    send(mailing)

    assert tree(letters(smtp)[0]) == ("multipart/alternative", ["text/plain", "text/html"])


@pytest.mark.parametrize(
    ("purpose", "before", "after"),
    [
        ("invitation", "draft", "declined"),
        ("invitation", "draft", "revoked"),
        ("reminder", "invited", "accepted"),
        ("reminder", "invited", "declined"),
        ("reminder", "invited", "revoked"),
        ("details", "accepted", "declined"),
        ("details", "accepted", "revoked"),
    ],
)
def test_who_has_answered_otherwise_since_it_was_written_gets_no_letter(smtp, purpose, before, after):
    event = make_event()
    changed, stays = (make_guest(event, name, emails=[f"{name}@navid.test"]) for name in ("changed", "stays"))
    event.invitations.update(rsvp=before)
    mailing = begin_mailing(event, purpose, by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    Invitation.objects.filter(pk=changed.pk).update(rsvp=after)
    send(mailing)

    assert [letter["To"] for letter in letters(smtp)] == ["stays@navid.test"]
    assert dict(mailing.deliveries.values_list("contact", "status")) == {
        changed.contact_id: "suppressed",
        stays.contact_id: "sent",
    }


def test_details_are_for_nobody_who_is_not_let_in(smtp):
    event = make_event()
    refused, later, stays = (make_guest(event, name, emails=[f"{name}@navid.test"]) for name in "abc")
    event.invitations.update(rsvp="accepted")
    Invitation.objects.filter(pk=refused.pk).update(accreditation="refused")
    mailing = begin_mailing(event, "details", by=person("author@payom.test"))
    write(mailing)
    mailing = approve(mailing)
    Invitation.objects.filter(pk=later.pk).update(accreditation="withdrawn")
    send(mailing)

    assert [letter["To"] for letter in letters(smtp)] == ["c@navid.test"]


def test_with_nobody_on_the_list_no_mailing_is_begun():
    """Without anybody named, its audience would be everybody."""
    with pytest.raises(WrongState):
        begin_mailing(make_event(), "invitation", by=person("author@payom.test"))

    assert Mailing.objects.count() == 0


def test_a_discreet_event_says_nothing_of_itself_in_a_calendar(smtp):
    event = make_event(title="Встреча с выжившими", is_discreet=True)
    make_guest(event, invited=False, emails=["reader@navid.test"], languages="tg")
    invite(event, languages="tg")
    part, entry = entry_of(letters(smtp)[0])

    assert (str(entry["summary"]), str(entry["class"])) == ("Мулоқот", "PRIVATE")
    assert "выжившими" not in part.get_payload(decode=True).decode()


def test_a_sealed_guest_is_opened_by_the_sender_alone(smtp):
    event = make_event()
    guest = make_guest(event, "Закрытая", invited=False, emails=["sealed@navid.test"], sensitivity="sealed")
    invite(event)
    _part, entry = entry_of(letters(smtp)[0])

    assert str(entry["attendee"]) == "mailto:sealed@navid.test"
    assert "sealed@navid" not in str(Invitation.objects.filter(pk=guest.pk).values().get())
