"""Interviews: no day without consent, no name of who was harmed, two invitations that know nothing of each other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from accounts.models import StaffLetter
from events.actions import interviews
from events.desk_states import InterviewStatus, WrongStep
from events.models import CHECKLIST, Interview
from events.pipeline import desk_letters
from tests.factories.accounts import make_user
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, make_expert, make_interview, make_taken, settled

pytestmark = pytest.mark.django_db


def staff():
    return person(STAFF)


def scheduled(**fields) -> Interview:
    interview = make_interview(**fields)
    interviews.note_consent(interview, by=staff())
    interviews.schedule(interview, by=staff())
    return interview


def entries(smtp) -> dict[str, dict]:
    """What came to whom: method, number, and the only attendee."""
    found = {}
    for envelope in smtp.envelopes:
        part = next(part for part in envelope.message.walk() if part.get_content_type() == "text/calendar")
        entry = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
        found[envelope.recipients[0]] = {
            "method": part.get_param("method"),
            "uid": str(entry["uid"]),
            "sequence": entry["sequence"],
            "attendee": str(entry["attendee"]),
            "raw": envelope.data.decode("utf-8", "replace") + part.get_payload(decode=True).decode(),
        }
    return found


def test_no_day_without_consent():
    with pytest.raises(WrongStep):
        interviews.schedule(make_interview(), by=staff())


@pytest.mark.parametrize("status", ["scheduled", "done", "no_show"])
def test_database_refuses_a_day_without_consent(status):
    interview = make_interview()

    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.filter(pk=interview.pk).update(status=status)


@pytest.mark.parametrize("point", CHECKLIST)
def test_survivor_must_have_been_told_each_of_the_seven(point):
    interview = make_interview(is_survivor=True, **settled() | {point: False})
    interviews.note_consent(interview, by=staff())

    with pytest.raises(WrongStep):
        interviews.schedule(interview, by=staff())
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.filter(pk=interview.pk).update(status="scheduled")


def test_survivor_has_a_code_name_alone_and_that_is_sealed():
    interview = make_interview(is_survivor=True)
    row = Interview.objects.filter(pk=interview.pk).values().get()

    assert (interview.code_name, row["expert_id"], "Чинор" in str(row)) == ("Чинор", None, False)


def test_database_refuses_a_survivor_who_is_one_of_our_speakers():
    interview, expert = make_interview(is_survivor=True), make_expert()

    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.filter(pk=interview.pk).update(expert=expert)


def test_two_invitations_know_nothing_of_each_other(smtp):
    scheduled()
    desk_letters.send_waiting()

    found = entries(smtp)
    reporters, speakers = found[REPORTER], found["saodat@panoh.test"]
    assert {one["method"] for one in found.values()} == {"REQUEST"}
    assert (reporters["attendee"], speakers["attendee"]) == (f"mailto:{REPORTER}", "mailto:saodat@panoh.test")
    assert reporters["uid"] != speakers["uid"]
    assert ("saodat@panoh.test" in reporters["raw"], REPORTER in speakers["raw"]) == (False, False)


def test_survivor_gets_no_letter(smtp):
    scheduled(is_survivor=True, **settled())
    desk_letters.send_waiting()

    assert smtp.recipients == [REPORTER]
    assert "Чинор" not in str(smtp.envelopes[0].message)


def test_another_hour_comes_to_both_with_the_next_number(smtp):
    interview = scheduled()
    desk_letters.send_waiting()
    smtp.envelopes.clear()
    interview.starts_at += timedelta(hours=2)
    interviews.save_interview(interview, by=staff())
    desk_letters.send_waiting()

    assert {one["sequence"] for one in entries(smtp).values()} == {1}


def test_another_topic_writes_to_nobody(smtp):
    interview = scheduled()
    desk_letters.send_waiting()
    smtp.envelopes.clear()
    interview.agreed_topics = "Суды"
    interviews.save_interview(interview, by=staff())

    assert desk_letters.send_waiting() == 0


@pytest.mark.parametrize("status", InterviewStatus.values)
def test_stop_works_in_every_state(status):
    person("head@desk.test")
    interview = scheduled()
    Interview.objects.filter(pk=interview.pk).update(status=status)
    interview.refresh_from_db()

    interviews.stop(interview, by=staff())

    interview.refresh_from_db()
    assert (interview.status, interview.consent) == ("cancelled", "withdrawn")
    assert StaffLetter.objects.filter(kind="interview_stopped").count() == 1


def test_stop_calls_both_invitations_off(smtp):
    interview = scheduled()
    desk_letters.send_waiting()
    smtp.envelopes.clear()
    interviews.stop(interview, by=staff())
    desk_letters.send_waiting()

    assert {(one["method"], one["sequence"]) for one in entries(smtp).values()} == {("CANCEL", 1)}
    assert len(smtp.envelopes) == 2


def test_stopped_interview_is_not_scheduled_again():
    interview = make_interview()
    interviews.note_consent(interview, by=staff())
    interviews.stop(interview, by=staff())

    with pytest.raises(WrongStep):
        interviews.schedule(interview, by=staff())


def test_proposed_interview_is_cancelled_without_a_letter(smtp):
    interviews.cancel_interview(make_interview(), by=staff())

    assert desk_letters.send_waiting() == 0


def test_interview_goes_its_way_on_the_pages(client_of):
    request, expert, client = make_taken(), make_expert(), client_of(staff())
    at = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    typed = {"expert": expert.pk, "way": "phone", "language": "ru", "minutes": 30, "record": "on", "starts_at": at}
    client.post(f"/events/requests/{request.pk}/interviews/new/", typed)
    interview = Interview.objects.get()
    states = []
    for step in ("schedule", "consent", "schedule", "done"):
        client.post(f"/events/requests/interviews/{interview.pk}/step/{step}/")
        interview.refresh_from_db()
        states.append(interview.status)

    assert states == ["proposed", "proposed", "scheduled", "done"]


@pytest.mark.parametrize(("typed", "field"), [({}, "expert"), ({"is_survivor": "on"}, "code_name")])
def test_interview_is_of_somebody(client_of, typed, field):
    whole = {"way": "phone", "language": "ru", "minutes": 30, "record": "on", "place": "Студия"} | typed

    answer = client_of(staff()).post(f"/events/requests/{make_taken().pk}/interviews/new/", whole)

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["place"].value()) == (422, [field], "Студия")


def test_viewer_has_no_page_of_an_interview(client_of):
    assert client_of(make_user("viewer")).get(f"/events/requests/interviews/{make_interview().pk}/").status_code == 403
