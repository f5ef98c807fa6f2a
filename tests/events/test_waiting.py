"""The waiting list: whose turn it is, when an offer is made, when it is over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events.actions.answers import Needs, Word, answer, expire
from events.actions.guests import accept_colleague, name_colleague
from events.actions.hours import is_night, offer_ends
from events.actions.planning import cancel_event
from events.actions.waiting import give_place, give_places, put_first
from events.models import Event, EventLetter, Invitation
from events.states import Rsvp, WrongState
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
WEB = Word("web")
DUSHANBE = ZoneInfo("Asia/Dushanbe")


def at(hour: int, *, day: int = 1) -> datetime:
    return (timezone.localtime() + timedelta(days=day)).replace(hour=hour, minute=0, second=0, microsecond=0)


def make_queue(*names: str, **outlets: str):
    """A full event of one place, and these waiting in this order."""
    event = make_event(capacity=1)
    holder = make_guest(event, "Занявшая")
    answer(holder, Rsvp.ACCEPTED, WEB)
    waiting = [make_guest(event, name, organisation=outlets.get(name, "")) for name in names]
    for guest in waiting:
        answer(guest, Rsvp.ACCEPTED, WEB)
    return event, holder, waiting


def answers(guests) -> list[str]:
    return [Invitation.objects.get(pk=guest.pk).rsvp for guest in guests]


def test_a_free_place_is_offered_to_who_waits_longest():
    _event, holder, waiting = make_queue("Первая", "Вторая")
    answer(holder, Rsvp.DECLINED, WEB)
    made = give_places(at(12))

    assert (made, answers(waiting)) == (1, ["offered", "waitlisted"])


def test_a_later_yes_does_not_take_the_place_of_those_who_wait():
    event, holder, waiting = make_queue("Первая")
    late = make_guest(event, "Поздняя")
    answer(holder, Rsvp.DECLINED, WEB)
    answer(late, Rsvp.ACCEPTED, WEB)

    assert (answers([late]), give_places(at(12)), answers([*waiting, late])) == (
        ["waitlisted"],
        1,
        ["offered", "waitlisted"],
    )


def test_a_later_yes_has_the_place_that_nobody_who_waits_may_have():
    make_organisation("Чашма", kind="newspaper")
    event = make_event(capacity=2)
    event.quotas.create(kind="newspaper", people=1)
    first, barred = (make_guest(event, name, organisation="Чашма") for name in ("Первая", "Вторая"))
    late = make_guest(event, "Поздняя")
    for guest in (first, barred, late):
        answer(guest, Rsvp.ACCEPTED, WEB)

    assert answers([first, barred, late]) == ["accepted", "waitlisted", "accepted"]


def test_a_later_yes_has_the_place_when_no_offer_is_made_any_more():
    event, holder, waiting = make_queue("Первая")
    late = make_guest(event, "Поздняя")
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() + timedelta(hours=1))
    for guest, said in ((holder, Rsvp.DECLINED), (late, Rsvp.ACCEPTED)):
        answer(guest, said, Word("phone", person(HEAD)))

    assert answers([*waiting, late]) == ["waitlisted", "accepted"]


@pytest.mark.parametrize("is_offered", [False, True])
def test_who_has_or_was_offered_a_place_may_need_more_of_it_though_others_wait(is_offered):
    event, holder, waiting = make_queue("Первая", "Вторая")
    Event.objects.filter(pk=event.pk).update(camera_places=5)
    if is_offered:
        answer(holder, Rsvp.DECLINED, WEB)
        give_places(at(12))
        holder = waiting[0]
    chosen = Invitation.objects.get(pk=holder.pk)
    answer(chosen, Rsvp.ACCEPTED, WEB, Needs(needs_camera=True))

    assert (chosen.rsvp, chosen.needs_camera) == ("accepted", True)


def test_a_colleague_has_the_place_that_was_passed_on_though_others_wait():
    event, holder, waiting = make_queue("Первая")
    Event.objects.filter(pk=event.pk).update(takes_colleagues=True)
    colleague = name_colleague(Invitation.objects.get(pk=holder.pk), name="Коллега", address="")

    assert answers([holder, colleague, *waiting]) == ["declined", "accepted", "waitlisted"]


def test_staff_let_somebody_come_though_others_wait():
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    called = make_guest(event, "Позвонившая")
    answer(called, Rsvp.ACCEPTED, Word("phone", person(HEAD)))

    assert answers([called, *waiting]) == ["accepted", "waitlisted"]


def test_an_outlet_with_nobody_there_comes_first():
    for name in ("Чашма", "Навид"):
        make_organisation(name, kind="online")
    event = make_event(capacity=2)
    there = make_guest(event, "Там", organisation="Чашма")
    leaving = make_guest(event, "Уйдёт")
    for guest in (there, leaving):
        answer(guest, Rsvp.ACCEPTED, WEB)
    waiting = [make_guest(event, "Первая", organisation="Чашма"), make_guest(event, "Вторая", organisation="Навид")]
    for guest in waiting:
        answer(guest, Rsvp.ACCEPTED, WEB)
    answer(leaving, Rsvp.DECLINED, WEB)
    give_places(at(12))

    assert answers(waiting) == ["waitlisted", "offered"]


def test_whom_staff_put_first_is_first():
    _event, holder, waiting = make_queue("Первая", "Вторая")
    put_first(waiting[1], by=person(HEAD))
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))

    assert answers(waiting) == ["waitlisted", "offered"]


def test_who_does_not_fit_is_passed_by():
    event = make_event(capacity=1)
    holder = make_guest(event, "Занявшая")
    answer(holder, Rsvp.ACCEPTED, WEB)
    waiting = [make_guest(event, "Втроём"), make_guest(event, "Одна")]
    for guest, people in zip(waiting, (3, 1), strict=True):
        answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=people))
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))

    assert answers(waiting) == ["waitlisted", "offered"]


@pytest.mark.parametrize("hour", [22, 23, 0, 3, 7])
def test_no_offer_is_made_at_night(hour):
    _event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)

    assert (give_places(at(hour)), answers(waiting)) == (0, ["waitlisted"])


def test_no_offer_is_made_when_it_is_too_late_to_come():
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    Event.objects.filter(pk=event.pk).update(starts_at=at(14), ends_at=at(15))

    assert (give_places(at(12)), answers(waiting)) == (0, ["waitlisted"])


def test_an_offer_holds_the_place():
    event, holder, _waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))
    late = make_guest(event, "Опоздавшая")
    answer(late, Rsvp.ACCEPTED, WEB)

    assert late.rsvp == "waitlisted"


def test_who_is_offered_a_place_takes_it():
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))
    answer(waiting[0], Rsvp.ACCEPTED, WEB)

    assert (waiting[0].rsvp, waiting[0].offered_until) == ("accepted", None)
    assert Event.objects.get(pk=event.pk).seats_taken == 1


def test_an_offer_that_is_over_goes_to_the_next_and_its_holder_to_the_end():
    _event, holder, waiting = make_queue("Первая", "Вторая")
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))
    Invitation.objects.filter(rsvp="offered").update(offered_until=timezone.now() - timedelta(minutes=1))
    give_places(at(12, day=2))

    assert answers(waiting) == ["waitlisted", "offered"]


def test_the_second_offer_that_passes_is_a_no():
    _event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    for day in (1, 2):
        give_places(at(12, day=day))
        Invitation.objects.filter(rsvp="offered").update(offered_until=timezone.now() - timedelta(minutes=1))
    give_places(at(23, day=2))

    assert answers(waiting) == ["declined"]


def test_an_offer_that_is_over_cannot_be_taken():
    _event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))
    Invitation.objects.filter(rsvp="offered").update(offered_until=timezone.now() - timedelta(minutes=1))
    answer(waiting[0], Rsvp.ACCEPTED, WEB)

    assert waiting[0].rsvp == "waitlisted"


def test_staff_offer_a_place_out_of_turn_if_there_is_one():
    _event, holder, waiting = make_queue("Первая", "Вторая")
    with pytest.raises(WrongState):
        give_place(waiting[1], by=person(HEAD))
    answer(holder, Rsvp.DECLINED, WEB)
    give_place(Invitation.objects.get(pk=waiting[1].pk), by=person(HEAD))

    assert answers(waiting) == ["waitlisted", "offered"]


@pytest.mark.parametrize("is_dark", [True, False])
def test_an_offer_by_hand_is_not_told_at_night(monkeypatch, is_dark):
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    now = timezone.localtime().replace(hour=3 if is_dark else 12)
    monkeypatch.setattr("events.actions.waiting.timezone.now", lambda: now)
    give_place(Invitation.objects.get(pk=waiting[0].pk), by=person(HEAD))
    letter = EventLetter.objects.get(invitation=waiting[0], kind="offer")

    assert timezone.localtime(letter.next_try_at).hour == (8 if is_dark else 12)
    assert event.pk == letter.invitation.event_id


@pytest.mark.parametrize(
    ("made", "over"),
    [(9, (21, 0)), (10, (9, 1)), (12, (9, 1)), (19, (9, 1)), (20, (8, 1)), (21, (9, 1))],
)
def test_an_offer_ends_by_day(made, over):
    """Half a day later; what would end at night ends at nine in the morning."""
    start = datetime(2026, 6, 20, made, tzinfo=DUSHANBE)
    ends = timezone.localtime(offer_ends(start, start + timedelta(days=5)), DUSHANBE)

    assert (ends.hour, (ends.date() - start.date()).days) == over
    assert not is_night(ends)


def test_an_offer_ends_before_it_is_too_late():
    start = datetime(2026, 6, 20, 12, tzinfo=DUSHANBE)
    starts_at = start + timedelta(hours=6)

    assert offer_ends(start, starts_at) == starts_at - timedelta(hours=3)


@pytest.mark.parametrize(
    ("made", "begins", "over"),
    [
        # The half day would be over in the night before it begins.
        ((20, 12), (21, 10), (20, 21)),
        ((20, 18), (21, 9), (20, 21)),
        # Too little of the day is left.
        ((20, 20), (21, 8), None),
        ((20, 21), (21, 10), None),
        ((20, 9), (20, 13), None),
    ],
)
def test_an_offer_never_ends_at_night_nor_leaves_too_little_time(made, begins, over):
    start, starts_at = (datetime(2026, 6, day, hour, tzinfo=DUSHANBE) for day, hour in (made, begins))
    ends = offer_ends(start, starts_at)

    assert (ends and (ends.astimezone(DUSHANBE).day, ends.astimezone(DUSHANBE).hour)) == over


def test_offer_made_after_the_deadline_can_be_taken():
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    give_places(at(12))
    answer(Invitation.objects.get(pk=waiting[0].pk), Rsvp.ACCEPTED, WEB)

    assert answers(waiting) == ["accepted"]


def test_who_was_offered_nothing_is_late_all_the_same():
    event, holder, waiting = make_queue("Первая", "Вторая")
    answer(holder, Rsvp.DECLINED, WEB)
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    give_places(at(12))
    with pytest.raises(WrongState):
        answer(Invitation.objects.get(pk=waiting[1].pk), Rsvp.DECLINED, WEB)


def test_offer_of_an_event_that_was_called_off_is_not_taken_back():
    event, holder, waiting = make_queue("Первая")
    answer(holder, Rsvp.DECLINED, WEB)
    give_places(at(12))
    cancel_event(Event.objects.get(pk=event.pk), by=person(HEAD))
    Invitation.objects.filter(rsvp="offered").update(offered_until=timezone.now() - timedelta(hours=1))
    give_places(at(12, day=2))
    expire(Invitation.objects.get(pk=waiting[0].pk))

    assert (answers(waiting), list(waiting[0].letters.values_list("kind", flat=True))) == (["offered"], ["cancelled"])


def test_place_of_who_names_a_colleague_is_kept_for_the_colleague():
    _event, holder, waiting = make_queue("Первая")
    colleague = name_colleague(Invitation.objects.get(pk=holder.pk), name="Коллега", address="")
    made = give_places(at(12))
    accept_colleague(Invitation.objects.get(pk=colleague.pk), by=person(HEAD))

    assert (made, answers([*waiting, colleague])) == (0, ["waitlisted", "accepted"])


def test_colleague_of_somebody_who_had_no_place_keeps_none():
    event, holder, waiting = make_queue("Первая")
    name_colleague(Invitation.objects.get(pk=waiting[0].pk), name="Коллега", address="")
    answer(holder, Rsvp.DECLINED, WEB)
    late = make_guest(event, "Поздняя")

    assert answer(late, Rsvp.ACCEPTED, WEB).rsvp == "accepted"


def test_colleague_who_waits_for_staff_is_told_that_it_is_called_off():
    event, holder, _waiting = make_queue("Первая")
    colleague = name_colleague(Invitation.objects.get(pk=holder.pk), name="Коллега", address="c@navid.test")
    cancel_event(Event.objects.get(pk=event.pk), by=person(HEAD))

    assert list(colleague.letters.values_list("kind", flat=True)) == ["cancelled"]


def test_nobody_is_named_when_answers_are_taken_no_more():
    event, _holder, waiting = make_queue("Первая")
    answer(waiting[0], Rsvp.DECLINED, WEB)
    cancel_event(Event.objects.get(pk=event.pk), by=person(HEAD))
    with pytest.raises(WrongState):
        name_colleague(Invitation.objects.get(pk=waiting[0].pk), name="Коллега", address="")

    assert event.invitations.filter(parent=waiting[0]).count() == 0
