"""A review gathered from earlier mailings and publications."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailings import actions
from mailings.forms.gathering import GatherForm
from mailings.models import Mailing
from mailings.pipeline.frame import web_url
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db


def make_review(*languages):
    review = actions.create(title="Обзор", kind="review", by=person("editor@payom.test"))
    for language in languages:
        words = {"subject": "Обзор за май", "preheader": "", "body": "<p>Главное</p>"}
        actions.save_version(review, language, words=words, revision=0, by=review.author)
    return review


def gather(client, review, **chosen):
    client.force_login(review.author)
    return client.post(f"/mailings/{review.pk}/gather/", chosen)


def bodies(review):
    return dict(review.versions.values_list("language", "body"))


def test_chosen_mailings_stand_under_each_text_with_the_link_of_their_copy(client):
    make_reader()
    mailing, review = make_started("ru tg"), make_review("ru", "tg")
    answer = gather(client, review, mailings=[mailing.pk])

    assert answer.url == f"/mailings/{review.pk}/text/ru/"
    assert bodies(review) == {
        language: f'<p>Главное</p><h2>{title}</h2><ul><li><a href="{web_url(mailing, language)}">Тема {language}</a>.'
        " Анонс</li></ul>"
        for language, title in (("ru", "Что мы выпустили"), ("tg", "Мо чӣ нашр кардем"))
    }


def test_review_without_a_text_is_begun_in_the_languages_of_what_was_chosen(client):
    make_reader()
    mailing, review = make_started("ru tg"), make_review()
    gather(client, review, mailings=[mailing.pk])

    assert sorted(bodies(review)) == ["ru", "tg"]


def test_publication_is_a_title_and_a_link_in_any_order(client):
    review = make_review("ru")
    lines = "Азия-Плюс: «Суд <идёт>» — https://news.test/1\nhttps://news.test/2, Радио\n\nhttps://news.test/3"
    gather(client, review, clippings=lines)

    assert bodies(review)["ru"] == (
        "<p>Главное</p><h2>О нас пишут</h2><ul>"
        '<li><a href="https://news.test/1">Азия-Плюс: «Суд &lt;идёт&gt;»</a></li>'
        '<li><a href="https://news.test/2">Радио</a></li>'
        '<li><a href="https://news.test/3">https://news.test/3</a></li></ul>'
    )


@pytest.mark.parametrize("lines", ["Без ссылки", "javascript:alert(1) https", ""])
def test_line_without_a_link_is_refused_and_kept(client, lines):
    review = make_review("ru")
    answer = gather(client, review, clippings=lines)

    assert (answer.status_code, answer.context["form"]["clippings"].value()) == (422, lines)
    assert bodies(review) == {"ru": "<p>Главное</p>"}


def test_what_is_not_written_in_a_language_of_the_review_is_said(client):
    make_reader(languages="tg")
    mailing, review = make_started("tg"), make_review("ru")
    answer = gather(client, review, mailings=[mailing.pk])

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["mailings"])


def test_ticked_is_what_left_since_the_last_review():
    make_reader()
    old, new = make_started(), make_started()
    Mailing.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=40))
    last = make_started()
    Mailing.objects.filter(pk=last.pk).update(kind="review", started_at=timezone.now() - timedelta(days=30))
    form = GatherForm(review=make_review())

    assert [one.pk for one in form.fields["mailings"].queryset] == [new.pk, old.pk]
    assert form.fields["mailings"].initial == [new.pk]


@pytest.mark.parametrize(
    "change", [{"withdrawn_at": timezone.now()}, {"embargo_until": timezone.now() + timedelta(days=1)}]
)
def test_what_nobody_may_read_is_not_offered(change):
    make_reader()
    Mailing.objects.filter(pk=make_started().pk).update(**change)

    assert list(GatherForm(review=make_review()).fields["mailings"].queryset) == []


def test_only_a_review_is_gathered(client):
    make_reader()
    mailing = make_started()

    assert gather(client, mailing).status_code == 404
