from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.signing import make_token
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.frame import WEB_COPY
from mailings.pipeline.send import send_due
from tests.factories.letters import make_file, make_picture, make_signatory, show_picture
from tests.factories.mailings import make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


def address(mailing, pk=None):
    return f"/w/{make_token(WEB_COPY, mailing.pk)}/" + (f"{pk}/" if pk else "")


def read(mailing, language="ru"):
    return Client().get(address(mailing), {"lang": language})


def sent(mailing):
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(mailing, by=mailing.author)
    return mailing


def test_letter_carries_the_address_of_its_web_copy(smtp):
    make_reader()
    mailing = make_started()
    send_due()
    [envelope] = smtp.envelopes
    parts = [envelope.message.get_body((kind,)).get_content() for kind in ("plain", "html")]

    assert [address(mailing) + "?lang=ru" in part for part in parts] == [True, True]


def test_web_copy_names_nobody_and_fills_the_defaults():
    make_reader(name="Ҷамшед Холов", given_name="Ҷамшед")
    page = read(make_started()).content.decode()

    assert ("Ҷамшед" in page, "reader@" in page, "Здравствуйте, коллеги!" in page) == (False, False, True)


def test_web_copy_speaks_the_language_it_is_asked_for():
    make_reader()
    mailing = make_started("ru tg")
    pages = {code: read(mailing, code).content.decode() for code in ("ru", "tg", "en")}

    assert {code: (f'lang="{code}">Тема {code}</h1>' in page) for code, page in pages.items()} == {
        "ru": True,
        "tg": True,
        "en": False,
    }


def test_web_copy_is_for_no_robot_and_runs_no_script():
    make_reader()
    answer = read(make_started())

    assert ("noindex" in answer.content.decode(), "<script" in answer.content.decode(), answer.cookies.output()) == (
        True,
        False,
        "",
    )


@pytest.mark.parametrize("token", ["x", "AAAA", make_token("unsubscribe", 1)])
def test_guessed_link_opens_nothing(token):
    make_reader()
    make_started()

    assert Client().get(f"/w/{token}/").status_code == 404


def test_what_has_not_left_is_not_read():
    assert read(make_draft()).status_code == 404


def test_web_copy_waits_for_the_end_of_the_embargo():
    make_reader()
    mailing = make_draft()
    picture = make_picture(mailing)
    actions.set_particulars(mailing, {"embargo_until": timezone.now() + timedelta(days=1)}, {}, by=mailing.author)
    sent(mailing)
    before = [read(mailing), Client().get(address(mailing, picture.pk))]
    Mailing.objects.filter(pk=mailing.pk).update(embargo_until=timezone.now() - timedelta(minutes=1))
    after = [read(mailing), Client().get(address(mailing, picture.pk))]

    assert ([one.status_code for one in before], "Тема" in before[0].content.decode()) == ([403, 404], False)
    assert [one.status_code for one in after] == [200, 200]


def test_withdrawn_text_is_gone():
    make_reader()
    mailing = make_started()
    actions.withdraw(mailing, by=mailing.author)
    answer = read(mailing)

    assert (answer.status_code, "Здравствуйте" in answer.content.decode()) == (410, False)


def test_official_letter_has_no_web_copy():
    make_reader()
    mailing = make_draft()
    actions.describe(mailing, title="Письмо", kind="official", by=mailing.author)
    actions.set_particulars(mailing, {"number": 1}, {}, by=mailing.author)
    sent(mailing)

    assert read(mailing).status_code == 404


def test_web_copy_shows_pictures_files_and_signatories():
    make_reader()
    mailing = make_draft()
    picture, file = make_picture(mailing), make_file(mailing)
    show_picture(mailing, picture)
    make_signatory(mailing, "Центр «Паноҳ»")
    sent(mailing)
    page = read(mailing).content.decode()
    answers = [Client().get(address(mailing, one.pk)) for one in (picture, file)]

    assert [part in page for part in (f'src="{address(mailing, picture.pk)}"', file.name, "Центр «Паноҳ»")] == [
        True
    ] * 3
    assert [one.content for one in answers] == [picture.content(), file.content()]


def test_file_of_another_mailing_is_not_given():
    make_reader()
    mailing, other = make_started(), make_draft()

    assert Client().get(address(mailing, make_file(other).pk)).status_code == 404


def corrected(how):
    """A mailing, and the letter about it that has begun to leave."""
    make_reader()
    mailing = make_started()
    send_due()
    draft = how(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    words = {"subject": "Число было другим", "preheader": "", "body": "<p>Одиннадцать.</p>"}
    actions.save_version(draft, "ru", words=words, revision=0, by=draft.author)
    return mailing, sent(Mailing.objects.get(pk=draft.pk))


def test_copy_of_what_was_corrected_leads_to_the_correction_and_back(smtp):
    mailing, correction = corrected(actions.correct)

    assert f'href="{address(correction)}?lang=ru"' in read(mailing).content.decode()
    assert f'href="{address(mailing)}?lang=ru"' in read(correction).content.decode()


def test_copy_of_what_was_withdrawn_leads_to_the_letter_that_says_why(smtp):
    mailing, withdrawal = corrected(actions.withdraw)
    answer = read(mailing)

    assert (answer.status_code, f'href="{address(withdrawal)}?lang=ru"' in answer.content.decode()) == (410, True)


def test_a_correction_that_has_not_left_is_not_named(smtp):
    make_reader()
    mailing = make_started()
    send_due()
    draft = actions.correct(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    words = {"subject": "Число было другим", "preheader": "", "body": "<p>Одиннадцать.</p>"}
    actions.save_version(draft, "ru", words=words, revision=0, by=draft.author)

    assert "Число было другим" not in read(mailing).content.decode()
