"""The speaker desk: who fits, who is asked, and that a member representative sees what is theirs and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.signing import make_token
from crm.actions.organisations import represent
from crm.models import Organisation, Topic
from events.actions import experts
from events.actions import requests_answers as answers
from events.desk_states import WrongStep
from events.models import Expert, SpeakerQuestion
from events.pipeline import desk_letters
from events.pipeline.desk_words import SPEAKER
from events.pipeline.speaker_match import suggest
from tests.architecture.addresses import STAFF as PATHS
from tests.architecture.addresses import VIEWS
from tests.factories.accounts import make_user
from tests.factories.mailings import person
from tests.factories.requests import (
    REPORTER,
    STAFF,
    WORDS,
    come,
    make_answered,
    make_expert,
    make_question,
    make_request,
    make_taken,
)

pytestmark = pytest.mark.django_db
DESK = [path for path in PATHS if path.startswith("/events/requests/")]


def member(organisation="Центр «Паноҳ»"):
    user = make_user("member", email=f"m{Organisation.objects.count()}@member.test")
    represent(user, Organisation.objects.named(organisation), by=person("head@desk.test"))
    return user


def suggested(request, **about):
    found = suggest(request, Expert.objects.with_load().prefetch_related("topics"), on=timezone.localdate(), **about)
    return [(one.expert.name, one.fits) for one in found]


def link(question):
    return f"/speak/{make_token(SPEAKER, question.pk)}/"


def test_who_knows_the_topic_and_the_language_fits_first():
    make_expert("Не знает темы"), make_expert("Знает", topics=["Суды"]), make_expert("Не говорит", languages="en")

    found = suggested(make_request(language="tg", topic=Topic.objects.named("Суды")))

    assert found == [("Знает", True), ("Не знает темы", True), ("Не говорит", False)]


@pytest.mark.parametrize(
    "limit",
    [{"refuses": "video"}, {"away_until": timezone.localdate() + timedelta(days=1)}, {"languages": "en"}],
    ids=["not on camera", "away", "another language"],
)
def test_limit_is_said_and_puts_the_speaker_last(limit):
    make_expert("С условием", topics=["Суды"], **limit), make_expert("Другой")
    request = make_request(language="ru", wanted="video", topic=Topic.objects.named("Суды"))

    assert suggested(request) == [("Другой", True), ("С условием", False)]


def test_who_was_asked_too_often_this_week_rests():
    tired = make_expert("Устал", most_a_week=1)
    make_expert("Свободен")
    make_question(expert=tired)

    assert suggested(make_request()) == [("Свободен", True), ("Устал", False)]


def test_who_knows_the_region_comes_before_who_does_not():
    make_expert("А отсюда далеко"), make_expert("Б здешний", regions="sughd")

    assert suggested(make_request(), region="sughd") == [("Б здешний", True), ("А отсюда далеко", True)]


def test_letter_to_a_speaker_names_neither_reporter_nor_matter(smtp):
    question = make_question()
    desk_letters.send_waiting()

    letter = smtp.envelopes[0].message
    text = letter.get_body("plain").get_content()
    assert (letter["To"], letter["In-Reply-To"], link(question) in text) == ("saodat@panoh.test", None, True)
    assert [word for word in ("Умар", REPORTER, "адвокат", "горячей") if word in text] == []


def test_link_of_a_speaker_stands_nowhere_in_the_thread(client_of):
    question = make_question()
    page = client_of(make_user("viewer")).get(f"/events/requests/{question.request_id}/").content.decode()

    kept = [message.reveal() for message in question.request.messages.all()]
    assert ([link(question) in text for text in [page, *kept]], "[…]" in page) == ([False, False, False], True)


def test_speaker_is_asked_once():
    question = make_question()

    with pytest.raises(WrongStep):
        experts.ask_speaker(question.request, question.expert, "Ещё раз?", by=person(STAFF))


def test_settled_request_has_nothing_to_ask():
    with pytest.raises(WrongStep):
        make_question(make_answered())


def test_link_is_opened_without_changing_anything():
    question, client = make_question(), Client()
    pages = [client.get(link(question)).status_code for _time in range(3)] + [client.head(link(question)).status_code]

    question.refresh_from_db()
    assert (pages, question.status, client.cookies) == ([200, 200, 200, 200], "waiting", {})


def test_page_of_the_link_says_nothing_of_the_reporter():
    page = Client().get(link(make_question())).content.decode()

    assert ("горячей линии" in page, "Умар" in page, REPORTER in page) == (True, False, False)


def test_speaker_answers_by_the_link_and_may_think_again():
    question, client = make_question(), Client()
    client.post(link(question), {"status": "yes", "text": "Завтра утром"})
    client.post(link(question), {"status": "no", "text": "Не смогу"})

    question.refresh_from_db()
    assert (question.status, question.answer, question.answered_by) == ("no", "Не смогу", None)


def test_link_of_a_settled_request_takes_no_answer():
    question = make_question()
    answers.answer(question.request, WORDS, by=person(STAFF))

    Client().post(link(question), {"status": "yes"})

    question.refresh_from_db()
    assert question.status == "waiting"


@pytest.mark.parametrize("token", ["x", make_token("unsubscribe", 1)], ids=["made up", "of another purpose"])
def test_other_token_opens_nothing(token):
    make_question()

    assert Client().get(f"/speak/{token}/").status_code == 404


def test_what_a_speaker_writes_is_no_answer_of_the_reporter():
    question = make_question()
    request = question.request
    answers.ask_reporter(request, WORDS, by=person(STAFF))
    sent = request.messages.get(expert=question.expert)
    raw = f"From: saodat@panoh.test\nSubject: Re\nIn-Reply-To: {sent.message_id}\n\nСогласна".encode()

    come(raw)

    request.refresh_from_db()
    assert (request.status, request.messages.last().expert) == ("reporter", question.expert)


def test_letter_to_a_speaker_is_no_part_of_the_reporters_thread():
    question = make_question()

    answers.answer(question.request, WORDS, by=person(STAFF))

    assert question.request.messages.get(direction="out", expert=None).in_reply_to == ""


def test_representative_sees_what_the_own_speakers_are_asked(client_of):
    question = make_question()
    make_question(make_taken(subject="Чужой"), make_expert("Чужая", organisation="Другая организация"))

    page = client_of(member()).get("/events/requests/asked/")

    assert list(page.context["waiting"]) == [question]
    assert "Чужой" not in page.content.decode()


def test_representative_answers_for_the_own_speaker(client_of):
    question, user = make_question(), member()

    client_of(user).post(f"/events/requests/asked/{question.pk}/", {"status": "yes", "text": "Можно"})

    question.refresh_from_db()
    assert (question.status, question.answered_by) == ("yes", user)


def test_representative_of_another_organisation_finds_nothing(client_of):
    question, other = make_question(), member("Другая организация")
    client = client_of(other)

    answers_given = {
        getattr(client, verb)(f"/events/requests/asked/{question.pk}/").status_code for verb in ("get", "post")
    }

    question.refresh_from_db()
    assert (answers_given, question.status) == ({404}, "waiting")


@pytest.mark.parametrize("path", DESK)
def test_representative_opens_no_page_of_the_desk_but_the_own_questions(path, client_of):
    make_question()
    client = client_of(member())

    statuses = {getattr(client, verb)(path).status_code for verb in ("get", "post")}

    own = path.startswith("/events/requests/asked/")
    assert (statuses <= {200, 302, 404, 405, 422}) if own else (statuses == {403}), (path, VIEWS[path])


def test_speaker_is_added_with_topics_and_limits(client_of):
    Organisation.objects.filter(pk=Organisation.objects.named("Центр «Паноҳ»").pk).update(kind="member")
    place = Organisation.objects.get()
    typed = {"name": "Саодат", "organisation": place.pk, "language_list": ["tg", "ru"], "topic_names": "Суды, Армия"}
    typed |= {"refused_list": ["video", "live"], "most_a_week": 2, "is_active": "on", "address": "S@panoh.test"}

    client_of(person(STAFF)).post("/events/requests/speakers/new/", typed)

    made = Expert.objects.get()
    assert (made.languages, made.refuses, made.address, sorted(topic.name for topic in made.topics.all())) == (
        "tg ru",
        "video live",
        "S@panoh.test",
        ["Армия", "Суды"],
    )


def test_question_is_asked_from_the_page_of_the_request(client_of):
    request, expert = make_taken(), make_expert()

    client_of(person(STAFF)).post(f"/events/requests/{request.pk}/speakers/", {"text": "Сможете?", "expert": expert.pk})

    assert SpeakerQuestion.objects.get().text == "Сможете?"


def test_answer_by_telephone_is_written_down_by_the_desk(client_of):
    question = make_question()

    client_of(person(STAFF)).post(f"/events/requests/asked/{question.pk}/", {"status": "yes", "text": "По телефону"})

    question.refresh_from_db()
    assert (question.status, question.answered_by) == ("yes", person(STAFF))


def test_viewer_answers_for_nobody(client_of):
    assert client_of(make_user("viewer")).post(f"/events/requests/asked/{make_question().pk}/").status_code == 403
