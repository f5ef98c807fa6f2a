"""An answer goes through the table, takes a place or waits, and leaves a row in the log."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from events.actions.answers import Needs, Word, accredit, answer, expire, move
from events.actions.guests import (
    accept_colleague,
    add_guests,
    name_colleague,
    note_answer,
    set_presence,
    take_off,
    withdraw,
)
from events.models import Event, EventLetter, Invitation
from events.states import TRANSITIONS, Actor, Rsvp, WrongState, transition
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
WEB, ICAL = Word("web"), Word("ical")


def taken(event) -> tuple[int, int]:
    return Event.objects.values_list("seats_taken", "cameras_taken").get(pk=event.pk)


def letters(guest) -> list[tuple[str, str]]:
    return list(guest.letters.values_list("kind", "calendar"))


def test_the_table_allows_exactly_these_changes():
    """Every pair of answers and every actor: what the plan names is possible, nothing else is."""
    allowed = {
        (str(before), str(after), str(actor))
        for before in Rsvp
        for after in Rsvp
        for actor in Actor
        if transition(before, after, actor)
    }
    from_table = {
        (str(before), str(one.after), str(actor)) for one in TRANSITIONS for before in one.before for actor in one.who
    }

    assert allowed == from_table
    assert {one.number for one in TRANSITIONS} == {1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12}
    assert ("draft", "accepted", "invited") not in allowed
    assert ("accepted", "waitlisted", "invited") not in allowed
    assert ("revoked", "accepted", "invited") not in allowed


def test_a_yes_takes_a_place_and_is_written_down():
    event = make_event(capacity=2)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=2, text="оператор Баҳром"))
    row = guest.log.first()

    assert (guest.rsvp, guest.people, guest.reveal(), taken(event)) == ("accepted", 2, "оператор Баҳром", (2, 0))
    assert (row.before, row.after, row.source, row.by) == ("invited", "accepted", "web", None)
    assert letters(guest) == [("confirmed", "accepted")]


def test_the_journal_says_a_number_and_no_name():
    guest = make_guest(make_event(), "Ҷамшед Холов")
    answer(guest, Rsvp.ACCEPTED, WEB)
    entry = Entry.objects.filter(action="events.answer.changed").order_by("-pk").first()

    assert (entry.by, entry.subject_label, entry.origin) == ("recipient", f"{guest.event_id}/{guest.pk}", "")


def test_a_calendar_that_told_us_gets_nothing_back():
    guest = make_guest(make_event())
    answer(guest, Rsvp.ACCEPTED, ICAL)

    assert letters(guest) == [("confirmed", "")]


def test_without_a_place_a_yes_waits():
    event = make_event(capacity=1)
    first, second = make_guest(event, "Первая"), make_guest(event, "Вторая")
    answer(first, Rsvp.ACCEPTED, WEB)
    answer(second, Rsvp.ACCEPTED, WEB)

    assert (second.rsvp, taken(event), letters(second)) == ("waitlisted", (1, 0), [("waiting", "")])
    assert second.waiting_since is not None


def test_without_a_waiting_list_a_yes_is_refused_and_nothing_changes():
    event = make_event(capacity=1, has_waiting_list=False)
    first, second = make_guest(event, "Первая"), make_guest(event, "Вторая")
    answer(first, Rsvp.ACCEPTED, WEB)
    with pytest.raises(WrongState):
        answer(second, Rsvp.ACCEPTED, WEB)

    assert (Invitation.objects.get(pk=second.pk).rsvp, taken(event)) == ("invited", (1, 0))


def test_places_for_cameras_are_counted_apart():
    event = make_event(capacity=10, camera_places=1)
    first, second = make_guest(event, "Первая"), make_guest(event, "Вторая")
    answer(first, Rsvp.ACCEPTED, WEB, Needs(needs_camera=True))
    answer(second, Rsvp.ACCEPTED, WEB, Needs(needs_camera=True))

    assert (second.rsvp, taken(event)) == ("waitlisted", (1, 1))


def test_an_outlet_sends_as_many_as_its_quota_says():
    make_organisation("Навид", kind="newspaper")
    event = make_event(capacity=10, quotas={"newspaper": 1})
    first, second = (make_guest(event, name, organisation="Навид") for name in ("Первая", "Вторая"))
    answer(first, Rsvp.ACCEPTED, WEB)
    answer(second, Rsvp.ACCEPTED, WEB)
    answer(first, Rsvp.DECLINED, WEB)
    note_answer(second, Rsvp.ACCEPTED, source="phone", by=person(HEAD))

    assert (second.rsvp, taken(event)) == ("accepted", (1, 0))


def test_an_outlet_of_another_kind_has_no_quota():
    make_organisation("Студия", kind="tv")
    event = make_event(quotas={"newspaper": 1})
    for name in ("Первая", "Вторая"):
        answer(make_guest(event, name, organisation="Студия"), Rsvp.ACCEPTED, WEB)

    assert event.invitations.filter(rsvp="accepted").count() == 2


def test_a_no_gives_the_place_back():
    event = make_event(capacity=5)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=3, needs_camera=True))
    answer(guest, Rsvp.DECLINED, WEB, Needs(people=1))

    assert (guest.rsvp, taken(event)) == ("declined", (0, 0))


def test_more_people_need_more_places():
    event = make_event(capacity=3)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=2))
    with pytest.raises(WrongState):
        answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=4))
    kept = Invitation.objects.get(pk=guest.pk)

    assert (kept.people, kept.rsvp, taken(event)) == (2, "accepted", (2, 0))


def test_who_has_a_place_keeps_it_when_the_capacity_was_lowered():
    event = make_event(capacity=5)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=4))
    Event.objects.filter(pk=event.pk).update(capacity=2)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=3))

    assert (guest.rsvp, guest.people, taken(event)) == ("accepted", 3, (3, 0))


def test_the_same_answer_twice_is_one_row_and_one_letter():
    guest = make_guest(make_event())
    for _time in range(2):
        answer(guest, Rsvp.ACCEPTED, WEB)

    assert (guest.log.filter(after="accepted").count(), len(letters(guest))) == (1, 1)


def test_an_answer_may_be_changed_until_the_deadline():
    guest = make_guest(make_event())
    for wish in (Rsvp.DECLINED, Rsvp.TENTATIVE, Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.DECLINED, Rsvp.ACCEPTED):
        answer(guest, wish, WEB)

    assert guest.rsvp == "accepted"


def test_after_the_deadline_the_invited_are_refused():
    event = make_event()
    guest = make_guest(event)
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    with pytest.raises(WrongState):
        answer(guest, Rsvp.ACCEPTED, WEB)

    assert Invitation.objects.get(pk=guest.pk).rsvp == "invited"


def test_after_the_deadline_staff_say_why():
    event = make_event()
    guest = make_guest(event)
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    with pytest.raises(WrongState):
        note_answer(guest, Rsvp.ACCEPTED, source="phone", by=person(HEAD))
    note_answer(guest, Rsvp.ACCEPTED, source="phone", note="позвонил утром", by=person(HEAD))

    assert (guest.rsvp, guest.log.first().note, guest.log.first().source) == ("accepted", "позвонил утром", "phone")


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_an_event_that_is_not_open_takes_no_answer(status):
    event = make_event()
    guest = make_guest(event)
    Event.objects.filter(pk=event.pk).update(status=status)
    with pytest.raises(WrongState):
        answer(guest, Rsvp.ACCEPTED, WEB)

    assert Invitation.objects.get(pk=guest.pk).rsvp == "invited"


def test_an_event_that_was_cancelled_leaves_answers_as_they_were_given():
    event = make_event()
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB)
    Event.objects.filter(pk=event.pk).update(status="cancelled")

    assert Invitation.objects.get(pk=guest.pk).rsvp == "accepted"


def test_who_waits_does_not_jump_the_queue_by_asking_again():
    event = make_event(capacity=1)
    first, second = make_guest(event, "Первая"), make_guest(event, "Вторая")
    answer(first, Rsvp.ACCEPTED, WEB)
    answer(second, Rsvp.ACCEPTED, WEB)
    answer(first, Rsvp.DECLINED, WEB)
    answer(second, Rsvp.ACCEPTED, WEB)

    assert second.rsvp == "waitlisted"


def test_who_waits_may_say_no():
    event = make_event(capacity=1)
    first, second = make_guest(event, "Первая"), make_guest(event, "Вторая")
    answer(first, Rsvp.ACCEPTED, WEB)
    answer(second, Rsvp.ACCEPTED, WEB)
    answer(second, Rsvp.DECLINED, WEB)

    # The letter about the list was overtaken before it left, and a no on the page needs none.
    assert (second.rsvp, second.waiting_since) == ("declined", None)


def test_an_invitation_that_was_withdrawn_takes_no_answer():
    guest = make_guest(make_event())
    withdraw(guest, note="не наш адресат", by=person(HEAD))
    with pytest.raises(WrongState):
        answer(guest, Rsvp.ACCEPTED, WEB)

    assert (Invitation.objects.get(pk=guest.pk).rsvp, guest.link_version) == ("revoked", 2)


def test_withdrawing_needs_a_reason():
    guest = make_guest(make_event())
    with pytest.raises(WrongState):
        withdraw(guest, note="", by=person(HEAD))

    assert Invitation.objects.get(pk=guest.pk).rsvp == "invited"


def test_only_staff_send_somebody_with_a_place_to_wait():
    event = make_event(capacity=3)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB)
    with pytest.raises(WrongState):
        move(guest, Rsvp.WAITLISTED, WEB)
    move(guest, Rsvp.WAITLISTED, Word("system", person(HEAD), "зал стал меньше"))

    assert (guest.rsvp, taken(event)) == ("waitlisted", (0, 0))


def test_a_no_after_a_yes_takes_the_event_out_of_their_calendar():
    guest = make_guest(make_event())
    answer(guest, Rsvp.ACCEPTED, WEB)
    answer(guest, Rsvp.DECLINED, WEB)

    assert (letters(guest), guest.sequence, guest.is_in_calendar) == ([("off", "cancel")], 1, False)


def test_a_no_from_the_calendar_itself_sends_nothing():
    guest = make_guest(make_event())
    answer(guest, Rsvp.ACCEPTED, ICAL)
    EventLetter.objects.all().delete()
    answer(guest, Rsvp.DECLINED, ICAL)

    assert letters(guest) == []


def test_answer_in_doubt_becomes_certain_when_it_is_given_again():
    guest = make_guest(make_event())
    answer(guest, Rsvp.ACCEPTED, Word("ical", is_unconfirmed=True))
    doubt = guest.is_unconfirmed
    answer(guest, Rsvp.ACCEPTED, WEB)

    assert (doubt, guest.is_unconfirmed) == (True, False)


def test_what_a_sealed_guest_writes_is_sealed():
    guest = make_guest(make_event(), "Закрытая", sensitivity="sealed")
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(text="приду с братом"))
    stored = Invitation.objects.get(pk=guest.pk)

    assert (stored.text, stored.reveal(), "брат" in stored.sealed_text) == ("", "приду с братом", False)


# Accreditation


def test_an_answer_is_no_accreditation():
    event = make_event(needs_accreditation=True)
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB)
    waits = (guest.accreditation, guest.may_enter)
    accredit(guest, "approved", by=person(HEAD))

    assert (waits, guest.may_enter, guest.rsvp) == (("pending", False), True, "accepted")


def test_accreditation_that_was_decided_is_not_decided_again():
    guest = make_guest(make_event(needs_accreditation=True))
    answer(guest, Rsvp.ACCEPTED, WEB)
    accredit(guest, "refused", by=person(HEAD))
    with pytest.raises(WrongState):
        accredit(guest, "refused", by=person(HEAD))

    assert guest.log.filter(fact="accreditation").count() == 1


# A colleague instead


def test_a_colleague_waits_for_staff_and_the_first_one_declines():
    make_organisation("Чашма", kind="radio")
    event = make_event()
    guest = make_guest(event, organisation="Чашма")
    colleague = name_colleague(guest, name="Мадина Саидова", address="madina@chashma.test")

    assert (Invitation.objects.get(pk=guest.pk).rsvp, colleague.rsvp, colleague.outlet_name) == (
        "declined",
        "draft",
        "Чашма",
    )
    assert "madina" not in colleague.sealed_address


def test_a_colleague_comes_at_once_where_the_event_allows_it():
    event = make_event(takes_colleagues=True)
    colleague = name_colleague(make_guest(event), name="Мадина", address="")

    assert (colleague.rsvp, taken(event)) == ("accepted", (1, 0))


def test_a_second_colleague_is_refused():
    guest = make_guest(make_event())
    name_colleague(guest, name="Мадина", address="")
    with pytest.raises(WrongState):
        name_colleague(guest, name="Другая", address="")

    assert guest.replacements.count() == 1


def test_staff_let_a_colleague_come():
    colleague = name_colleague(make_guest(make_event()), name="Мадина", address="")
    accept_colleague(colleague, by=person(HEAD))

    assert colleague.rsvp == "accepted"


# The list


def test_nobody_is_on_the_list_twice():
    event, contact = make_event(), make_contact("Одна")
    counts = [add_guests(event, [contact], by=person(HEAD)) for _time in range(2)]

    assert (counts, event.invitations.count()) == ([1, 0], 1)


def test_only_who_was_not_written_to_is_taken_off():
    event = make_event()
    new, invited = make_guest(event, "Новая", invited=False), make_guest(event, "Приглашённая")
    take_off(new, by=person(HEAD))
    with pytest.raises(WrongState):
        take_off(invited, by=person(HEAD))

    assert list(event.invitations.all()) == [invited]


def test_presence_that_is_not_recorded_is_a_wish_of_its_own():
    guest = make_guest(make_event())
    set_presence(guest, records=False, by=person(HEAD))

    assert Invitation.objects.get(pk=guest.pk).records_presence is False


def test_an_offer_that_still_stands_is_not_taken_back():
    event = make_event(capacity=1)
    guest = make_guest(event)
    Invitation.objects.filter(pk=guest.pk).update(
        rsvp="offered", offered_until=timezone.now() + timedelta(hours=1), waiting_since=timezone.now()
    )
    expire(guest)

    assert Invitation.objects.get(pk=guest.pk).rsvp == "offered"
