"""The form of address in a letter: its field, what is frozen, and that somebody has looked at it."""

import pytest

from crm.actions.contacts import TypedName
from crm.actions.forms_of_address import check_address
from mailings import actions
from mailings.merge_fields import Field, fill, split, without_default
from mailings.models import Delivery, Mailing
from mailings.pipeline.audience import resolve
from mailings.pipeline.checks import check
from mailings.pipeline.freeze import audience_of, freeze
from mailings.pipeline.preview import sample
from tests.factories.contacts import change
from tests.factories.mailings import make_approved, make_draft, make_reader, person

pytestmark = pytest.mark.django_db


def zebo(address="zebo@navid.test", *, languages="ru", **fields):
    names = {
        "ru": TypedName("Рахимова", "Зебо", "Рустамовна"),
        "tg": TypedName("Раҳимова", "Зебо"),
        "en": TypedName("Rahimova", "Zebo"),
    }
    return change(make_reader(address, name="Зебо", languages=languages), names=names, gender="f", **fields)


def written(text, language="ru", **rule):
    mailing = make_draft(language, **rule)
    words = {"subject": "Тема", "preheader": "", "body": f"<p>{text}</p>"}
    actions.save_version(mailing, language, words=words, revision=1, by=person("author@payom.test"))
    return Mailing.objects.get(pk=mailing.pk)


def warnings(mailing):
    return [(found.text, found.url) for found in check(mailing, audience_of(mailing)) if found.url]


@pytest.mark.parametrize("name", ["обращение", "Обращение", "хитоб", "address"])
def test_the_field_has_a_name_in_each_language(name):
    assert split(f"{{{name}}}") == ["", Field("address", ""), ""]
    assert fill(split(f"{{{name}}}"), {"address": "Салом!"}) == "Салом!"


def test_a_form_of_address_needs_no_default():
    assert without_default("{обращение} {имя}") == ["name"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "Уважаемая Зебо Рустамовна!"), ("tg", "Муҳтарам Зебо!"), ("en", "Dear Ms Rahimova,")],
)
def test_each_reader_is_spoken_to_in_the_language_of_the_letter(language, text):
    zebo(languages=f"{language} ru" if language != "ru" else "ru")

    assert resolve({}, [language]).recipients[0].merge_data["address"] == text


def test_what_is_frozen_is_what_was_approved():
    zebo()
    freeze(make_approved())

    assert Delivery.objects.get().merge_data["address"] == "Уважаемая Зебо Рустамовна!"


def test_the_preview_speaks_as_the_letter_will():
    contact = zebo()
    version = written("{обращение}").versions.get()

    assert "Уважаемая Зебо Рустамовна!" in sample(version, contact).html
    assert "Здравствуйте!" in sample(version).html


def test_a_letter_with_the_field_asks_to_look_at_the_forms_of_address():
    zebo(city="Хорог")
    text, url = warnings(written("{обращение}", city=["Хорог"]))[0]

    assert url == "/contacts/addresses/?in=ru&city=%D0%A5%D0%BE%D1%80%D0%BE%D0%B3"


def test_one_that_somebody_has_looked_at_is_not_asked_about():
    check_address(zebo(), "ru", "", by="test")

    assert warnings(written("{обращение}")) == []


def test_one_looked_at_in_another_language_still_is():
    check_address(zebo(), "tg", "", by="test")

    assert len(warnings(written("{обращение}"))) == 1


def test_a_letter_without_the_field_asks_nothing():
    zebo()

    assert warnings(written("Здравствуйте, {имя|коллеги}!")) == []


def test_the_composer_links_to_the_page(client_of):
    zebo()
    mailing = written("{обращение}")
    page = client_of(person("author@payom.test")).get(f"/mailings/{mailing.pk}/text/ru/")

    assert 'href="/contacts/addresses/?in=ru"' in page.content.decode()
