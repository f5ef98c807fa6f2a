from datetime import timedelta

import pytest
from django.utils import timezone

from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.checks.letter import about_letter
from tests.factories.letters import make_file, make_picture, make_signatory
from tests.factories.mailings import make_draft

pytestmark = pytest.mark.django_db


def found(mailing):
    return [(finding.level, finding.language) for finding in about_letter(Mailing.objects.get(pk=mailing.pk))]


def saying(body):
    mailing = make_draft()
    version = mailing.versions.get()
    words = {"subject": "Тема", "preheader": "", "body": body}
    actions.save_version(mailing, "ru", words=words, revision=version.revision, by=mailing.author)
    return mailing


def test_letter_in_order_has_nothing_to_say():
    assert found(make_draft("ru tg")) == []


@pytest.mark.parametrize(
    "href",
    [
        "https://payom.test/u/AbCdEfGhIjKlMnOpQrStUv/",
        "http://10.0.0.1/join/AbCdEfGhIjKlMnOpQrStUv/",
        "https://",
        "https://example",
        "http:/example.org",
        "mailto:press",
        "tel:12",
        "example.org",
        "https://exa mple.org/",
    ],
)
def test_link_that_is_somebody_s_or_leads_nowhere_stops_the_mailing(href):
    assert found(saying(f'<p><a href="{href}">Текст</a></p>')) == [("error", "ru")]


@pytest.mark.parametrize(
    "href", ["https://example.org/u/about", "mailto:press@example.org", "tel:+992930000000", "http://пример.рф/а?б=в"]
)
def test_link_that_leads_somewhere_is_let_through(href):
    assert found(saying(f'<p><a href="{href}">Текст</a></p>')) == []


def test_personal_link_is_found_in_plain_words_too():
    assert found(saying("<p>https://payom.test/u/AbCdEfGhIjKlMnOpQrStUv/</p>")) == [("error", "ru")]


def test_picture_without_description_and_one_that_is_gone_stop_the_mailing():
    mailing = make_draft()
    picture = make_picture(mailing)
    body = f'<p><img data-attachment="{picture.pk}" alt=""><img data-attachment="999999" alt="Зал"></p>'
    words = {"subject": "Тема", "preheader": "", "body": body}
    actions.save_version(mailing, "ru", words=words, revision=1, by=mailing.author)

    assert found(mailing) == [("error", "ru"), ("error", "ru")]


def test_picture_that_no_text_shows_is_only_mentioned():
    mailing = make_draft()
    make_picture(mailing)

    assert found(mailing) == [("warning", "ru")]


def test_letter_that_services_would_cut_stops_the_mailing():
    assert found(saying("<p>" + "слово " * 12_000 + "</p>")) == [("error", "ru")]


def test_files_that_outweigh_a_letter_stop_the_mailing(settings):
    mailing = make_draft()
    make_file(mailing)
    settings.LETTER_MAX_BYTES = 100

    assert found(mailing) == [("error", "ru")]


def test_embargo_that_is_over_stops_the_mailing():
    mailing = make_draft()
    moments = [timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)]
    levels = []
    for moment in moments:
        actions.set_particulars(mailing, {"embargo_until": moment}, {}, by=mailing.author)
        levels.append(found(mailing))

    assert levels == [[], [("error", "")]]


def test_signatory_who_has_not_said_yes_is_named():
    mailing = make_draft()
    signatory = make_signatory(mailing, "Центр «Паноҳ»")
    [finding] = about_letter(mailing)
    actions.note_agreement(signatory, agreed_by="Директор", agreed_on=timezone.localdate(), by=mailing.author)

    assert (finding.level, "Центр «Паноҳ»" in finding.text, found(mailing)) == ("warning", True, [])


def test_official_letter_needs_a_number_and_should_say_to_whom():
    mailing = make_draft()
    actions.describe(mailing, title="Письмо", kind="official", by=mailing.author)
    before = found(mailing)
    actions.set_particulars(mailing, {"number": 1}, {"ru": {"addressee": "Министру"}}, by=mailing.author)

    assert (before, found(mailing)) == ([("error", ""), ("warning", "")], [])
