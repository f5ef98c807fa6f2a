"""The letter that carries a card: the picture comes inside it, with each reader's own name, and is said in words."""

import email
import re
from email import policy

import pytest
from django.utils import translation

from crm.timeline import page as story
from mailings import artwork
from mailings.actions.cards import save_card
from mailings.models import Delivery
from mailings.pipeline.frame import art_of, frame_of
from mailings.pipeline.preview import Sample, sample
from mailings.pipeline.render import compile_letter, render
from mailings.pipeline.send import send_due
from mailings.pipeline.transport import as_bytes
from tests.factories.contacts import make_contact, make_staff
from tests.factories.greetings import fresh, give, make_card, make_occasion, send_off
from tests.factories.mailings import make_reader

pytestmark = pytest.mark.django_db


def letter_of(card, language="ru"):
    mailing = card.mailing
    version = mailing.versions.get(language=language)
    return compile_letter(mailing.kind, version, dated=mailing.dated, frame=frame_of(mailing, language))


def parts(message) -> dict[str, list]:
    parsed = email.message_from_bytes(as_bytes(message), policy=policy.default)
    found: dict[str, list] = {}
    for part in parsed.walk():
        found.setdefault(part.get_content_type(), []).append(part)
    return found


def test_the_picture_comes_inside_the_letter_and_the_text_shows_it():
    message = render(letter_of(make_card()), Sample({"address": "Уважаемая Анҷела!"}), to="reader@example.org")
    found = parts(message)
    (picture,) = found["image/png"]

    assert (picture["Content-ID"], picture.get_content()[:4]) == ("<card>", b"\x89PNG")
    assert 'src="cid:card"' in found["text/html"][0].get_content()
    assert "http" not in "".join(re.findall(r'<img[^>]*src="([^"]*)"', message.html))


def test_each_reader_has_their_own_name_in_the_picture():
    card = make_card()
    letter, art = letter_of(card), art_of(card, "ru")
    pictures = [
        render(letter, Sample({"address": name}), to="reader@example.org").inline[0].data
        for name in ("Уважаемая Анҷела!", "Муҳтарам Ғайрат!")
    ]

    assert pictures == [artwork.picture_of(art, name) for name in ("Уважаемая Анҷела!", "Муҳтарам Ғайрат!")]
    assert pictures[0] != pictures[1]


def test_rendering_a_card_reads_no_database(django_assert_num_queries):
    letter = letter_of(make_card())
    with django_assert_num_queries(0):
        message = render(letter, Sample({"address": "Уважаемая Анҷела!"}), to="reader@example.org")

    assert len(message.inline) == 1


def test_whoever_sees_no_pictures_reads_all_that_the_picture_says():
    occasion = make_occasion("День дерева", month=9, day=30)
    message = render(letter_of(make_card(occasion)), Sample({"address": "Уважаемая Анҷела!"}), to="r@example.org")
    said = "30 сентября, День дерева. С праздником: День дерева! Уважаемая Анҷела!"

    assert f'alt="{said}"' in message.html
    assert said in message.text


def test_a_name_cannot_break_out_of_the_description():
    message = render(letter_of(make_card()), Sample({"address": '"><b>Анҷела'}), to="r@example.org")

    assert "<b>Анҷела" not in message.html


def test_the_signature_ends_the_letter_line_by_line():
    card = make_card()
    texts = {"ru": {"wish": "", "signature": "С теплом,\nМы <все>"}}
    save_card(card, design="lights", with_name=True, texts=texts, by=card.mailing.author)
    message = render(letter_of(fresh(card)), Sample({"address": "Анҷела"}), to="r@example.org")

    assert re.search(r"С теплом,<br ?/?>Мы &lt;все&gt;", message.html)
    assert "С теплом,\nМы <все>" in message.text


def test_the_words_of_a_language_stand_in_its_picture():
    occasion = make_occasion("Дерево", month=9, day=30)
    arts = {language: art_of(make_card(occasion), language) for language in ("tg", "en")}

    assert {language: art.line for language, art in arts.items()} == {
        "tg": "30 сентябри, Дерево (тг)",
        "en": "30 September, Дерево (en)",
    }


def test_a_preview_shows_the_name_of_the_chosen_person():
    card, reader = make_card(), make_reader(name="Холова Зарина", given_name="Зарина", gender="f")
    message = sample(card.mailing.versions.get(language="ru"), reader)

    assert message.inline[0].data == artwork.picture_of(art_of(card, "ru"), "Уважаемая госпожа Холова!")


def test_a_card_arrives(smtp):
    make_reader("a@navid.test", name="Ғайратов Ҷамшед", languages="tg")
    card = make_card()
    send_off(card)
    send_due()
    (envelope,) = smtp.envelopes
    letter = envelope.data
    parsed = email.message_from_bytes(letter, policy=policy.default)

    assert Delivery.objects.get().status == "sent"
    assert [part.get_content_type() for part in parsed.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "image/png",
    ]
    assert max(map(len, letter.splitlines())) <= 998


def test_a_letter_with_a_card_is_small():
    letter = letter_of(make_card())
    raw = as_bytes(render(letter, Sample({"address": "Муҳтарам Ғайратҷон Қодирӣ!"}), to="reader@example.org"))

    assert len(raw) < 100_000


# What was handed over, in the story of a contact


def told(contact, user) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(str(item.title), item.text) for item in story(contact, user, kind="gift").items]


def test_what_was_handed_over_is_told_in_the_story_of_the_contact():
    contact = make_contact("Зарина")
    give(contact, count=2, note="Через секретаря")

    assert told(contact, make_staff("editor")) == [("Handed over: Wall calendar × 2, 2026", "Через секретаря")]


def test_of_a_sealed_contact_only_that_there_is_a_note():
    contact = make_contact("Тайная", sensitivity="sealed")
    give(contact, note="По секрету")

    (item,) = story(contact, make_staff("head"), kind="gift").items
    assert (item.text, item.is_hidden) == ("", True)
