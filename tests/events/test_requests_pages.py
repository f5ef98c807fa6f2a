"""The pages of the press desk: what they show to whom, and what comes back when something was typed wrong."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audit.models import Entry
from core.signing import make_token
from crm.models import Contact
from events.actions import requests_answers as answers
from events.models import FormCounter, PressRequest
from events.pipeline import desk_letters
from events.pipeline.desk_figures import figures
from events.templatetags.desk import due_words, span
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, WORDS, come, make_answered, make_request, make_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of):
    return client_of(person(STAFF))


def test_board_shows_each_request_in_its_lane(desk):
    make_request("Новый"), make_taken(subject="Взят"), make_answered(subject="Отвечен")

    lanes = desk.get("/events/requests/").context["lanes"]

    assert {lane.status.value: [card.subject for card in lane.cards] for lane in lanes} == {
        "new": ["Новый"],
        "in_work": ["Взят"],
        "reporter": [],
        "approval": [],
        "answered": ["Отвечен"],
    }


def test_board_begins_with_what_is_most_urgent(desk):
    make_request("Потом", hours=48), make_request("Без срока", hours=None), make_request("Сейчас", hours=2)

    lane = desk.get("/events/requests/").context["lanes"][0]

    assert [card.subject for card in lane.cards] == ["Сейчас", "Потом", "Без срока"]


@pytest.mark.parametrize("view", ["board", "list"])
def test_list_asks_as_much_of_the_database_for_three_as_for_one(desk, view):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            desk.get("/events/requests/", {"view": view})
        return len(asked)

    make_contact("Умар Назаров", emails=[REPORTER], organisation="Радио «Чашма»")
    make_request()
    ask()
    one = ask()
    make_request(), make_taken()

    assert ask() == one


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "mine"}, ["Мой"]),
        ({"who": "free"}, ["Ничей"]),
        ({"who": "mine_or_free"}, ["Мой", "Ничей"]),
        ({"due": "late"}, ["Просрочен"]),
        ({"q": "Nichey"}, ["Ничей"]),
        ({"status": "in_work"}, ["Мой", "Просрочен"]),
    ],
)
def test_list_is_narrowed_by_what_a_person_asks_first(desk, query, found):
    make_taken(subject="Мой", hours=200)
    make_request("Ничей", hours=200)
    make_request("Просрочен", received_at=timezone.now() - timedelta(hours=30), assignee=person("other@desk.test"))

    page = desk.get("/events/requests/", {"view": "list", **query})

    assert sorted(one.subject for one in page.context["object_list"]) == found


def test_request_is_written_down_with_two_answers(desk):
    answer = desk.post(
        "/events/requests/new/",
        {
            "subject": "Амнистия",
            "when": "days",
            "source": "phone",
            "language": "tg",
            "reach": "93 000 11 22",
            "mine": "on",
        },
    )

    made = PressRequest.objects.get()
    assert (answer.status_code, made.subject, made.status, made.assignee, made.phone) == (
        302,
        "Амнистия",
        "in_work",
        person(STAFF),
        "+992930001122",
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reach": "что-то"}, "reach"),
        ({"when": "other"}, "deadline"),
        ({"when": "other", "deadline": "2020-01-01T10:00"}, "deadline"),
        ({"subject": ""}, "subject"),
    ],
)
def test_wrong_entry_comes_back_as_typed_with_its_reason(desk, typed, field):
    whole = {"subject": "Амнистия", "when": "days", "source": "phone", "language": "tg", "question": "Кого?"} | typed

    answer = desk.post("/events/requests/new/", whole)

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["question"].value()) == (422, [field], "Кого?")
    assert PressRequest.objects.count() == 0


def test_form_is_filled_for_a_contact_it_was_opened_from(desk):
    contact = make_contact("Зебо Холова")

    desk.post(
        f"/events/requests/new/?contact={contact.pk}",
        {"subject": "x", "when": "open", "source": "phone", "language": "ru"},
    )

    assert PressRequest.objects.get().contact == contact


def test_answer_is_written_on_the_page(desk):
    request = make_taken()

    desk.post(f"/events/requests/{request.pk}/write/answer/", {"subject": "Re", "text": "Ответ"})

    request.refresh_from_db()
    assert (request.status, request.messages.last().text) == ("answered", "Ответ")


def test_answer_without_words_comes_back(desk):
    request = make_taken()

    answer = desk.post(f"/events/requests/{request.pk}/write/answer/", {"subject": "Re: важное", "text": ""})

    assert (answer.status_code, answer.context["letter_form"]["subject"].value()) == (422, "Re: важное")


def test_page_begins_the_answer_in_the_language_of_the_reporter(desk):
    request = make_taken(language="tg")

    assert desk.get(f"/events/requests/{request.pk}/").context["letter_form"]["text"].value().startswith("Салом!")


def test_steps_without_words_are_pressed(desk):
    request = make_request()
    states = []
    for step in ("take", "spam", "restore"):
        desk.post(f"/events/requests/{request.pk}/step/{step}/")
        states.append(PressRequest.objects.get().status)

    assert states == ["in_work", "spam", "new"]


def test_step_that_needs_words_has_no_button(desk):
    assert desk.post(f"/events/requests/{make_taken().pk}/step/answer/").status_code == 404


def test_viewer_reads_and_finds_no_button(client_of):
    request = make_request()
    page = client_of(make_user("viewer")).get(f"/events/requests/{request.pk}/").content.decode()

    assert ("Когда пускают адвоката?" in page, REPORTER in page, "<textarea" in page) == (True, False, False)


def test_sealed_letters_are_shown_after_a_press_that_is_written_down(client_of):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    request = make_request(question="Тайный вопрос")
    head = client_of(make_user("head"))
    closed = head.get(f"/events/requests/{request.pk}/").content.decode()
    opened = head.post(f"/events/requests/{request.pk}/reveal/").content.decode()

    assert ["Тайный вопрос" in page for page in (closed, opened)] == [False, True]
    assert [REPORTER in page for page in (closed, opened)] == [False, True]


def test_editor_never_reads_what_a_sealed_contact_wrote(desk):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    request = make_request(question="Тайный вопрос")

    answer = desk.post(f"/events/requests/{request.pk}/reveal/")
    page = desk.get(f"/events/requests/{request.pk}/").content.decode()

    assert (answer.status_code, "Тайный вопрос" in page, REPORTER in page) == (403, False, False)


def test_request_of_a_hidden_contact_is_not_found(client_of):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="internal")

    assert client_of(make_user("viewer")).get(f"/events/requests/{make_request().pk}/").status_code == 404


def test_letter_as_it_came_is_kept_and_not_shown(desk):
    request = come(f"From: {REPORTER}\nSubject: x\nContent-Type: text/html\n\n<script>x</script>".encode())

    answer = desk.get(f"/events/requests/messages/{request.messages.first().pk}/original/")

    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"].partition(";")[0]) == (
        "application/octet-stream",
        "attachment",
    )


def test_head_approves_what_stands_on_the_page(client_of):
    request = make_taken(is_sensitive=True)
    answers.answer(request, WORDS, by=person(STAFF))
    head = client_of(make_user("head"))
    seen = head.get(f"/events/requests/{request.pk}/").context["draft"]

    head.post(f"/events/requests/{request.pk}/approve/", {"seen": seen})

    request.refresh_from_db()
    assert request.status == "answered"


def test_one_of_two_namesakes_is_named_by_a_press(desk):
    contact, request = make_contact("Umar Nazarov"), make_request()

    desk.post(f"/events/requests/{request.pk}/reporter/", {"contact": contact.pk})

    request.refresh_from_db()
    assert request.contact == contact


def test_stranger_becomes_a_contact_by_a_press_once(desk):
    request = make_request()
    for _press in range(2):
        desk.post(f"/events/requests/{request.pk}/make-contact/")

    request.refresh_from_db()
    assert ([contact.name for contact in Contact.objects.all()], request.contact) == (
        ["Умар Назаров"],
        Contact.objects.get(),
    )


def test_links_are_only_to_what_was_published(desk):
    request = make_answered()

    answer = desk.post(f"/events/requests/{request.pk}/close/", {"result": "not_used", "url": "https://x.test/"})

    assert (answer.status_code, list(answer.context["result_form"].errors)) == (422, ["result"])


def test_nearest_deadlines_are_said_in_words():
    noon = timezone.localtime().replace(hour=12, minute=0)

    with translation.override("en"):
        assert [due_words(noon + timedelta(days=days)) for days in (0, 1)] == ["today, 12:00", "tomorrow, 12:00"]


@pytest.mark.parametrize(("minutes", "number"), [(40, "40"), (540, "9"), (60 * 24 * 3, "3")])
def test_length_of_time_is_said_about(minutes, number):
    assert span(timedelta(minutes=minutes)).split()[0] == number


def test_figures_count_what_was_answered_in_time():
    start = timezone.now() - timedelta(days=2)
    rows = [(1, 10), (3, 10), (20, 10), (None, 10), (5, None)]
    for answered, hours in rows:
        request = make_request(received_at=start, hours=hours)
        PressRequest.objects.filter(pk=request.pk).update(
            first_answer_at=start + timedelta(hours=answered) if answered else None
        )
    spam = make_request()
    PressRequest.objects.filter(pk=spam.pk).update(status="spam")

    found = figures(PressRequest.objects.all())

    assert (found.count, found.median, found.in_time, found.timed, found.share) == (5, timedelta(hours=4), 2, 4, 50)


# The public form


def typed(*, age: int = 60, **changed):
    shown = make_token("press-form", int(timezone.now().timestamp()) - age)
    words = {
        "reporter_name": "Умар",
        "outlet_name": "Чашма",
        "reach": REPORTER,
        "subject": "Адвокат",
        "question": "Когда?",
    }
    return words | {"language": "ru", "shown": shown} | changed


def test_reporter_asks_on_the_website():
    answer = Client().post("/press/", typed())

    made = PressRequest.objects.get()
    assert (answer.status_code, made.source, made.who, made.address, made.messages.get().text) == (
        200,
        "form",
        "Умар",
        REPORTER,
        "Когда?",
    )


def test_form_writes_no_letter_to_an_address_that_somebody_typed():
    Client().post("/press/", typed())

    assert PressRequest.objects.get().messages.filter(direction="out").count() == 0


def test_form_says_the_same_whether_it_knows_the_address_or_not():
    stranger = Client().post("/press/", typed(reach="x@nowhere.test")).content
    make_contact("Умар Назаров", emails=[REPORTER])

    assert Client().post("/press/", typed()).content == stranger


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"website": "http://spam.test"}, "field"),
        ({"age": 1}, "time"),
        ({"shown": "x"}, "time"),
    ],
    ids=["fills everything", "too fast", "made up"],
)
def test_robot_sees_thanks_and_leaves_a_number(changed, reason):
    answer = Client().post("/press/", typed(**changed))

    assert (answer.status_code, answer.context["is_sent"], PressRequest.objects.count()) == (200, True, 0)
    assert list(FormCounter.objects.values_list("reason", "count")) == [(reason, 1)]


def test_a_page_that_lay_open_is_sent_once_more_and_loses_nothing():
    first = Client().post("/press/", typed(age=13 * 60 * 60))
    shown = first.context["form"]["shown"].value()
    again = Client().post("/press/", typed(shown=shown))

    assert (first.status_code, first.context["form"]["question"].value()) == (422, "Когда?")
    assert (again.context["is_sent"], PressRequest.objects.count(), FormCounter.objects.count()) == (True, 1, 0)


def test_sixth_request_in_an_hour_of_one_sender_is_counted_only():
    for _number in range(7):
        Client().post("/press/", typed())

    assert (PressRequest.objects.count(), FormCounter.objects.get().count) == (5, 2)


def test_typed_wrong_comes_back_in_the_language_of_the_page():
    answer = Client().post("/press/?lang=tg", typed(reach="ҳеҷ"))

    assert (answer.status_code, answer.context["form"]["question"].value(), 'lang="tg"' in answer.content.decode()) == (
        422,
        "Когда?",
        True,
    )


def test_form_has_no_cookie_and_no_script():
    answer = Client().get("/press/")

    assert (answer.status_code, answer.cookies, b"<script" in answer.content) == (200, {}, False)


# Correcting


def correct(desk, request, **typed):
    form = {"subject": request.subject, "language": "ru", "address": request.address} | typed
    return desk.post(f"/events/requests/{request.pk}/edit/", form)


def test_address_that_was_wrong_is_corrected_and_the_letter_goes_there(desk, smtp):
    request = make_answered(address="umra@chashma.test")
    smtp.refuse["umra@chashma.test"] = "550 5.1.1 no such user"
    desk_letters.send_waiting()
    correct(desk, request, address=REPORTER)
    answers.send_again(request.messages.get(direction="out"), by=person(STAFF))
    desk_letters.send_waiting()

    assert smtp.recipients == [REPORTER]
    assert Entry.objects.filter(action="events.request.readdressed").count() == 1


def test_page_of_a_letter_that_failed_leads_to_where_the_address_is_corrected(desk):
    request = make_answered()
    request.messages.filter(direction="out").update(status="failed", bounce_class="hard")
    page = desk.get(f"/events/requests/{request.pk}/").content.decode()

    assert page.count(f"/events/requests/{request.pk}/edit/") == 2


def test_what_is_no_address_comes_back_as_it_was_typed(desk):
    request = make_taken()
    answer = correct(desk, request, address="umar@")

    request.refresh_from_db()
    assert (answer.status_code, answer.context["form"]["address"].value(), request.address) == (422, "umar@", REPORTER)


def test_address_of_a_sealed_reporter_is_neither_shown_nor_emptied_by_saving(desk):
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    request = make_taken()
    client = desk
    page = client.get(f"/events/requests/{request.pk}/edit/").content.decode()
    correct(client, request, address="")

    request.refresh_from_db()
    assert (REPORTER in page, request.address) == (False, REPORTER)
