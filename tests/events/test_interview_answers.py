"""What calendars answer to an interview: a note for the staff, and a word to whoever answers if somebody declines."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.models import StaffLetter
from events.actions.interviews import note_consent, save_interview, schedule
from events.models import Interview, RequestMessage
from events.pipeline import desk_letters
from mailings.actions.incoming import take_in
from mailings.models import Incoming
from tests.factories.contacts import make_contact
from tests.factories.invitations import answer_of_calendar
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, make_interview

pytestmark = pytest.mark.django_db
SPEAKER = "saodat@panoh.test"


@pytest.fixture
def invitations(smtp, settings):
    """The letters of a scheduled interview, by whom they went to."""
    settings.MAIL_AUTHSERV_ID = "coalition.test"
    interview = make_interview()
    note_consent(interview, by=person(STAFF))
    schedule(Interview.objects.get(), by=person(STAFF))
    desk_letters.send_waiting()
    return {envelope.message["To"]: envelope.message for envelope in smtp.envelopes}


def answered(letter, partstat="ACCEPTED", **fields) -> Incoming:
    made = answer_of_calendar(letter, partstat, **fields)
    domain = made["From"].rpartition("@")[2]
    made["Authentication-Results"], made["Message-ID"] = f"coalition.test; dkim=pass header.d={domain}", "<a@x.test>"
    return take_in(made.as_bytes()).incoming


def notes() -> list[str]:
    return [one.reveal() for one in RequestMessage.objects.filter(direction="note")]


def told() -> list[str]:
    return list(StaffLetter.objects.filter(kind="interview_declined").values_list("user__email", flat=True))


def test_a_reporter_who_accepts_is_noted_in_the_request(invitations):
    incoming = answered(invitations[REPORTER])

    assert (len(notes()), incoming.taken_by, told()) == (1, "requests", [])
    assert Incoming.objects.unrecognised().count() == 0


def test_whoever_answers_hears_that_somebody_declines(invitations):
    answered(invitations[SPEAKER], "DECLINED")

    assert (told(), Interview.objects.get().status) == ([STAFF], "scheduled")


def test_a_speakers_answer_shows_no_address(invitations):
    incoming = answered(invitations[SPEAKER], "DECLINED")

    incoming.refresh_from_db()
    assert (incoming.sender, incoming.subject, incoming.text, incoming.file) == ("", "", "", "")
    assert "Далер Саидов" in notes()[0]


def test_another_time_that_is_proposed_is_noted_and_told(invitations):
    answered(invitations[REPORTER], "TENTATIVE", method="COUNTER")

    proposed = timezone.localtime(Interview.objects.get().starts_at)
    assert (proposed.strftime("%H:%M") in notes()[0], told()) == (True, [STAFF])


def test_an_answer_of_somebody_else_is_noted_as_one_and_told_to_nobody(invitations):
    answered(invitations[REPORTER], "DECLINED", attendee="evil@evil.test")

    assert (len(notes()), told()) == (1, [])


def test_an_answer_to_a_sealed_contacts_interview_goes_under_the_seal(smtp):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    interview = make_interview()
    note_consent(interview, by=person(STAFF))
    schedule(Interview.objects.get(), by=person(STAFF))
    desk_letters.send_waiting()
    letter = next(one.message for one in smtp.envelopes if one.message["To"] == REPORTER)
    incoming = answered(letter, "DECLINED", attendee="assistant@chashma.test")

    incoming.refresh_from_db()
    note = RequestMessage.objects.get(direction="note")
    assert (incoming.is_sealed, incoming.sender, note.text, bool(note.sealed_text)) == (True, "", "", True)


def test_what_calendars_want_beside_an_answer_is_a_letter_like_any_other(invitations):
    incoming = answered(invitations[REPORTER], method="REFRESH")

    assert (incoming.kind, notes()) == ("reply", [])


def test_an_answer_to_the_former_time_says_so(invitations):
    interview = Interview.objects.get()
    interview.starts_at = datetime(2027, 6, 1, 6, tzinfo=UTC)
    save_interview(interview, by=person(STAFF))
    before = notes()
    answered(invitations[REPORTER], "DECLINED")

    assert (before, notes()) == ([], ["Календарь (журналист): отказ, на прежнее время"])
