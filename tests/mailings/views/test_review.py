"""The pages of review, plan, holidays and what comes after, as those who may, and those who may not, see them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from mailings import actions
from mailings.bodies import paragraphs
from mailings.models import Comment, Delivery, Holiday, Mailing, Probe
from mailings.pipeline.pacing import HOME
from mailings.pipeline.send import send_due
from mailings.states import MailingStatus
from tests.factories.contacts import make_contact, make_staff
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


@pytest.fixture
def viewer(client_of):
    return client_of(make_staff(Role.VIEWER))


def first_mark(mailing):
    return paragraphs(mailing.versions.get(language="ru"))[0].mark


def again(mailing):
    return Mailing.objects.get(pk=mailing.pk)


def test_a_comment_stands_under_its_paragraph(client):
    mailing = make_draft()
    page = f"/mailings/{mailing.pk}/review/ru/"
    answer = client.post(page, {"mark": first_mark(mailing), "text": "Короче"})

    assert answer.headers["Location"] == f"{page}#c{Comment.objects.get().pk}"
    assert [one.text for one in client.get(page).context["texts"][0].comments] == ["Короче"]


def test_a_comment_on_changed_words_says_that_they_changed(client):
    mailing = make_draft()
    client.post(f"/mailings/{mailing.pk}/review/ru/", {"mark": first_mark(mailing), "text": "Короче"})
    words = {"subject": "Коротко", "preheader": "", "body": "<p>Текст</p>"}
    actions.save_version(mailing, "ru", words=words, revision=1, by=mailing.author)
    page = client.get(f"/mailings/{mailing.pk}/review/ru/")

    assert [(one.quote, one.text) for one in page.context["changed"]] == [("Тема ru", "Короче")]


def test_a_comment_that_comes_too_late_is_not_lost(client):
    mailing = make_draft()
    answer = client.post(f"/mailings/{mailing.pk}/review/ru/", {"mark": "0" * 16, "text": "Моё замечание"})

    assert (answer.status_code, "Моё замечание" in answer.content.decode()) == (422, True)


def test_an_empty_comment_is_refused(client):
    mailing = make_draft()
    answer = client.post(f"/mailings/{mailing.pk}/review/ru/", {"mark": first_mark(mailing), "text": " "})

    assert (answer.status_code, Comment.objects.count()) == (422, 0)


@pytest.mark.parametrize("comments", [1, 3])
def test_the_page_takes_the_same_queries_whatever_was_said(client, comments, django_assert_num_queries):
    mailing = make_draft()
    for number in range(comments):
        actions.comment(mailing, "ru", mark=first_mark(mailing), text=str(number), by=mailing.author)
    client.get("/mailings/")

    with django_assert_num_queries(6):
        client.get(f"/mailings/{mailing.pk}/review/ru/")


def test_who_only_reads_sees_no_comment_and_takes_no_step(viewer):
    make_reader()
    mailing = make_approved()
    comment = actions.comment(mailing, "ru", mark=first_mark(mailing), text="Тайное", by=mailing.author)
    contact = make_reader("two@navid.test")
    steps = [
        f"/mailings/{mailing.pk}/{step}/"
        for step in ("plan", "schedule", "unschedule", "send", "call-back", "let-go", "look", "follow-up", "correct")
    ]
    steps += [f"/mailings/{mailing.pk}/{step}/" for step in ("withdraw", "stands", "repeat", f"pick/{contact.pk}")]
    steps += [f"/mailings/comments/{comment.pk}/settle/", "/mailings/holidays/"]

    assert {viewer.post(step).status_code for step in steps} == {403}
    assert viewer.get(f"/mailings/{mailing.pk}/review/ru/").status_code == 403


def test_a_time_is_taken_as_dushanbe_s(client):
    make_reader()
    mailing = make_draft()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(
        f"/mailings/{mailing.pk}/plan/",
        {"plan-when": "time", "plan-send_at": f"{day}T10:00", "plan-pace": "waves", "plan-pace_number": "3"},
    )
    kept = again(mailing)

    assert (kept.send_at, kept.pace, kept.pace_number) == (
        datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=HOME), "waves", 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"plan-when": "time"}, "send_at"),
        ({"plan-when": "time", "plan-send_at": "2020-01-01T10:00"}, "send_at"),
        ({"plan-when": "time", "plan-send_at": "завтра"}, "send_at"),
        ({"plan-pace": "hourly"}, "pace_number"),
        ({"plan-pace": "waves", "plan-pace_number": "1"}, "pace_number"),
        ({"plan-pace": "waves", "plan-pace_number": "500"}, "pace_number"),
        ({"plan-pace": "nonsense"}, "pace"),
    ],
)
def test_a_plan_that_cannot_be_is_kept_as_typed_and_changes_nothing(client, given, field):
    mailing = make_draft()
    answer = client.post(f"/mailings/{mailing.pk}/plan/", {"plan-when": "press", "plan-pace": "at_once"} | given)

    assert (answer.status_code, list(answer.context["plan_form"].errors)) == (422, [field])
    assert (again(mailing).send_at, again(mailing).pace) == (None, "at_once")


def test_scheduled_from_the_page_and_taken_off_again(client):
    make_reader()
    mailing = make_approved()
    at = timezone.now() + timedelta(days=2)
    actions.plan(mailing, send_at=at, pace="at_once", pace_number=None, by=mailing.author)
    client.post(f"/mailings/{mailing.pk}/schedule/")
    scheduled = again(mailing).status
    page = client.get(f"/mailings/{mailing.pk}/text/ru/").content.decode()
    client.post(f"/mailings/{mailing.pk}/unschedule/")

    assert (scheduled, again(mailing).status) == (MailingStatus.SCHEDULED, MailingStatus.APPROVED)
    assert f"/mailings/{mailing.pk}/unschedule/" in page


@pytest.mark.parametrize(("typed", "letters"), [("1", 1), (" 1 ", 1), ("2", 0), ("", 0), ("один", 0), ("²", 0)])
def test_the_number_is_typed_on_the_page(client, typed, letters, settings):
    settings.TYPE_COUNT_FROM = 1
    make_reader()
    mailing = make_approved()
    client.post(f"/mailings/{mailing.pk}/send/", {"typed": typed})

    assert Delivery.objects.count() == letters


def test_a_held_mailing_offers_to_be_called_back(client, settings):
    settings.MAIL_HOLD = timedelta(minutes=5)
    make_reader()
    mailing = make_started()
    page = client.get(f"/mailings/{mailing.pk}/report/").content.decode()
    client.post(f"/mailings/{mailing.pk}/call-back/")

    assert (f"/mailings/{mailing.pk}/call-back/" in page, again(mailing).status) == (True, MailingStatus.APPROVED)


def test_a_follow_up_leads_to_its_text(client, smtp):
    make_reader()
    mailing = make_started()
    send_due()
    answer = client.post(f"/mailings/{mailing.pk}/follow-up/", {"outcome": "sent"})
    draft = Mailing.objects.order_by("-pk").first()

    assert (answer.headers["Location"], draft.audience) == (
        f"/mailings/{draft.pk}/text/ru/", {"outcome": [f"{mailing.pk}:sent"]},
    )  # fmt: skip


def test_a_follow_up_to_nobody_in_particular_is_not_begun(client, smtp):
    make_reader()
    mailing = make_started()
    send_due()
    client.post(f"/mailings/{mailing.pk}/follow-up/", {"outcome": "everybody"})

    assert Mailing.objects.count() == 1


def test_the_report_of_a_withdrawn_mailing_says_so(client, smtp):
    make_reader()
    mailing = make_started()
    send_due()
    client.post(f"/mailings/{mailing.pk}/withdraw/")
    page = client.get(f"/mailings/{mailing.pk}/report/")

    assert [one.correction for one in page.context["corrections"]] == ["withdrawal"]
    assert again(mailing).withdrawn_at is not None


def test_somebody_is_added_by_hand_from_the_page_that_says_why_not(client):
    one, two = make_reader("one@navid.test"), make_reader("two@navid.test", name="Второй")
    mailing = make_draft(pick=[str(one.pk)])
    client.post(f"/mailings/{mailing.pk}/pick/{two.pk}/")
    added = again(mailing).audience
    client.post(f"/mailings/{mailing.pk}/pick/{two.pk}/", {"off": "1"})

    assert (added, again(mailing).audience) == ({"pick": sorted([str(one.pk), str(two.pk)])}, {"pick": [str(one.pk)]})


def test_who_cannot_be_known_of_is_neither_added_nor_named(client_of):
    sealed = make_contact("Скрытая", sensitivity="internal", emails=["hidden@navid.test"])
    mailing = make_draft(pick=[str(sealed.pk)])
    viewer = client_of(make_staff(Role.VIEWER))
    pages = [viewer.get(f"/mailings/{mailing.pk}/{page}").content.decode() for page in ("recipients/", "text/ru/")]

    assert ["Скрытая" in page or "hidden@" in page for page in pages] == [False, False]
    assert viewer.get(f"/mailings/{mailing.pk}/why/{sealed.pk}/").status_code == 404


def test_why_says_that_somebody_was_set_aside(client):
    one = make_reader("one@navid.test", name="Один")
    earlier = make_started(pick=[str(one.pk)])
    mailing = make_draft(not_mailing=[str(earlier.pk)])
    page = client.get(f"/mailings/{mailing.pk}/why/{one.pk}/")

    assert (page.context["fits"], [answer.fits for answer in page.context["answers"]]) == (True, [False])
    assert page.context["reason"] is not None


def test_forms_of_address_nobody_looked_at_are_listed(client):
    make_reader("one@navid.test", name="Один")
    mailing = make_draft()
    page = client.get(f"/mailings/{mailing.pk}/recipients/", {"reason": "unchecked"})

    assert [person.name for person in page.context["page_obj"]] == ["Один"]


def test_a_check_is_asked_for_and_waits(client):
    mailing = make_draft()
    client.post(f"/mailings/{mailing.pk}/look/", {"kind": "links"})
    client.post(f"/mailings/{mailing.pk}/look/", {"kind": "nonsense"})

    assert [(probe.kind, probe.done_at) for probe in Probe.objects.all()] == [("links", None)]


def holiday(**changed):
    return {"name": "Иди Рамазон", "name_tg": "", "day": "10", "month": "3", "year": "2027", "length": "1"} | changed


def test_a_holiday_is_added_changed_and_taken_away(client):
    client.post("/mailings/holidays/", holiday())
    added = Holiday.objects.get(year=2027)
    client.post(f"/mailings/holidays/{added.pk}/", holiday(day="11"))
    changed = Holiday.objects.get(pk=added.pk).day
    client.post(f"/mailings/holidays/{added.pk}/delete/")

    assert (changed, Holiday.objects.filter(pk=added.pk).exists()) == (11, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"day": "31", "month": "2"},
        {"month": "13"},
        {"length": "0"},
        {"length": "99"},
        {"day": "29", "month": "2"},
    ],
    ids=["name", "day", "month", "no length", "too long", "no leap year"],
)
def test_a_day_that_is_none_is_refused(client, changed):
    before = Holiday.objects.count()
    answer = client.post("/mailings/holidays/", holiday(**changed))

    assert (answer.status_code, Holiday.objects.count()) == (422, before)


def test_one_day_is_not_a_holiday_twice(client):
    Holiday.objects.get_or_create(day=1, month=5, defaults={"name": "Первая"})
    answer = client.post("/mailings/holidays/", holiday(day="1", month="5", year=""))

    assert (answer.status_code, Holiday.objects.filter(day=1, month=5).count()) == (422, 1)
