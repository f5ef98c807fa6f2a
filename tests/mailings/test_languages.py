import pytest

from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.audience import resolve
from mailings.pipeline.checks import check, missing_paragraphs
from mailings.pipeline.freeze import audience_of
from mailings.states import MailingStatus, Reason
from tests.factories.mailings import make_approved, make_draft, make_reader

pytestmark = pytest.mark.django_db


def readers(audience):
    return [(one.name, one.language, one.first_language) for one in audience.recipients]


def test_without_a_text_in_their_first_language_readers_get_another_of_theirs():
    make_reader(name="Зебо", languages="tg ru")

    assert readers(resolve({}, ["ru"])) == [("Зебо", "ru", "tg")]


def test_readers_of_a_strict_language_are_left_out_and_counted():
    make_reader("one@navid.test", name="Зебо", languages="tg ru")
    make_reader("two@navid.test", name="Галина", languages="ru tg")
    audience = resolve({}, ["ru"], strict=["tg"])

    assert (readers(audience), audience.by_reason()) == (
        [("Галина", "ru", "ru")],
        [(Reason.NO_FIRST_VERSION, 1)],
    )


def test_a_strict_language_that_has_a_text_leaves_nobody_out():
    make_reader(name="Зебо", languages="tg ru")

    assert readers(resolve({}, ["ru", "tg"], strict=["tg"])) == [("Зебо", "tg", "tg")]


def test_a_language_read_before_the_strict_one_is_taken():
    make_reader(name="Галина", languages="ru tg en")

    assert readers(resolve({}, ["ru", "en"], strict=["tg"])) == [("Галина", "ru", "ru")]


def test_the_choice_of_a_mailing_is_asked():
    make_reader(name="Зебо", languages="tg ru")
    mailing = make_draft("ru")
    actions.set_languages(mailing, source="ru", strict=["tg"], by=mailing.author)

    assert audience_of(Mailing.objects.get()).by_reason() == [(Reason.NO_FIRST_VERSION, 1)]


def test_the_choice_is_part_of_what_is_approved():
    make_reader("ru@navid.test")
    mailing = make_approved()
    approved = mailing.fingerprint()
    actions.set_languages(mailing, source="ru", strict=["tg"], by=mailing.author)
    changed = Mailing.objects.get()

    assert (changed.status, changed.fingerprint() == approved) == (MailingStatus.DRAFT, False)


def test_another_source_leaves_an_approval_alone():
    make_reader()
    mailing = make_approved("ru tg")
    actions.set_languages(mailing, source="tg", strict=[], by=mailing.author)

    assert (Mailing.objects.get().status, mailing.source.language) == (MailingStatus.APPROVED, "tg")


def test_how_many_read_another_language_is_said():
    make_reader("one@navid.test", languages="tg ru")
    make_reader("two@navid.test", languages="ru")
    mailing = make_draft("ru")

    assert "Тоҷикӣ: " in " ".join(said(mailing))


def test_numbers_that_differ_are_said_with_a_way_to_the_place():
    mailing = texts(en="<p>first</p><p>13 people</p>", tg="<p>аввал</p><p>12 нафар</p>")
    finding = next(one for one in findings(mailing) if "13" in one.text)

    assert ("12" in finding.text, finding.level, finding.url) == (
        True,
        "warning",
        f"/mailings/{mailing.pk}/text/tg/?at=1",
    )


def test_versions_that_say_the_same_get_a_mark():
    mailing = texts(ru="<p>13 человек</p>", tg="<p>сездаҳ нафар</p>")

    assert [one.level for one in findings(mailing) if one.level == "warning" and "13" in one.text] == []


def test_paragraphs_that_a_translation_lacks_are_counted():
    mailing = texts(ru="<p>а</p><p>б</p><ul><li>в</li></ul>", tg="<p>а</p>")
    version = mailing.versions.get(language="tg")

    assert (missing_paragraphs(mailing, version), missing_paragraphs(mailing, mailing.source)) == (2, 0)


def test_a_stale_translation_is_said():
    mailing = texts(ru="<p>а</p>", tg="<p>а</p>")
    words = {"subject": "Тема", "preheader": "", "body": "<p>б</p>"}
    actions.save_version(mailing, "ru", words=words, revision=1, by=mailing.author)
    mailing = Mailing.objects.get()

    assert [one.language for one in findings(mailing) if "Русский" in one.text and one.level == "warning"] == ["tg"]


def texts(**bodies):
    mailing = make_draft("")
    for language, body in bodies.items():
        words = {"subject": "Тема", "preheader": "", "body": body}
        actions.save_version(mailing, language, words=words, revision=0, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def findings(mailing):
    return check(mailing, audience_of(mailing))


def said(mailing):
    return [one.text for one in findings(mailing)]
