"""What an event asks beside yes or no: parts of the programme, questions of its own; what stays of it."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from crm.actions.merging import merge, unmerge
from crm.models import Organisation
from events.actions.after import count
from events.actions.answers import Needs, Word, answer
from events.actions.asking import Asks, Given, forget_particulars, people_in, set_asks, settle_travel
from events.actions.guests import withdraw
from events.actions.paper import coming
from events.models import Event, Invitation, Particulars, ProgrammeItem, Question, SignUp
from events.receivers import invitations
from events.states import WrongState
from tests.factories.accounts import make_user
from tests.factories.asking import JOURNEY, make_forum, opened, part_of, parts_of, post
from tests.factories.contacts import make_contact
from tests.factories.erasure import erase
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
WEB = Word("web")


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


# Parts of the programme


def test_a_guest_chooses_parts_and_changes_the_choice():
    event = make_forum(("Пытки", None), ("СМИ", None))
    guest = make_guest(event)
    post(guest, parts=[part_of(event, "Пытки").pk, part_of(event, "СМИ").pk])
    first = parts_of(guest)
    post(guest, parts=[part_of(event, "СМИ").pk])

    assert (first, parts_of(guest)) == (["Пытки", "СМИ"], ["СМИ"])


def test_a_full_part_refuses_and_what_was_typed_stays():
    event = make_forum(("Пытки", 2))
    part = part_of(event, "Пытки")
    post(make_guest(event, "Первая"), parts=[part.pk], people="2")
    guest = make_guest(event, "Вторая")
    refused = post(guest, parts=[part.pk], text="с камерой")
    guest.refresh_from_db()

    assert (refused.status_code, guest.rsvp, parts_of(guest)) == (422, "invited", [])
    assert "«Пытки»: мест больше нет" in refused.content.decode()
    assert "с камерой" in refused.content.decode()


def test_who_has_a_part_keeps_it_when_it_is_full():
    event = make_forum(("Пытки", 1))
    guest = make_guest(event)
    chosen = {"parts": [part_of(event, "Пытки").pk]}
    post(guest, **chosen)

    assert (post(guest, **chosen, text="и ещё").status_code, parts_of(guest)) == (302, ["Пытки"])


@pytest.mark.parametrize("leave", ["declined", "withdrawn"])
def test_who_does_not_come_gives_the_part_back(leave):
    event = make_forum(("Пытки", 1))
    part, guest = part_of(event, "Пытки"), make_guest(event)
    post(guest, parts=[part.pk])
    guest.refresh_from_db()
    if leave == "declined":
        answer(guest, "declined", WEB)
    else:
        withdraw(guest, note="ошибка", by=person(HEAD))

    assert people_in(part) == 0


def test_who_keeps_a_part_keeps_it_when_it_has_fewer_places_by_now():
    event = make_forum(("Пытки", 4))
    part, guest = part_of(event, "Пытки"), make_guest(event)
    post(guest, parts=[part.pk], people="3")
    set_asks(event, Asks({part.pk: 2}), by=person(HEAD))

    assert post(guest, parts=[part.pk], people="3", text="и ещё").status_code == 302
    assert post(guest, parts=[part.pk], people="4").status_code == 422


def test_who_has_no_place_at_the_event_holds_none_in_a_part():
    event = make_forum(("Пытки", 1), capacity=1)
    part = part_of(event, "Пытки")
    post(make_guest(event, "Первая"))
    waits = make_guest(event, "Вторая")
    post(waits, parts=[part.pk])
    waits.refresh_from_db()

    assert (waits.rsvp, parts_of(waits), people_in(part)) == ("waitlisted", ["Пытки"], 0)


def test_whoever_gets_a_place_later_loses_a_part_that_is_full_by_then():
    event = make_forum(("Пытки", 1), ("СМИ", None))
    part, waits = part_of(event, "Пытки"), make_guest(event, "Вторая")
    post(waits, answer="tentative", parts=[part.pk, part_of(event, "СМИ").pk])
    post(make_guest(event, "Первая"), parts=[part.pk])
    waits.refresh_from_db()
    answer(waits, "accepted", Word("ical"))

    assert (parts_of(waits), people_in(part)) == (["СМИ"], 1)


def test_of_an_event_that_asks_nothing_the_page_asks_nothing():
    form = Client().get(make_guest(make_event()).link).context["form"]

    assert {"parts", "needs_travel"} & set(form.fields) == set()


def test_a_part_of_another_event_cannot_be_chosen():
    other = make_forum(("Чужая", None))
    guest = make_guest(make_forum(("Пытки", None)))

    assert (post(guest, parts=[part_of(other, "Чужая").pk]).status_code, SignUp.objects.count()) == (422, 0)


def test_the_list_of_guests_shows_who_comes_to_a_part(editor):
    event = make_forum(("Пытки", None))
    part = part_of(event, "Пытки")
    post(make_guest(event, "Первая"), parts=[part.pk])
    post(make_guest(event, "Вторая"))
    page = editor.get(f"/events/{event.pk}/?part={part.pk}")

    assert [one.name for one in page.context["rows"]] == ["Первая"]


def test_strips_of_a_part_name_who_comes_to_it():
    event = make_forum(("Пытки", None))
    part = part_of(event, "Пытки")
    post(make_guest(event, "Первая"), parts=[part.pk])
    post(make_guest(event, "Вторая"))

    assert list(coming(event, person(HEAD), part).values_list("name", flat=True)) == ["Первая"]


@pytest.mark.parametrize("part", ["999", "9" * 30, "x"])
def test_of_a_part_that_is_gone_nothing_is_printed_or_listed(editor, part):
    event = make_forum(("Пытки", None))
    post(make_guest(event))
    printed = editor.post(f"/events/{event.pk}/paper/", {"what": f"strips-{part}"})

    assert (printed.status_code, editor.get(f"/events/{event.pk}/?part={part}").status_code) == (302, 200)


def test_strips_of_a_part_are_a_file_of_their_own(editor):
    event = make_forum(("Пытки", None))
    part = part_of(event, "Пытки")
    post(make_guest(event, "Первая"), parts=[part.pk])
    made = editor.post(f"/events/{event.pk}/paper/", {"what": f"strips-{part.pk}"})

    assert (made["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_part_keeps_its_guests_under_another_title_and_at_another_hour(editor):
    event = make_forum(("Пытки", None), ("СМИ", None))
    guest = make_guest(event)
    post(guest, parts=[part_of(event, "Пытки").pk, part_of(event, "СМИ").pk])
    at = event.programme.first().starts_at.strftime
    editor.post(
        f"/events/{event.pk}/programme/", {"programme": f"11:00 Запрет пыток\n{at('15:30')} СМИ", "speakers": ""}
    )

    assert sorted(parts_of(guest)) == ["Запрет пыток", "СМИ"]


def test_of_parts_with_one_title_each_keeps_its_hour(editor):
    event = make_forum()
    lines = "11:00 Мастерская\n14:00 Мастерская"
    editor.post(f"/events/{event.pk}/programme/", {"programme": lines, "speakers": ""})
    set_asks(event, Asks(dict.fromkeys(event.programme.values_list("pk", flat=True))), by=person(HEAD))
    guest, at_two = make_guest(event), event.programme.last()
    post(guest, parts=[at_two.pk])
    editor.post(f"/events/{event.pk}/programme/", {"programme": f"09:00 Мастерская\n{lines}", "speakers": ""})

    assert guest.sign_ups.get().part.starts_at == at_two.starts_at
    assert event.programme.count() == 3


def test_a_part_that_was_chosen_does_not_go_with_its_line(editor):
    event = make_forum(("Пытки", None))
    guest = make_guest(event)
    post(guest, parts=[part_of(event, "Пытки").pk])
    page = editor.post(f"/events/{event.pk}/programme/", {"programme": "", "speakers": "Умар, адвокат"})

    assert (page.status_code, parts_of(guest), event.speakers.count()) == (422, ["Пытки"], 0)
    assert "Умар, адвокат" in page.content.decode()


# Questions


def test_answers_are_sealed_and_opened_by_a_look_that_is_written_down():
    event = make_forum(questions=[("Тема доклада", "", False), ("Размер", "S\nM", False)])
    guest = make_guest(event)
    first, second = event.questions.all()
    post(guest, **{f"question_{first.pk}": "Надзор за СИЗО", f"question_{second.pk}": "M"})
    stored = str(Particulars.objects.values_list().get())

    assert "СИЗО" not in stored
    assert opened(guest).answers == [("Тема доклада", "Надзор за СИЗО"), ("Размер", "M")]
    assert Entry.objects.filter(action="events.particulars.opened").count() == 1


def test_a_question_that_must_be_answered_is_asked_of_who_comes_alone():
    event = make_forum(questions=[("Тема доклада", "", True)])
    guest = make_guest(event)
    missing, refused = post(guest), post(guest, answer="declined")

    assert (missing.status_code, refused.status_code) == (422, 302)


def test_a_question_that_must_be_answered_is_asked_until_it_is():
    event = make_forum(questions=[("Тема", "", True), ("Размер", "", False)])
    guest, (first, second) = make_guest(event), event.questions.all()
    post(guest, answer="tentative", **{f"question_{second.pk}": "M"})
    missing = post(guest)
    post(guest, **{f"question_{first.pk}": "Надзор"})

    assert (missing.status_code, list(missing.context["form"].errors)) == (422, [f"question_{first.pk}"])
    assert post(guest).status_code == 302


def test_an_answer_to_one_question_leaves_the_others():
    event = make_forum(questions=[("Тема", "", True), ("Размер", "", False)])
    guest = make_guest(event)
    first, second = event.questions.all()
    post(guest, **{f"question_{first.pk}": "Надзор"})
    post(guest, **{f"question_{second.pk}": "M"})

    assert opened(guest).answers == [("Тема", "Надзор"), ("Размер", "M")]


def test_a_question_without_words_is_gone_and_what_was_said_stays(editor):
    event = make_forum(questions=[("Тема", "", False)])
    guest = make_guest(event)
    question = event.questions.get()
    post(guest, **{f"question_{question.pk}": "Надзор"})
    editor.post(f"/events/{event.pk}/asks/", {f"words_{question.pk}": ""})

    assert (Question.objects.count(), opened(guest).answers) == (0, [("Тема", "Надзор")])


def test_questions_are_made_and_changed_on_one_page(editor):
    event = make_forum(("Пытки", None), questions=[("Тема", "", False)])
    part, question = part_of(event, "Пытки"), event.questions.get()
    typed = {
        f"part_{part.pk}": "on", f"places_{part.pk}": "12", "arranges_travel": "on",
        f"words_{question.pk}": "Тема доклада", f"must_{question.pk}": "on",
        "words_new0": "Размер", "choices_new0": " S \nM\nM\n\n",
    }  # fmt: skip
    editor.post(f"/events/{event.pk}/asks/", typed)
    event.refresh_from_db()

    assert list(event.questions.values_list("words", "choices", "is_required")) == [
        ("Тема доклада", "", True),
        ("Размер", "S\nM", False),
    ]
    assert (part_of(event, "Пытки").places, event.arranges_travel, event.takes_applications) == (12, True, False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"choices_new0": "да\nнет"}, "words_new0"),
        ({"words_new0": "Едете?", "choices_new0": "да"}, "choices_new0"),
        ({"words_new0": "я" * 201}, "words_new0"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(editor, typed, field):
    event = make_forum()
    page = editor.post(f"/events/{event.pk}/asks/", typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_two_people_who_change_what_is_asked_see_each_other(editor):
    event = make_forum(("Пытки", None))
    seen = editor.get(f"/events/{event.pk}/asks/").context["form"]["seen"].value()
    set_asks(event, Asks(arranges_travel=True), by=person(HEAD))
    page = editor.post(f"/events/{event.pk}/asks/", {"seen": seen, "takes_applications": "on"})
    event.refresh_from_db()

    assert (page.status_code, event.arranges_travel, event.takes_applications) == (422, True, False)


# What stays, and what does not


def test_of_an_erased_person_no_journey_and_no_place_in_a_part_stays():
    guest = make_guest(make_forum(("Пытки", None), travels=True))
    post(guest, **JOURNEY, parts=[part_of(guest.event, "Пытки").pk])
    erase(guest.contact)

    assert (Particulars.objects.count(), people_in(part_of(guest.event, "Пытки"))) == (0, 0)


@pytest.mark.parametrize(("days", "stays"), [(0, 1), (1, 0)])
def test_some_weeks_after_the_event_no_journey_stays(days, stays, settings):
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    last = timezone.localdate(guest.event.ends_at) + timedelta(days=settings.EVENT_NAMES_DAYS)
    forget_particulars(last + timedelta(days=days))

    assert Particulars.objects.count() == stays


def test_what_is_told_to_a_person_has_their_journey():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    [(_title, words)] = invitations(guest.contact).facts

    assert "Хоруғ" in words


def test_choices_of_two_cards_become_those_of_one_and_of_two_again():
    event = make_forum(("Пытки", None), ("СМИ", None), travels=True)
    keep, drop = make_guest(event, "Холова Зарина"), make_guest(event, "Холова З.")
    both, own = part_of(event, "Пытки").pk, part_of(event, "СМИ").pk
    post(keep, parts=[both])
    post(drop, parts=[both, own], **JOURNEY)
    done = merge(keep.contact, drop.contact, by=person(HEAD))
    together = (sorted(parts_of(keep)), opened(keep).journey[0])
    unmerge(done, by=person(HEAD))

    assert together == (["Пытки", "СМИ"], "Хоруғ")
    assert (parts_of(keep), sorted(parts_of(drop))) == (["Пытки"], ["Пытки", "СМИ"])
    assert opened(drop).journey[0] == "Хоруғ"


def test_of_two_cards_one_has_the_answers_and_the_other_the_journey():
    event = make_forum(questions=[("Тема", "", False)], travels=True)
    keep, drop = make_guest(event, "Холова Зарина"), make_guest(event, "Холова З.")
    post(keep, **{f"question_{event.questions.get().pk}": "Надзор"})
    post(drop, **JOURNEY)
    merge(keep.contact, drop.contact, by=person(HEAD))

    assert (opened(keep).answers, opened(keep).journey[0]) == ([("Тема", "Надзор")], "Хоруғ")


def test_figures_tell_of_parts_journeys_and_speakers(editor):
    event = make_forum(("Пытки", None), travels=True)
    make_contact("Умар", organisation="Нота бене")
    guest = make_guest(event)
    post(guest, **JOURNEY, parts=[part_of(event, "Пытки").pk], people="2")
    settle_travel(guest, "arranged", words="", by=person(HEAD))
    speakers = "Умар, адвокат; нота Бене\nЗарина; Нота бене\nМеҳмон"
    editor.post(f"/events/{event.pk}/programme/", {"programme": "11:00 Пытки", "speakers": speakers})
    found = count(event)

    assert (found["parts"], found["journeys"]) == ([["Пытки", 2]], 1)
    assert found["speakers"] == [["", 1], ["Нота бене", 2]]


def test_a_speaker_for_an_organisation_that_is_not_there_is_named(editor):
    event = make_event()
    page = editor.post(f"/events/{event.pk}/programme/", {"programme": "", "speakers": "Умар; Неведомая"})

    assert (page.status_code, Organisation.objects.filter(name="Неведомая").count()) == (422, 0)
    assert "Неведомая" in str(page.context["form"].errors["speakers"])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_of_a_part_one_gets_it():
    event = make_forum(("Пытки", 1))
    part = part_of(event, "Пытки")
    guests = [make_guest(event, "Первая"), make_guest(event, "Вторая")]
    together = Barrier(2)

    def take(pk: int) -> None:
        try:
            guest = Invitation.objects.select_related("event").get(pk=pk)
            together.wait(timeout=20)
            with suppress(WrongState):
                answer(guest, "accepted", WEB, Needs(), Given(parts=frozenset([part.pk])))
        finally:
            connection.close()

    threads = [Thread(target=take, args=[guest.pk]) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert (people_in(part), Event.objects.get(pk=event.pk).seats_taken) == (1, 1)
    assert ProgrammeItem.objects.get().places == 1
