"""A press request from state to state: who may what when, what is kept of it, and how carefully."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import StaffLetter
from audit.models import Entry
from crm.actions import erasure
from crm.models import Contact, Organisation
from events.actions import requests
from events.actions import requests_answers as answers
from events.actions.knowing import may_be
from events.desk_states import OPEN, TRANSITIONS, RequestStatus, Step, WrongStep
from events.models import PressRequest, RequestMessage
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, WORDS, make_answered, make_request, make_taken

pytestmark = pytest.mark.django_db


def staff():
    return person(STAFF)


def head():
    return person("head@desk.test")


def history(request):
    return list(request.history.values_list("step", "was", "became"))


def test_every_state_but_the_first_is_reached_by_some_step():
    assert {to for _from, to in TRANSITIONS.values()} == set(RequestStatus)


def test_every_open_state_is_left_by_some_step():
    assert {status for allowed, _to in TRANSITIONS.values() for status in allowed} >= OPEN


@pytest.mark.parametrize("step", Step.values)
@pytest.mark.parametrize("status", RequestStatus.values)
def test_step_is_done_from_the_states_of_the_table_alone(step, status):
    request, other = make_request(), make_request("Другой")
    needs = {"duplicate": {"duplicate_of": other}, "declined": {"decline_reason": "topic"}}.get(status, {})
    PressRequest.objects.filter(pk=request.pk).update(status=status, draft_by=staff(), **needs)
    also = {
        "duplicate": {"duplicate_of": other},
        "decline": {"decline_reason": "topic"},
        "submit": {"draft_by": staff()},
    }.get(step, {})
    allowed, to = TRANSITIONS[step]
    try:
        request.move(step, by=staff(), **also)
    except WrongStep:
        moved = False
    else:
        moved = True

    request.refresh_from_db()
    assert (moved, request.status) == (status in allowed, to if status in allowed else status)


def test_request_of_a_known_address_is_the_contacts():
    contact = make_contact("Умар Назаров", emails=[REPORTER], organisation="Радио «Чашма»")

    request = make_request(address="Umar@chashma.test")

    assert (request.contact, request.organisation) == (contact, Organisation.objects.called("Радио «Чашма»"))


def test_request_of_a_known_telephone_is_the_contacts():
    contact = make_contact("Умар Назаров", phones=["+992930001122"])

    assert make_request(address="", phone="+992930001122").contact == contact


def test_shared_mailbox_makes_nobody_the_reporter_but_is_offered():
    first, second = make_contact("Умар Назаров", emails=[REPORTER]), make_contact("Зебо Холова", emails=[REPORTER])

    request = make_request()

    assert (request.contact, set(may_be(request, staff()))) == (None, {first, second})


def test_unknown_reporter_is_no_contact_and_gets_no_mailing():
    request = make_request()

    assert (request.is_verified, request.who, Contact.objects.count()) == (False, "Умар Назаров", 0)


def test_namesake_is_offered_in_another_script():
    contact = make_contact("Umar Nazarov")

    assert may_be(make_request(), staff()) == [contact]


def test_address_of_a_reporter_stands_nowhere_readable():
    request = make_request(phone="+992930001122")
    row = PressRequest.objects.filter(pk=request.pk).values().get()

    assert (request.address, request.phone) == (REPORTER, "+992930001122")
    assert [name for name, value in row.items() if "chashma.test" in str(value) or "930001122" in str(value)] == []


def test_unknown_reporter_becomes_a_contact_with_what_was_said():
    request = make_request(outlet_name="Радио «Чашма»")

    contact = requests.make_contact(request, by=staff())

    request.refresh_from_db()
    assert (request.contact, contact.emails.get().address, request.outlet) == (contact, REPORTER, "Радио «Чашма»")


def test_who_takes_a_request_answers_it():
    request = make_request()

    requests.take_request(request, by=staff())

    request.refresh_from_db()
    assert (request.status, request.assignee, history(request)) == (
        "in_work",
        staff(),
        [("take", "new", "in_work")],
    )


def test_second_who_takes_is_told_that_somebody_was_quicker():
    request, stale = make_request(), PressRequest.objects.get()
    requests.take_request(request, by=staff())

    with pytest.raises(WrongStep):
        requests.take_request(stale, by=head())

    request.refresh_from_db()
    assert request.assignee == staff()


def test_handing_over_is_told_and_kept():
    request = make_taken()

    requests.hand_over(request, head(), note="уезжаю", by=staff())

    request.refresh_from_db()
    event = request.history.last()
    assert (request.assignee, event.handed_to, event.by, event.note) == (head(), head(), staff(), "уезжаю")
    assert StaffLetter.objects.get().user == head()


def test_request_is_handed_to_nobody_who_may_not_answer():
    viewer = make_staff("viewer")

    with pytest.raises(WrongStep):
        requests.hand_over(make_taken(), viewer, by=staff())


def test_answer_goes_as_a_letter_and_stops_the_first_clock():
    request = make_answered()

    message = request.messages.last()
    request.refresh_from_db()
    assert (request.status, message.status, message.text, request.first_answer_at) == (
        "answered",
        "queued",
        WORDS.text,
        message.at,
    )


def test_answer_without_an_address_is_what_was_said():
    request = make_answered(address="")

    assert [(one.direction, one.status) for one in request.messages.all()] == [("in", ""), ("out", "")]


def test_answer_to_a_new_request_takes_it_first():
    request = make_request()

    answers.answer(request, WORDS, by=staff())

    assert [step for step, _was, _became in history(request)] == ["take", "answer"]


def test_question_back_waits_for_the_reporter():
    request = make_taken()

    answers.ask_reporter(request, WORDS, by=staff())

    assert (request.status, request.messages.last().status) == ("reporter", "queued")


def test_sensitive_answer_waits_for_a_second_person():
    request = make_taken(is_sensitive=True)
    head()

    assert answers.answer(request, WORDS, by=staff()) is None
    assert (request.status, request.draft, request.messages.filter(direction="out").count()) == (
        "approval",
        WORDS.text,
        0,
    )
    assert StaffLetter.objects.filter(kind="request_draft").values_list("user", flat=True).get() == head().pk


def test_author_does_not_approve_the_own_answer_while_somebody_else_could():
    request, author = make_request(is_sensitive=True), head()
    person("head@other.test")
    answers.answer(request, WORDS, by=author)

    with pytest.raises(PermissionDenied):
        answers.approve_answer(request, seen=WORDS.text, by=author)


def test_approved_answer_leaves_in_the_name_of_its_author():
    request = make_taken(is_sensitive=True)
    answers.answer(request, WORDS, by=staff())

    answers.approve_answer(request, seen=WORDS.text, by=head())

    message = request.messages.get(direction="out")
    assert (request.status, message.by, message.text, request.draft) == ("answered", staff(), WORDS.text, "")


def test_answer_that_changed_since_it_was_read_is_not_approved():
    request = make_taken(is_sensitive=True)
    answers.answer(request, WORDS, by=staff())

    with pytest.raises(WrongStep):
        answers.approve_answer(request, seen="Другой текст", by=head())

    assert request.messages.filter(direction="out").count() == 0


def test_returned_answer_keeps_its_text_and_says_why():
    request = make_taken(is_sensitive=True)
    answers.answer(request, WORDS, by=staff())

    answers.return_answer(request, "Без имён", by=head())

    assert (request.status, request.draft, request.messages.last().text) == ("in_work", WORDS.text, "Без имён")


@pytest.mark.parametrize("is_approved", ["1", ""])
def test_author_hears_what_became_of_an_answer_that_waited(is_approved):
    request = make_taken(is_sensitive=True)
    reader = head()
    answers.answer(request, WORDS, by=person(STAFF))
    if is_approved:
        answers.approve_answer(request, seen=WORDS.text, by=reader)
    else:
        answers.return_answer(request, "Короче", by=reader)

    letter = StaffLetter.objects.get(kind="request_decided")
    assert (letter.user, letter.facts["is_approved"]) == (person(STAFF), is_approved)


def test_author_who_takes_an_answer_back_is_written_no_letter():
    request = make_taken(is_sensitive=True)
    head()
    answers.answer(request, WORDS, by=person(STAFF))
    answers.return_answer(request, "", by=person(STAFF))

    assert StaffLetter.objects.filter(kind="request_decided").count() == 0


def test_answer_is_returned_by_its_author_and_who_approves_alone():
    request = make_taken(is_sensitive=True)
    answers.answer(request, WORDS, by=staff())

    with pytest.raises(WrongStep):
        answers.return_answer(request, "", by=person("other@desk.test"))
    answers.return_answer(request, "", by=staff())

    assert request.status == "in_work"


def test_declined_request_has_a_reason_that_the_letter_does_not_name():
    request = make_request()

    answers.decline(request, "hostile", WORDS, by=staff())

    assert (request.status, request.decline_reason, request.messages.last().text) == ("declined", "hostile", WORDS.text)


def test_database_refuses_a_refusal_without_a_reason():
    request = make_request()

    with pytest.raises(IntegrityError), transaction.atomic():
        PressRequest.objects.filter(pk=request.pk).update(status="declined")


def test_unknown_result_is_asked_again_after_a_week():
    request = make_answered()

    requests.close_request(request, result="unknown", by=staff())

    assert (request.ask_result_on - request.settled_at.date()).days in {7, 8}


def test_known_result_is_asked_no_more():
    request = make_answered()
    requests.close_request(request, result="unknown", by=staff())

    requests.keep_result(request, result="published", url="https://chashma.test/1", by=staff())

    assert (request.result, request.result_url, request.ask_result_on) == ("published", "https://chashma.test/1", None)


def test_joined_request_shows_its_messages_with_the_others():
    first, second = make_request(question="Раз?"), make_request(question="Два?")

    requests.join(second, first, by=staff())

    thread = RequestMessage.objects.of_thread(first)
    assert ([one.text for one in thread], second.status, second.duplicate_of) == (["Раз?", "Два?"], "duplicate", first)


def test_joining_can_be_taken_back():
    first, second = make_request(), make_request()
    requests.join(second, first, by=staff())

    requests.restore(second, by=staff())

    assert (second.status, second.duplicate_of, RequestMessage.objects.of_thread(first).count()) == ("new", None, 1)


def test_request_is_not_joined_with_itself():
    request = make_request()

    with pytest.raises(WrongStep):
        requests.join(request, request, by=staff())


def test_spam_can_be_brought_back():
    request = make_request()
    requests.call_spam(request, by=staff())

    requests.restore(request, by=staff())

    assert (request.status, request.settled_at) == ("new", None)


def test_what_was_written_is_sealed_with_its_contact():
    contact = make_contact("Умар Назаров", emails=[REPORTER])
    request = make_taken(is_sensitive=True, question="Меня зовут Умар")
    answers.answer(request, WORDS, by=staff())

    change(contact, sensitivity="sealed", by=head())

    request.refresh_from_db()
    message = request.messages.first()
    assert (message.text, message.reveal(), request.draft, request.reveal_draft()) == (
        "",
        "Меня зовут Умар",
        "",
        WORDS.text,
    )


def test_what_a_sealed_contact_writes_is_sealed_at_once():
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")

    message = make_request(question="Меня зовут Умар").messages.get()

    assert (message.text, message.reveal()) == ("", "Меня зовут Умар")


def test_request_of_a_hidden_contact_is_hidden_too():
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="internal")
    request, open_one = make_request(), make_request("Открытый", address="other@navid.test")

    seen = {role: set(PressRequest.objects.visible_to(make_staff(role))) for role in ("editor", "viewer", "member")}

    assert seen == {"editor": {request, open_one}, "viewer": {open_one}, "member": set()}


def test_erased_person_leaves_no_word_in_a_request():
    contact = make_contact("Умар Назаров", emails=[REPORTER], organisation="Радио «Чашма»")
    request = make_answered(question="Меня зовут Умар")

    erasure.erase(contact, never_again=False, uploads=False, by=head())

    request = PressRequest.objects.get(pk=request.pk)
    assert (request.who, request.address, [one.reveal() for one in request.messages.all()], request.outlet) == (
        "",
        "",
        ["", ""],
        "Радио «Чашма»",
    )


def test_every_step_is_in_the_journal_without_an_address():
    request = make_answered()
    requests.close_request(request, result="unknown", by=staff())

    entries = Entry.objects.filter(subject_type="events.pressrequest").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == [
        "events.request.added",
        "events.request.answer",
        "events.request.close",
    ]
    assert "chashma.test" not in str(list(entries.values()))
