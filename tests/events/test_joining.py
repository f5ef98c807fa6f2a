"""Applications to take part: the form that anybody with the link may send, and what staff decide."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.letters import compose
from accounts.models import StaffLetter
from core.signing import make_token
from events.actions.guests import name_colleague
from events.actions.joining import forget_applicants, link_of, refuse, renew_link, take
from events.actions.planning import cancel_event
from events.models import EventLetter, FormCounter, Invitation
from events.pipeline.letters import address_of
from events.states import WrongState
from tests.architecture.rows import dump
from tests.factories.accounts import make_user
from tests.factories.asking import JOURNEY, make_forum, part_of
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
ADDRESS = "zarina@navid.test"


@pytest.fixture
def forum():
    return make_forum(applies=True)


def path_of(event) -> str:
    return urlsplit(link_of(event)).path


def apply(event, *, age: int = 60, **typed):
    shown = make_token("join-form", int(timezone.now().timestamp()) - age)
    words = {"name": "Зарина Холова", "outlet_name": "Навид", "address": ADDRESS, "language": "tg", "shown": shown}
    return Client(enforce_csrf_checks=True).post(path_of(event), words | typed)


def applied(event) -> Invitation:
    apply(event)
    return event.invitations.get()


def test_who_applies_waits_for_staff_and_takes_no_place(forum):
    answered = apply(forum, text="Пишу о СИЗО")
    guest = forum.invitations.get()
    forum.refresh_from_db()

    assert (answered.status_code, answered.cookies, forum.seats_taken) == (200, {}, 0)
    assert (guest.name, guest.rsvp, guest.language, guest.text) == ("Зарина Холова", "draft", "tg", "Пишу о СИЗО")
    assert ADDRESS not in str(Invitation.objects.values_list().get())


def test_looking_changes_nothing(forum):
    before = dump()
    client = Client()
    for _time in range(5):
        client.get(path_of(forum))
        client.head(path_of(forum))

    assert dump() == before


def test_the_same_address_stands_on_the_list_once_and_hears_the_same(forum):
    first = apply(forum)
    again = apply(forum, name="Кто-то другой", address=ADDRESS.upper())

    assert first.content == again.content
    assert list(forum.invitations.values_list("name", flat=True)) == ["Зарина Холова"]


@pytest.mark.parametrize("typed", [{"website": "http://x.test"}, {"age": 1}, {"shown": "x"}])
def test_a_robot_sees_the_same_thanks_and_leaves_a_number(forum, typed):
    thanks, answered = apply(make_forum(applies=True)).content, apply(forum, **typed)

    assert answered.content == thanks
    assert (forum.invitations.count(), FormCounter.objects.get().count) == (0, 1)


def test_who_sends_too_many_is_counted(forum):
    for number in range(7):
        apply(forum, address=f"a{number}@navid.test")

    assert (forum.invitations.count(), FormCounter.objects.get().reason) == (5, "limit")


@pytest.mark.parametrize(
    ("typed", "field"), [({"name": ""}, "name"), ({"address": "ерунда"}, "address"), ({"text": "я" * 501}, "text")]
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(forum, typed, field):
    page = apply(forum, **{"outlet_name": "Навиди нав"} | typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert "Навиди нав" in page.content.decode()


def test_a_full_part_says_so_whether_the_address_is_known_or_not():
    event = make_forum(("Пытки", 1), applies=True)
    part = part_of(event, "Пытки")
    guest = make_guest(event)
    apply(event)
    Client().post(urlsplit(guest.link).path, {"answer": "accepted", "people": "1", "parts": part.pk})
    known, unknown = apply(event, parts=[part.pk]), apply(event, parts=[part.pk], address="other@navid.test")

    assert (known.status_code, unknown.status_code, event.invitations.count()) == (422, 422, 2)


def test_who_only_applied_holds_no_place_in_a_part():
    event = make_forum(("Пытки", 1), applies=True)
    apply(event, parts=[part_of(event, "Пытки").pk])
    choices = Client().get(path_of(event)).context["form"]["parts"].field.choices

    assert "свободно 1 место" in choices[0][1]


def test_parts_questions_and_journey_come_with_the_application():
    event = make_forum(("Пытки", None), questions=[("Тема", "", True)], travels=True, applies=True)
    question = event.questions.get()
    missing = apply(event, **JOURNEY)
    apply(event, **JOURNEY, parts=[part_of(event, "Пытки").pk], **{f"question_{question.pk}": "Надзор"})
    guest = event.invitations.get()

    assert (missing.status_code, list(missing.context["form"].errors)) == (422, [f"question_{question.pk}"])
    assert (guest.sign_ups.count(), guest.particulars.answers()) == (1, [("Тема", "Надзор")])
    assert guest.particulars.wishes()["comes_from"] == "Хоруғ"


def test_staff_let_somebody_come_and_a_letter_says_so(forum):
    guest = take(applied(forum), by=person(HEAD))
    forum.refresh_from_db()

    assert (guest.rsvp, forum.seats_taken, guest.contact) == ("accepted", 1, None)
    assert list(EventLetter.objects.values_list("kind", "calendar")) == [("confirmed", "accepted")]


def test_where_it_is_full_who_is_let_come_waits():
    event = make_forum(applies=True, capacity=1)
    make_guest(event)
    guest = applied_beside(event)

    assert take(guest, by=person(HEAD)).rsvp == "waitlisted"


def applied_beside(event) -> Invitation:
    other = event.invitations.get()
    Client().post(urlsplit(other.link).path, {"answer": "accepted", "people": "1"})
    apply(event)
    return event.invitations.exclude(pk=other.pk).get()


def test_whose_address_is_a_contact_s_comes_as_that_contact(forum):
    contact = make_contact("Холова Зарина", emails=[ADDRESS])
    guest = take(applied(forum), by=person(HEAD))

    assert guest.contact == contact


def test_a_contact_who_applied_is_written_to_where_they_said(forum):
    make_contact("Холова Зарина", emails=["work@state.test", ADDRESS])
    guest = take(applied(forum), by=person(HEAD))

    assert address_of(guest) == ADDRESS


def test_a_contact_who_uses_that_address_no_more_is_called(forum):
    contact = make_contact("Холова Зарина", emails=["work@state.test", ADDRESS])
    guest = take(applied(forum), by=person(HEAD))
    contact.emails.filter(key=guest.address_key).update(retired_on=timezone.localdate())

    assert address_of(Invitation.objects.get(pk=guest.pk)) == ""


def test_who_is_invited_already_gets_no_refusal(forum):
    guest = applied(forum)
    make_guest(forum, "Холова Зарина", emails=[ADDRESS])
    refuse(guest, by=person(HEAD))

    assert EventLetter.objects.count() == 0


def test_who_waits_for_a_decision_hears_that_the_event_is_cancelled(forum):
    applied(forum)
    told = cancel_event(forum, by=person(HEAD))

    assert (told, list(EventLetter.objects.values_list("kind", "calendar"))) == (1, [("cancelled", "")])


@pytest.mark.parametrize(("days", "names"), [(0, ["Зарина Холова"]), (1, [""])])
def test_some_weeks_after_the_event_who_was_not_taken_cannot_be_read(forum, settings, days, names):
    guest = applied(forum)
    last = timezone.localdate(guest.event.ends_at) + timedelta(days=settings.EVENT_NAMES_DAYS)
    forget_applicants(last + timedelta(days=days))
    stored = str(Invitation.objects.values_list("name", "search_text", "text", "address_key", "outlet_name").get())

    assert list(forum.invitations.values_list("name", flat=True)) == names
    assert ("холова" in stored.lower()) == (names != [""])


def test_who_stands_on_the_list_already_is_not_taken_twice(forum):
    guest = applied(forum)
    make_guest(forum, "Холова Зарина", emails=[ADDRESS])
    with pytest.raises(WrongState):
        take(guest, by=person(HEAD))

    assert Invitation.objects.get(pk=guest.pk).rsvp == "draft"


def test_a_refusal_is_a_polite_letter_without_a_reason(forum):
    guest = applied(forum)
    refuse(guest, by=person(HEAD))
    guest.refresh_from_db()

    assert (guest.rsvp, list(EventLetter.objects.values_list("kind", flat=True))) == ("revoked", ["refused"])
    assert Client().get(urlsplit(guest.link).path).status_code == 404


@pytest.mark.parametrize("second", [take, refuse])
def test_what_is_decided_is_decided_once(forum, second):
    guest = applied(forum)
    take(guest, by=person(HEAD))
    with pytest.raises(WrongState):
        second(guest, by=person(HEAD))


def test_buttons_on_the_page_of_the_event_decide(forum, client_of):
    guest = applied(forum)
    editor = client_of(make_user("editor"))
    page = editor.get(f"/events/{forum.pk}/").content.decode()
    editor.post(f"/events/guests/{guest.pk}/take/", {"next": "event"})
    guest.refresh_from_db()

    assert (f"/events/guests/{guest.pk}/take/" in page, guest.rsvp) == (True, "accepted")


def test_a_new_link_closes_the_former(forum, client_of):
    former = path_of(forum)
    client_of(make_user("editor")).post(f"/events/{forum.pk}/asks/link/")
    forum.refresh_from_db()

    assert [Client().get(path).status_code for path in (former, path_of(forum))] == [404, 200]


def test_an_event_that_takes_no_applications_has_no_page(forum):
    path = path_of(forum)
    type(forum).objects.update(takes_applications=False)

    assert Client().get(path).status_code == 404


def test_after_the_deadline_the_page_takes_nothing(forum):
    type(forum).objects.update(answer_by=timezone.now() - timedelta(hours=1))
    page = apply(forum)

    assert ("<form" in page.content.decode(), forum.invitations.count()) == (False, 0)


# Who leads the event hears of it


def told() -> list[str]:
    return list(StaffLetter.objects.filter(kind="guest_asks").values_list("user__email", flat=True))


def test_who_leads_the_event_is_written_to_once_for_several(forum):
    apply(forum)
    apply(forum, address="other@navid.test")

    assert told() == [HEAD]


def test_after_some_hours_news_is_told_again(forum):
    apply(forum)
    StaffLetter.objects.update(created_at=timezone.now() - timedelta(hours=4))
    apply(forum, address="other@navid.test")

    assert told() == [HEAD, HEAD]


@pytest.mark.parametrize(("decides_itself", "letters"), [(False, [HEAD]), (True, [])])
def test_a_named_colleague_is_told_where_a_person_decides(decides_itself, letters):
    guest = make_guest(make_event(takes_colleagues=decides_itself))
    name_colleague(guest, name="Умар", address="")

    assert told() == letters


def test_the_letter_names_nobody(forum):
    apply(forum)
    letter = compose(StaffLetter.objects.get(kind="guest_asks"))

    assert ("Зарина" in letter.body, "Форум" in letter.body, f"/events/{forum.pk}/" in letter.body) == (
        False,
        False,
        True,
    )


def test_renewing_is_written_down(forum):
    renew_link(forum, by=person(HEAD))

    assert forum.join_version == 2
