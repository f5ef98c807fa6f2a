"""The register: each number once, terms that remind, a scan that tells nothing of who made it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import StaffLetter
from events.actions.registry import remind_of_terms, save_letter
from events.models import OfficialLetter
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.letters import make_pdf
from tests.factories.mailings import person
from tests.factories.organisations import make_post_at
from tests.factories.requests import STAFF, make_official

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def on_day(days: int) -> int:
    return remind_of_terms(today=today() + timedelta(days=days))


def typed(**changed):
    words = {"way": "out", "number": 1, "on": today().isoformat(), "subject": "О доступе", "organisation_name": "МВД"}
    return words | {"watched_by": person(STAFF).pk} | changed


def test_each_book_counts_for_itself():
    numbers = [make_official(way=way).number for way in ("out", "out", "in")]

    assert numbers == [1, 2, 1]


def test_database_refuses_a_number_twice():
    letter = make_official()

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialLetter.objects.filter(pk=make_official().pk).update(number=letter.number)


def test_term_reminds_three_days_before_and_once_it_is_over():
    make_official(due_on=today() + timedelta(days=10))

    assert [on_day(days) for days in (6, 7, 8, 10, 11, 12)] == [0, 1, 0, 0, 1, 0]
    assert [letter.user for letter in StaffLetter.objects.filter(kind="letter_due")] == [person(STAFF)] * 2


def test_answered_letter_reminds_nobody():
    asked = make_official(due_on=today() + timedelta(days=10))
    make_official("Ответ", way="in", answers=asked)

    assert on_day(11) == 0


def test_another_term_reminds_anew():
    letter = make_official(due_on=today() + timedelta(days=3))
    on_day(0)
    letter.refresh_from_db()
    letter.due_on += timedelta(days=5)
    save_letter(letter, by=person(STAFF))

    assert (on_day(0), on_day(5)) == (0, 1)


def test_letter_is_entered_with_its_scan(client_of):
    scan = SimpleUploadedFile("Скан.pdf", make_pdf(author="Мехрона"))
    client = client_of(person(STAFF))

    client.post("/events/requests/register/new/", typed(scan_file=scan, due_on=today().isoformat(), due_basis="ст. 1"))

    made = OfficialLetter.objects.get()
    content = client.get(f"/events/requests/register/{made.pk}/scan/").content
    assert (str(made.organisation), made.scan_name, "Мехрона".encode("utf-16-be") in content) == (
        "МВД",
        "Скан.pdf",
        False,
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_basis": "ст. 1"}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"organisation_name": "…"}, "organisation_name"),
        ({"subject": ""}, "subject"),
    ],
)
def test_wrong_entry_comes_back_with_its_reason(client_of, changed, field):
    answer = client_of(person(STAFF)).post("/events/requests/register/new/", typed(**changed))

    assert (answer.status_code, list(answer.context["form"].errors), OfficialLetter.objects.count()) == (
        422,
        [field],
        0,
    )


def test_taken_number_comes_back_with_the_next_free_one(client_of):
    make_official()

    answer = client_of(person(STAFF)).post("/events/requests/register/new/", typed())

    assert (answer.status_code, "2" in str(answer.context["form"].errors["number"])) == (422, True)


def test_letter_to_a_hidden_post_is_hidden_too(client_of):
    post = make_post_at("МВД", sensitivity="internal")
    hidden, seen = make_official("Скрытое", post=post), make_official("Открытое")
    client = client_of(make_user("viewer"))

    page = client.get("/events/requests/register/")

    assert ([one for one in page.context["page_obj"]], hidden.subject in page.content.decode()) == ([seen], False)


def test_waiting_letters_stand_by_their_terms(client_of):
    later = make_official(due_on=today() + timedelta(days=9))
    sooner = make_official(due_on=today() + timedelta(days=2))
    make_official()

    page = client_of(make_user("viewer")).get("/events/requests/register/?book=waiting")

    assert list(page.context["page_obj"]) == [sooner, later]


def test_a_letter_that_asks_for_people_stands_at_its_training(client_of):
    training = make_event(title="Тренинг", kind="training")
    other = make_event(title="Другое", kind="training")
    desk = client_of(make_user("editor"))
    address = f"/events/requests/register/new/?book=out&event={training.pk}"
    asked = desk.get(address).context["form"]
    desk.post(address, typed(subject="Назовите участников", event=training.pk))
    pages = [desk.get(f"/events/{one.pk}/").context["official"] for one in (training, other)]

    assert asked["event"].value() == training.pk
    assert [[letter.subject for letter in letters] for letters in pages] == [["Назовите участников"], []]


@pytest.mark.parametrize("asked", ["0", "х", "9" * 30, "-1"])
def test_a_letter_of_an_event_that_is_not_there_is_of_none(client_of, asked):
    form = client_of(make_user("editor")).get("/events/requests/register/new/", {"event": asked}).context["form"]

    assert form["event"].value() is None
