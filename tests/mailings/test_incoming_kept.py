"""Letters that come in many at once, for rooms above, and what is kept of them."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext

from audit.models import Entry
from mailings.actions.incoming import forget_incoming, settle, take_all, take_in
from mailings.models import Incoming
from mailings.pipeline.mailbox import takers
from mailings.pipeline.mailbox.letter import MAX_BYTES
from mailings.pipeline.send import send_due
from tests.factories.contacts import change
from tests.factories.incoming import make_sent, report, written
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db


# Rooms above


@pytest.fixture
def taker(nobody_above):
    """A room that takes what it is offered."""
    offered = []

    def take(letter, incoming):
        offered.append((letter.subject, incoming.kind))
        return True

    takers.register_taker("requests", "reply", take)
    return offered


def test_letter_that_answers_nothing_is_offered_to_the_rooms_above(taker):
    incoming = take_in(written("Дайте интервью", subject="Вопрос")).incoming

    assert (taker, incoming.taken_by, Incoming.objects.unrecognised().count()) == ([("Вопрос", "reply")], "requests", 0)


def test_answer_to_a_mailing_is_not_offered(smtp, taker):
    take_in(written(answers=make_sent(smtp)))

    assert taker == []


# Many at once


@pytest.fixture
def stumbling(nobody_above):
    """A room that stumbles over letters with this subject, with an error that each test says."""
    errors = {}

    def take(letter, incoming):
        if error := errors.get(letter.subject):
            raise error
        return False

    takers.register_taker("stumbling", "reply", take)
    return errors


def three():
    return [written(sender="x@other.test", subject=f"Письмо {n}", number=f"three-{n}") for n in range(3)]


def test_letter_that_cannot_be_taken_in_waits_for_a_person_and_the_others_come_through(stumbling):
    stumbling["Письмо 1"] = ZeroDivisionError()

    taken = list(take_all(three()))

    assert [(one.incoming.kind, one.is_news) for one in taken] == [("reply", True), ("poison", True), ("reply", True)]
    assert Incoming.objects.count() == 3


def test_letter_set_aside_is_taken_in_once_what_was_wrong_is_mended(stumbling):
    stumbling["Письмо 1"] = ZeroDivisionError()
    list(take_all(three()))
    stumbling.clear()

    taken = list(take_all(three()))

    assert [(one.incoming.kind, one.is_news) for one in taken] == [("reply", False), ("reply", True), ("reply", False)]


@pytest.mark.parametrize("error", [OperationalError(), KeyboardInterrupt()])
def test_reading_that_breaks_off_keeps_nothing_of_its_batch_and_the_next_one_keeps_all_once(stumbling, error):
    stumbling["Письмо 1"] = error
    with pytest.raises(type(error)):
        list(take_all(three()))
    kept = Incoming.objects.count()
    stumbling.clear()

    taken = list(take_all(three() + three()))

    assert (kept, [one.is_news for one in taken].count(True), Incoming.objects.count()) == (0, 3, 3)


def test_file_that_was_left_half_written_is_written_anew(nobody_above):
    raw = three()[0]
    name = take_in(raw).incoming.file
    Incoming.objects.all().delete()
    with default_storage.open(name, "wb") as file:
        file.write(raw[:10])

    incoming = take_in(raw).incoming

    assert (incoming.file, incoming.raw()) == (name, raw)


def test_batch_of_letters_asks_the_database_as_often_as_one_and_for_what_each_changes(smtp, django_assert_num_queries):
    for number in range(3):
        make_reader(f"reader{number}@navid.test")
    rows = list(make_started().deliveries.all())
    send_due()
    raws = [report(row, address=row.address, number=str(row.pk), action="delayed") for row in rows]

    # What is there, the letters, their mailing and its author, their contacts, whose the senders are, one insert, and
    # the savepoint around.
    with django_assert_num_queries(9):
        taken = list(take_all(raws))

    assert [one.incoming.kind for one in taken] == ["delay"] * 3


# The box, and what is kept


def too_big(**fields) -> bytes:
    return written(**fields) + b"\n" * MAX_BYTES


def test_letter_that_is_too_big_says_whose_it_is_and_stays_in_the_mailbox():
    incoming = take_in(too_big(sender="umar@chashma.test", subject="Запись")).incoming

    assert (incoming.kind, incoming.is_too_big, incoming.sender, incoming.subject, incoming.file) == (
        "poison",
        True,
        "umar@chashma.test",
        "Запись",
        "",
    )


def test_letter_of_a_sealed_contact_that_is_too_big_names_nobody():
    make_reader(sensitivity="sealed")
    incoming = take_in(too_big(subject="Запись")).incoming

    assert (incoming.sender, incoming.subject, incoming.reveal()) == ("", "", "Запись")


def test_page_of_a_letter_that_is_too_big_says_what_to_do_with_it(client_of):
    incoming = take_in(too_big()).incoming
    page = client_of(person("author@payom.test")).get(f"/mailings/incoming/{incoming.pk}/").content.decode()

    assert gettext("larger than 25 MB") in page


def test_sealing_a_contact_seals_letters_of_its_address_that_were_nobodys(nobody_above):
    incoming = take_in(written()).incoming
    reader = make_reader()
    change(reader, sensitivity="sealed")

    incoming.refresh_from_db()
    assert (incoming.contact, incoming.sender, incoming.text) == (reader, "", "")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(b"", "poison"), (b"no letter at all", "poison"), (report(), "bounce"), (written(sender="x@other.test"), "reply")],
)
def test_what_nobody_recognises_waits_for_a_person(nobody_above, raw, kind):
    incoming = take_in(raw).incoming
    waits = Incoming.objects.unrecognised().count()
    settle(incoming, by=person("author@payom.test"))

    assert (incoming.kind, waits, Incoming.objects.unrecognised().count()) == (kind, 1, 0)
    assert Entry.objects.filter(action="mailings.incoming.settled").count() == 1


def test_letters_go_as_files_past_their_day_and_what_they_said_stays(smtp, django_capture_on_commit_callbacks):
    delivery = make_sent(smtp)
    name = take_in(written(answers=delivery)).incoming.file

    with django_capture_on_commit_callbacks(execute=True):
        forgotten = forget_incoming(timezone.now() + timedelta(seconds=1))

    assert (forgotten, default_storage.exists(name), Incoming.objects.get().file) == (1, False, "")
    assert Incoming.objects.get().text == "Спасибо, пришлите полный текст."
