"""Certificates of a training: every Tajik letter is a letter in the file, in names, titles, outlets and fixed words."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from audit.models import Entry
from events.actions.door import mark
from events.actions.guests import set_presence
from events.models import Invitation
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_guest, make_held_today
from tests.factories.mailings import person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
LETTERS = ["ғ", "ӣ", "қ", "ӯ", "ҳ", "ҷ"]
NAME = "Ғафурӣ Қаҳрамон Ҷӯрабек Ӯктамӣ Ҳоҷӣ Ғуломҷон"
OUTLET = "Рӯзномаи «Ҳақиқати Суғд»"
TITLE = "Ҳуқуқи рӯзноманигор ва қонунҳои Ҷумҳурӣ: суғурта ва ғамхорӣ"


def made(client, event) -> list[str]:
    answer = client.post(f"/events/{event.pk}/paper/", {"what": "certs"})
    assert answer["Content-Type"] == "application/pdf", answer
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]


@pytest.fixture
def event():
    """A training in Tajik to which one person came, and another did not."""
    event = make_held_today(title=TITLE, kind="training")
    make_organisation(OUTLET, kind="newspaper")
    came, absent = make_guest(event, NAME, organisation=OUTLET), make_guest(event, "Не пришла")
    Invitation.objects.filter(pk__in=[came.pk, absent.pk]).update(rsvp="accepted")
    mark(event, came, by=person(HEAD))
    return event


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


@pytest.mark.parametrize("letter", [*LETTERS, *(letter.upper() for letter in LETTERS)])
def test_letter_of_a_name_is_that_letter_in_the_file(editor, event, letter):
    name = f"Амин{letter}{letter}асан Умар"
    Invitation.objects.filter(name=NAME).update(name=name)
    (page,) = made(editor, event)

    assert page.count(name) == 1


def test_name_outlet_and_title_come_out_as_they_were_written(editor, event):
    (page,) = made(editor, event)

    assert [words for words in (NAME, OUTLET, f"«{TITLE}»") if words not in page] == []
    assert [letter for letter in LETTERS if letter not in page] == []


def test_fixed_words_are_tajik_for_who_works_in_tajik(client_of, event):
    (page,) = made(client_of(make_user("editor", language="tg")), event)

    assert [words for words in ("Сертификат", "иштирок дар тренинг", NAME) if words not in page] == []


@pytest.mark.parametrize("kind", ["training", "marathon"])
def test_both_kinds_of_training_give_certificates(editor, event, kind):
    type(event).objects.filter(pk=event.pk).update(kind=kind)

    assert len(made(editor, event)) == 1


@pytest.mark.parametrize("kind", ["press_conf", "forum", "briefing", "film_club", "debate", "book"])
def test_no_other_kind_gives_any(editor, event, kind):
    type(event).objects.filter(pk=event.pk).update(kind=kind)

    assert editor.post(f"/events/{event.pk}/paper/", {"what": "certs"}).status_code == 302


def test_who_must_not_stand_on_paper_gets_none(editor, event):
    hidden, sealed = make_guest(event, "Осторожная"), make_guest(event, "Закрытая", sensitivity="sealed")
    set_presence(hidden, records=False, by=person(HEAD))
    Invitation.objects.filter(pk__in=[hidden.pk, sealed.pk]).update(rsvp="accepted")
    for guest in (hidden, sealed):
        mark(event, Invitation.objects.get(pk=guest.pk), by=person(HEAD))
    text = " ".join(made(editor, event))

    assert (text.count("Сертификат"), [name for name in ("Осторожная", "Закрытая") if name in text]) == (1, [])


def test_certificates_are_written_down(editor, event):
    made(editor, event)
    entry = Entry.objects.get(action="events.paper.printed")

    assert (entry.subject_id, entry.kind, entry.details) == (event.pk, "export", {"what": "certs", "rows": 1})
