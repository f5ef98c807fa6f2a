import pytest
from django.utils import timezone

from mailings.models import Delivery, Heartbeat, Mailing
from mailings.pipeline.send import send_due
from mailings.states import MailingStatus
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


@pytest.fixture
def head_client(client_of):
    return client_of(person("head@payom.test"))


def words(**changed):
    return {"subject": "Тема", "preheader": "Анонс", "body": "<p>Текст</p>", "revision": 0} | changed


def test_new_mailing_leads_to_its_text(client):
    answer = client.post("/mailings/new/", {"title": "Заявление", "kind": "statement"})

    assert answer.headers["Location"] == f"/mailings/{Mailing.objects.get().pk}/text/ru/"


def test_new_mailing_without_a_title_keeps_what_was_chosen(client):
    answer = client.post("/mailings/new/", {"title": "", "kind": "press_release"})

    assert (answer.status_code, answer.context["form"]["kind"].value(), Mailing.objects.count()) == (
        422,
        "press_release",
        0,
    )


def test_saved_text_is_there_again(client):
    mailing = make_draft("")
    client.post(f"/mailings/{mailing.pk}/text/tg/", words(subject="Мавзуъ"))

    assert mailing.versions.get().subject == "Мавзуъ"


def test_save_from_an_old_page_keeps_both_texts_on_the_page(client):
    mailing = make_draft("ru")
    answer = client.post(f"/mailings/{mailing.pk}/text/ru/", words(subject="Моя тема"))

    page = answer.content.decode()
    assert (answer.status_code, "Моя тема" in page, "Тема ru" in page, mailing.versions.get().subject) == (
        422,
        True,
        True,
        "Тема ru",
    )


@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_preview_of_an_empty_version_opens(client, language):
    assert client.get(f"/mailings/{make_draft('').pk}/preview/{language}/").status_code == 200


def test_preview_says_the_name_of_the_chosen_person(client):
    reader = make_reader(given_name="Ғайрат")
    mailing = make_draft("ru")

    assert (
        "Здравствуйте, Ғайрат!"
        in client.get(f"/mailings/{mailing.pk}/preview/ru/?contact={reader.pk}").content.decode()
    )


def test_preview_runs_no_script_and_fetches_nothing(client):
    policy = client.get(f"/mailings/{make_draft('ru').pk}/preview/ru/").headers["Content-Security-Policy"]

    assert ("default-src 'none'" in policy, "script" in policy) == (True, False)


def test_audience_counts_again_when_the_rule_changes(client):
    make_reader("one@navid.test", kind="partner")
    make_reader("two@navid.test", kind="journalist")
    mailing = make_draft("ru")

    client.post(f"/mailings/{mailing.pk}/audience/", {"audience-kind": ["partner"]})
    page = client.get(f"/mailings/{mailing.pk}/text/ru/")

    assert len(page.context["audience"].recipients) == 1


def test_everyone_left_out_is_shown_with_the_reason(client):
    make_reader("", name="Безадресный")
    mailing = make_draft("ru")

    assert "Безадресный" in client.get(f"/mailings/{mailing.pk}/recipients/?reason=no_address").content.decode()


def test_mailing_goes_from_draft_to_sending_by_two_people(client, head_client):
    make_reader()
    mailing = make_draft("ru")
    client.post(f"/mailings/{mailing.pk}/submit/")
    seen = head_client.get(f"/mailings/{mailing.pk}/text/ru/").context["fingerprint"]
    head_client.post(f"/mailings/{mailing.pk}/approve/", {"fingerprint": seen})
    client.post(f"/mailings/{mailing.pk}/send/")

    assert Mailing.objects.get().status == MailingStatus.SENDING


def test_author_who_posts_the_approval_gets_a_refusal(client):
    make_reader()
    mailing = make_draft("ru")
    client.post(f"/mailings/{mailing.pk}/submit/")
    client.post(f"/mailings/{mailing.pk}/approve/", {"fingerprint": mailing.fingerprint()})

    assert Mailing.objects.get().status == MailingStatus.IN_REVIEW


@pytest.mark.parametrize("step", ["submit", "return", "approve", "send", "pause", "resume", "stop"])
def test_steps_answer_to_post_only(client_of, head, step):
    assert client_of(head).get(f"/mailings/{make_draft('ru').pk}/{step}/").status_code == 405


def test_figures_link_to_the_people_behind_them(client, smtp):
    make_reader("ok@navid.test", name="Дошло")
    make_reader("gone@navid.test", name="Не дошло")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    mailing = make_started("ru")
    send_due()

    page = client.get(f"/mailings/{mailing.pk}/deliveries/?state=failed")

    assert ([row.name for row in page.context["object_list"]], "5.1.1 No such user" in page.content.decode()) == (
        ["Не дошло"],
        True,
    )


def test_report_warns_when_no_sender_is_alive(client):
    make_reader()
    mailing = make_started("ru")

    assert client.get(f"/mailings/{mailing.pk}/report/").context["pulse"].is_late is True


def test_report_is_calm_when_the_sender_was_just_seen(client):
    make_reader()
    mailing = make_started("ru")
    Heartbeat.objects.create(worker="w", seen_at=timezone.now())

    assert client.get(f"/mailings/{mailing.pk}/report/").context["pulse"].is_late is False


@pytest.mark.parametrize("letters", [1, 3])
def test_report_takes_the_same_queries_whatever_the_size(client, letters, django_assert_num_queries):
    for number in range(letters):
        make_reader(f"reader{number}@navid.test")
    mailing = make_started("ru")

    with django_assert_num_queries(22):
        client.get(f"/mailings/{mailing.pk}/report/")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_whatever_the_size(client, rows, django_assert_num_queries):
    for _ in range(rows):
        make_draft("ru tg")

    with django_assert_num_queries(7):
        client.get("/mailings/")


def test_finished_mailing_shows_its_text_no_more_for_editing(client, smtp):
    make_reader()
    mailing = make_started("ru")
    send_due()

    assert client.get(f"/mailings/{mailing.pk}/text/ru/").headers["Location"] == f"/mailings/{mailing.pk}/report/"


def test_sum_of_states_equals_the_frozen_count(client, smtp):
    for number in range(3):
        make_reader(f"reader{number}@navid.test")
    smtp.refuse["reader1@navid.test"] = "452 4.2.2 Full"
    mailing = make_started("ru")
    send_due()

    totals = client.get(f"/mailings/{mailing.pk}/report/").context["totals"]

    assert totals.sent + totals.failed + totals.waiting + totals.stopped == totals.frozen == Delivery.objects.count()


def test_approved_mailing_that_grew_is_refused_with_a_sentence(client):
    make_reader()
    mailing = make_approved("ru")
    make_reader("stranger@navid.test")

    answer = client.post(f"/mailings/{mailing.pk}/send/", follow=True)

    assert ([str(message.level_tag) for message in answer.context["messages"]], Delivery.objects.count()) == (
        ["error"],
        0,
    )


def test_saving_after_a_conflict_puts_mine_in_place_of_theirs(client):
    mailing = make_draft("ru")
    conflict = client.post(f"/mailings/{mailing.pk}/text/ru/", words(subject="Моя тема"))
    client.post(
        f"/mailings/{mailing.pk}/text/ru/",
        words(subject="Моя тема", revision=conflict.context["form"]["revision"].value()),
    )

    assert mailing.versions.get().subject == "Моя тема"


@pytest.mark.parametrize("query", ["дошло", "DOSHLO", "old@navid", "old@navid.test"])
def test_recipient_is_found_by_name_and_by_the_address_the_letter_went_to(client, query):
    reader = make_reader("old@navid.test", name="Дошло")
    make_reader("other@chashma.test", name="Зебо")
    mailing = make_started("ru")
    reader.emails.update(address="new@navid.test", key="new@navid.test")
    reader = type(reader).objects.get(pk=reader.pk)
    reader.index_for_search()
    reader.save()

    page = client.get(f"/mailings/{mailing.pk}/deliveries/", {"q": query})

    assert [row.name for row in page.context["object_list"]] == ["Дошло"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_recipients_takes_the_same_queries_whatever_the_size(client, rows, django_assert_num_queries):
    for number in range(rows):
        make_reader(f"reader{number}@navid.test")
    mailing = make_started("ru")

    with django_assert_num_queries(9):
        client.get(f"/mailings/{mailing.pk}/deliveries/")


def test_audience_of_a_mailing_that_has_left_is_refused_with_a_sentence(client):
    make_reader()
    mailing = make_started("ru")

    answer = client.post(f"/mailings/{mailing.pk}/audience/", {"audience-kind": ["partner"]}, follow=True)

    assert [str(message.level_tag) for message in answer.context["messages"]] == ["error"]


def test_text_too_long_for_a_letter_is_refused_and_kept(client):
    mailing = make_draft("")
    body = f"<p>{'я' * 90_000}</p>"

    answer = client.post(f"/mailings/{mailing.pk}/text/ru/", words(body=body))

    assert (answer.status_code, len(answer.context["form"]["body"].value()), mailing.versions.count()) == (
        422,
        90_007,
        0,
    )
