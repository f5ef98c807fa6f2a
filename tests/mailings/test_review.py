"""Paragraphs, and what colleagues say about them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from core.html import sanitise
from mailings import actions
from mailings.bodies import paragraphs
from mailings.models import Comment, MailingVersion
from mailings.pipeline.checks import check
from mailings.pipeline.freeze import audience_of
from mailings.states import WrongState
from tests.factories.mailings import make_draft, make_reader, make_started, person

BODY = "<h2>Заголовок</h2><p>Первый <strong>абзац</strong></p><ul><li><p>Раз</p></li><li>Два</li></ul><p></p>"


def cut(body, subject="", preheader=""):
    return [(one.kind, one.text) for one in paragraphs(MailingVersion(subject=subject, preheader=preheader, body=body))]


def test_a_text_is_cut_into_what_people_talk_about():
    assert cut(BODY, "Тема", "Анонс") == [
        ("subject", "Тема"),
        ("preheader", "Анонс"),
        ("h2", "Заголовок"),
        ("p", "Первый абзац"),
        ("li", "Раз"),
        ("li", "Два"),
    ]


def test_the_same_words_twice_are_one_paragraph():
    assert cut("<p>Раз</p><p>Два</p><p>Раз</p>") == [("p", "Раз"), ("p", "Два")]


def test_the_mark_follows_the_words_and_not_their_looks():
    marks = [
        paragraphs(MailingVersion(body=body))[0].mark for body in ("<p>Раз</p>", "<h2><em>Раз</em></h2>", "<p>Два</p>")
    ]

    assert (marks[0] == marks[1], marks[0] == marks[2]) == (True, False)


@given(st.text(max_size=300))
def test_any_text_at_all_is_cut(text):
    for one in paragraphs(MailingVersion(body=sanitise(text))):
        assert len(one.mark) == 16


def commented(mailing, text="Проверьте число", number=2):
    version = mailing.versions.get(language="ru")
    mark = paragraphs(version)[number].mark
    return actions.comment(mailing, "ru", mark=mark, text=text, by=person("head@payom.test"))


@pytest.mark.django_db
def test_a_comment_remembers_what_the_paragraph_said():
    mailing = make_draft()

    assert commented(mailing).quote == "Здравствуйте, {имя|коллеги}!"


@pytest.mark.django_db
def test_a_comment_on_words_that_are_gone_is_refused():
    mailing = make_draft()

    with pytest.raises(WrongState):
        actions.comment(mailing, "ru", mark="0" * 16, text="x", by=mailing.author)
    assert Comment.objects.count() == 0


@pytest.mark.django_db
def test_a_comment_does_not_take_the_approval_back():
    make_reader()
    mailing = make_draft()
    actions.submit(mailing, by=mailing.author)
    commented(mailing)
    mailing.refresh_from_db()

    assert mailing.status == "in_review"


@pytest.mark.django_db
def test_what_has_left_is_commented_no_more():
    make_reader()
    mailing = make_started()

    with pytest.raises(WrongState):
        commented(mailing)


@pytest.mark.django_db
def test_open_comments_stand_among_the_checks_until_they_are_settled():
    make_reader()
    mailing = make_draft()
    comment = commented(mailing)

    def warned():
        return [found.text for found in check(mailing, audience_of(mailing)) if "замечани" in found.text]

    before = len(warned())
    actions.resolve(comment, by=mailing.author)
    after = len(warned())
    actions.reopen_comment(comment, by=mailing.author)

    assert (before, after, len(warned())) == (1, 0, 1)


@pytest.mark.django_db
def test_settling_twice_is_written_down_once():
    comment = commented(make_draft())
    for _twice in range(2):
        actions.resolve(comment, by=person("author@payom.test"))

    assert Entry.objects.filter(action="mailings.comment.resolved").count() == 1


@pytest.mark.django_db
def test_the_journal_keeps_no_word_of_a_comment():
    commented(make_draft(), text="Свидетеля не называть")

    assert "Свидетеля" not in str(Entry.objects.filter(action="mailings.comment.added").values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns", [{"text": ""}, {"mark": ""}, {"resolved_at": timezone.now()}], ids=["text", "mark", "by"]
)
def test_the_database_refuses_half_a_comment(columns):
    comment = commented(make_draft())

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**columns)
