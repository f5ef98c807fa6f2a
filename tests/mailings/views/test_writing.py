import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.states import Sensitivity
from mailings import actions
from mailings.models import Mailing, MailingVersion, Presence, Revision, TestLetter
from mailings.states import MailingStatus
from tests.factories.mailings import make_approved, make_draft, make_reader, person

pytestmark = pytest.mark.django_db

SAVED = "<p>Здравствуйте, {имя|коллеги}!</p>"


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


@pytest.fixture
def colleague(client_of):
    return client_of(person("colleague@payom.test"))


@pytest.fixture
def mailing():
    return make_draft("ru")


def words(**changed):
    return {"subject": "Тема", "preheader": "Анонс", "body": "<p>Текст</p>", "revision": 1} | changed


def address(mailing, tail="", language="ru"):
    return f"/mailings/{mailing.pk}/text/{language}/{tail}"


def stored(language="ru"):
    return MailingVersion.objects.get(language=language)


def test_what_is_typed_is_saved_by_itself(client, mailing):
    answer = client.post(address(mailing, "autosave/"), words())

    assert (answer.status_code, answer.json()["revision"], stored().body) == (200, 2, "<p>Текст</p>")


def test_a_first_text_is_saved_by_itself(client, mailing):
    answer = client.post(address(mailing, "autosave/", "tg"), words(subject="", preheader="", revision=0))

    assert (answer.status_code, stored("tg").body) == (200, "<p>Текст</p>")


def test_the_page_of_somebody_who_wrote_beside_another_gets_both(client, colleague, mailing):
    client.post(address(mailing, "autosave/"), words(subject="Тема ru", body=SAVED + "<p>мой</p>"))
    answer = colleague.post(address(mailing, "autosave/"), words(subject="Твоя тема", body=stored_before(mailing)))

    assert answer.json()["joined"] | {"body": ""} == {
        "subject": "Твоя тема",
        "preheader": "Анонс",
        "body": "",
        "revision": 4,
    }


def stored_before(mailing):
    return Revision.objects.get(version__mailing=mailing, number=1).body


def test_two_texts_of_one_place_are_told_apart(client, colleague, mailing):
    client.post(address(mailing, "autosave/"), words(subject="Моя"))
    answer = colleague.post(address(mailing, "autosave/"), words(subject="Твоя"))

    assert (answer.status_code, bool(answer.json()["error"]), stored().subject) == (409, True, "Моя")


def test_nothing_is_saved_by_itself_once_approval_was_asked_for(client):
    make_reader()
    mailing = make_approved()
    answer = client.post(address(mailing, "autosave/"), words())
    page = client.get(address(mailing)).content.decode()

    assert (answer.status_code, Mailing.objects.get().status, "data-autosave" in page) == (
        409,
        MailingStatus.APPROVED,
        False,
    )


@pytest.mark.parametrize("way", ["", "autosave/"])
@pytest.mark.parametrize("place", ["subject", "preheader", "body"])
def test_a_field_that_does_not_exist_is_refused_and_the_right_one_named(client, mailing, way, place):
    answer = client.post(address(mailing, way), words(**{place: "Уважаемый {имяя|коллега}"}))

    said = answer.content.decode() if not way else answer.json()["error"]
    assert (answer.status_code, "{имя|коллега}" in said, stored().subject) == (422, True, "Тема ru")


def test_the_refused_text_is_still_on_the_page(client, mailing):
    answer = client.post(address(mailing), words(body="<p>Долгий текст {имяя}</p>"))

    assert "Долгий текст {имяя}" in answer.content.decode()


def test_a_field_of_another_language_is_a_field(client, mailing):
    assert client.post(address(mailing), words(body="<p>{name|коллеги}</p>")).status_code == 302


def test_a_text_too_long_is_not_saved_by_itself_either(client, mailing):
    answer = client.post(address(mailing, "autosave/"), words(body="я" * 90_000))

    assert (answer.status_code, stored().revision) == (422, 1)


def test_saving_beside_a_colleague_keeps_both(client, colleague, mailing):
    body = stored().body
    client.post(address(mailing), words(subject="Тема ru", body=body + "<p>мой</p>"))
    colleague.post(address(mailing), words(subject="Твоя тема", body=body), follow=True)

    assert (stored().subject, stored().body) == ("Твоя тема", body + "<p>мой</p>")


def test_a_colleague_who_writes_is_seen(client, colleague, mailing):
    colleague.post(address(mailing, "presence/"))

    assert "colleague" in client.post(address(mailing, "presence/")).content.decode()


def test_nobody_sees_themselves_nor_who_left(client, colleague, mailing):
    colleague.post(address(mailing, "presence/"))
    Presence.objects.update(seen_at="2026-01-01T00:00Z")

    assert "avatar" not in client.post(address(mailing, "presence/")).content.decode()


def test_opening_the_page_tells_nobody(client, mailing):
    client.get(address(mailing))

    assert Presence.objects.count() == 0


def test_the_history_shows_what_a_save_changed(client, mailing):
    client.post(address(mailing), words(subject="Тема новая", body=SAVED))
    page = client.get(address(mailing, "history/")).content.decode()
    older = client.get(address(mailing, "history/?show=1")).content.decode()

    assert ("<del>ru</del><ins>новая</ins>" in page, "restore/" in older) == (True, True)


def test_an_empty_history_says_what_will_be_here(client, mailing):
    assert "/text/en/" in client.get(address(mailing, "history/", "en")).content.decode()


def test_an_older_text_is_brought_back(client, mailing):
    before = stored().body
    client.post(address(mailing), words())
    client.post(address(mailing, "history/1/restore/"), {"revision": 2})

    assert (stored().body, stored().revision) == (before, 3)


@pytest.mark.parametrize("revision", ["1", "", "x"])
def test_bringing_back_from_an_old_page_is_refused_with_a_sentence(client, mailing, revision):
    client.post(address(mailing), words())
    answer = client.post(address(mailing, "history/1/restore/"), {"revision": revision}, follow=True)

    said = [message.level_tag for message in answer.context["messages"]]
    assert (said[-1], stored().body) == ("error", "<p>Текст</p>")


def test_a_text_that_is_not_in_the_history_cannot_come_back(client, mailing):
    assert client.post(address(mailing, "history/7/restore/"), {"revision": 1}).status_code == 404


def test_a_translation_is_called_up_to_date(client):
    mailing = make_draft("ru tg")
    client.post(address(mailing), words())
    client.post(address(mailing, "compared/", "tg"), {"seen": 2})

    assert stored("tg").source_revision == 2


def test_the_page_of_a_stale_translation_says_so(client):
    mailing = make_draft("ru tg")
    before = 'form="compared"' in client.get(address(mailing, language="tg")).content.decode()
    client.post(address(mailing), words())

    assert (before, 'form="compared"' in client.get(address(mailing, language="tg")).content.decode()) == (False, True)


def test_languages_are_chosen(client, mailing):
    client.post(address(mailing, "languages/"), {"languages-source": "tg", "languages-strict": ["en"]})

    mailing.refresh_from_db()
    assert (mailing.source_language, mailing.strict_languages) == ("tg", ["en"])


def test_languages_that_are_none_are_refused_with_a_sentence(client, mailing):
    answer = client.post(address(mailing, "languages/"), {"languages-source": "fr"}, follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_test_letter_is_asked_for(client, mailing):
    me = person("author@payom.test")
    client.post(address(mailing, "test/"), {"to": [me.pk]})

    assert [(row.recipient, row.asked_by, row.language) for row in TestLetter.objects.all()] == [(me, me, "ru")]


def test_a_test_letter_goes_to_staff_who_may_read_mailings_only(client, mailing):
    stranger = person("door@payom.test")
    stranger.role = "administrator"
    stranger.save()
    answer = client.post(address(mailing, "test/"), {"to": [stranger.pk]}, follow=True)

    assert ([message.level_tag for message in answer.context["messages"]], TestLetter.objects.count()) == (["error"], 0)


def test_what_is_typed_is_shown_and_kept_nowhere(client, mailing):
    answer = client.post(
        f"/mailings/{mailing.pk}/text/ru/typed/", words(body="<p>Ещё не сохранено<script>x</script></p>")
    )

    page = answer.content.decode()
    assert ("Ещё не сохранено" in page, "<script" in page, stored().revision) == (True, False, 1)


def test_what_is_typed_wrongly_is_shown_as_typed(client, mailing):
    answer = client.post(f"/mailings/{mailing.pk}/text/ru/typed/", words(subject="Тема {имяя}"))

    assert (answer.status_code, "{имяя}" in answer.content.decode()) == (200, True)


def test_readers_are_found_among_the_audience_alone(client, mailing):
    make_reader("one@navid.test", name="Холов Ҷамшед", kind="partner")
    make_reader("two@navid.test", name="Холова Зебо", kind="journalist")
    actions.set_audience(mailing, {"kind": ["partner"]}, by=mailing.author)

    page = client.get(address(mailing, "readers/?who=холов")).content.decode()
    assert ("Ҷамшед" in page, "Зебо" in page) == (True, False)


def test_a_reader_is_found_without_their_address(client, mailing):
    make_reader("one@navid.test", name="Холов Ҷамшед", sensitivity=Sensitivity.SEALED)
    seen = client.get(address(mailing, "readers/?who=холов")).content.decode()

    assert ("Ҷамшед" in seen, "one@navid.test" in seen) == (True, False)


@pytest.mark.parametrize("tail", ["autosave/", "presence/", "history/1/restore/", "compared/", "languages/", "test/"])
def test_what_changes_something_answers_to_post_only(client, mailing, tail):
    assert client.get(address(mailing, tail)).status_code == 405


@pytest.mark.parametrize("tail", ["autosave/", "presence/", "history/", "compared/", "languages/", "test/", "readers/"])
def test_a_language_that_is_none_is_not_there(client, mailing, tail):
    answers = [getattr(client, method)(address(mailing, tail, "fr")).status_code for method in ("get", "post")]

    assert (404 in answers, 200 in answers) == (True, False)


def test_tabs_say_how_many_paragraphs_are_missing(client):
    mailing = make_draft("ru tg")
    client.post(address(mailing), words(body="<p>а</p><p>б</p><p>в</p><p>г</p>"))
    client.post(address(mailing, language="tg"), words(body="<p>а</p><p>б</p>"))

    tabs = {tab["version"].language: tab["missing"] for tab in client.get(address(mailing)).context["tabs"]}
    assert tabs == {"ru": 0, "tg": 2, "en": 0}


def test_the_page_takes_the_same_queries_whatever_the_audience(client, mailing):
    make_reader("reader@navid.test")
    client.get(address(mailing))
    with CaptureQueriesContext(connection) as few:
        client.get(address(mailing))
    for number in range(3):
        make_reader(f"reader{number}@navid.test")

    with CaptureQueriesContext(connection) as many:
        client.get(address(mailing))
    assert len(many) == len(few)


@pytest.mark.parametrize("saves", [1, 3])
def test_the_history_takes_the_same_queries_whatever_the_size(client, mailing, saves, django_assert_num_queries):
    for revision in range(1, saves + 1):
        client.post(address(mailing), words(body=f"<p>{revision}</p>", revision=revision))

    with django_assert_num_queries(6):
        client.get(address(mailing, "history/"))
