"""Where letters are read from."""

import json
import mailbox
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError

from mailings.actions.incoming import read_mailbox
from mailings.models import Incoming, MailboxPlace
from tests.factories.incoming import READER, report, written
from tests.imap_server import ImapServer

pytestmark = pytest.mark.django_db

LETTER, REPORT = written(sender="x@other.test"), report()


@pytest.fixture
def imap(settings):
    server = ImapServer()
    server.start()
    settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", server.port, False
    settings.MAILBOX_USER, settings.MAILBOX_PASSWORD, settings.MAILBOX_TIMEOUT = "press", server.password, 5
    yield server
    server.stop()


def test_mailbox_is_read_from_where_it_was_left(imap):
    imap.letters = {3: LETTER, 7: REPORT}
    first = read_mailbox()
    imap.letters[8] = written("Ещё", sender="x@other.test", number="2")

    assert (first, read_mailbox(), read_mailbox(), MailboxPlace.objects.get().last_uid) == (2, 1, 0, 8)


def test_mailbox_is_left_as_it_is(imap):
    imap.letters = {1: LETTER}
    read_mailbox()

    verbs = {command.upper().partition(" ")[0] for command in imap.asked}
    assert (verbs & {"STORE", "EXPUNGE", "SELECT", "COPY"}, [one for one in imap.asked if "STORE" in one.upper()]) == (
        set(),
        [],
    )


def test_folder_that_was_numbered_anew_is_read_again_and_nothing_is_kept_twice(imap):
    imap.letters = {5: LETTER}
    read_mailbox()
    imap.letters, imap.validity = {1: LETTER, 2: REPORT}, 2

    assert (read_mailbox(), Incoming.objects.count()) == (1, 2)


def test_mailbox_that_does_not_answer_says_so_and_is_read_later(imap, settings):
    imap.letters = {1: LETTER}
    read_mailbox()
    settings.MAILBOX_PASSWORD = "wrong"
    read_mailbox()
    trouble = MailboxPlace.objects.get().trouble
    settings.MAILBOX_PASSWORD = imap.password
    read_mailbox()

    assert (trouble, MailboxPlace.objects.get().trouble) == ("error", "")


def fetches(imap):
    return [one.partition("(")[2][:4] for one in imap.asked if one.upper().startswith("UID FETCH")]


def test_letters_are_asked_for_together(imap, monkeypatch):
    monkeypatch.setattr("mailings.pipeline.mailbox.sources.MOST_TOGETHER", 2)
    imap.letters = {number: written(sender="x@other.test", number=str(number)) for number in (1, 2, 5)}

    assert (read_mailbox(), fetches(imap)) == (3, ["UID ", "BODY", "BODY"])


def test_round_whose_time_is_over_ends_and_the_next_goes_on(imap, monkeypatch):
    monkeypatch.setattr("mailings.pipeline.mailbox.sources.MOST_TOGETHER", 2)
    monkeypatch.setattr("mailings.pipeline.mailbox.sources.LONGEST", -1)
    imap.letters = {number: written(sender="x@other.test", number=str(number)) for number in (1, 2, 5)}

    assert [read_mailbox(), read_mailbox(), read_mailbox()] == [2, 1, 0]


def test_no_more_letters_are_asked_for_together_than_memory_should_hold(imap, monkeypatch):
    monkeypatch.setattr("mailings.pipeline.mailbox.sources.BYTES_TOGETHER", len(LETTER))
    imap.letters = {1: LETTER, 2: REPORT}

    assert (read_mailbox(), fetches(imap)) == (2, ["UID ", "BODY", "BODY"])


def test_letter_that_the_server_does_not_give_waits_for_a_person_and_the_others_come_through(imap):
    imap.letters, imap.withheld = {1: LETTER, 2: REPORT, 3: written("Ещё", sender="x@other.test", number="3")}, {2}

    assert (read_mailbox(), MailboxPlace.objects.get().last_uid) == (3, 3)
    assert sorted(Incoming.objects.values_list("kind", flat=True)) == ["poison", "reply", "reply"]


def test_each_letter_that_the_server_does_not_give_is_one_to_look_at(imap):
    imap.letters, imap.withheld = dict.fromkeys((1, 2, 3), LETTER), {1, 3}
    read_mailbox()
    imap.letters[4], imap.withheld = REPORT, {4}
    read_mailbox()

    poison = Incoming.objects.filter(kind="poison").order_by("pk")
    kept = [Path(default_storage.path(one.file)).read_bytes() for one in poison]
    name = MailboxPlace.objects.get().name
    assert kept == [f"letter {uid} of {name}, numbered 1, was not given".encode() for uid in (1, 3, 4)]


def test_busy_database_leaves_the_place_where_it_was(imap, monkeypatch):
    imap.letters = {1: LETTER, 2: REPORT}

    def busy(*_arguments):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr("mailings.actions.incoming._take", busy)
        with pytest.raises(OperationalError):
            read_mailbox()
    place = MailboxPlace.objects.get().last_uid

    assert (place, read_mailbox(), Incoming.objects.count()) == (0, 2, 2)


def told(*arguments):
    out = StringIO()
    call_command("read_mailbox", *arguments, "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_command_says_what_a_letter_is_and_changes_nothing(tmp_path):
    (tmp_path / "one.eml").write_bytes(REPORT)

    said = told("--eml", str(tmp_path / "one.eml"), "--classify-only")

    recipient = {"address": READER, "class": "hard", "status": "5.1.1", "suppress": True}
    assert said == [{"file": str(tmp_path / "one.eml"), "kind": "bounce", "recipients": [recipient]}]
    assert Incoming.objects.count() == 0


def test_command_keeps_letters_and_says_that_nobody_is_stopped_by_a_report_on_no_letter_of_ours(tmp_path):
    (tmp_path / "one.eml").write_bytes(REPORT)

    said = told("--eml", str(tmp_path))

    assert ([one["suppress"] for one in said[0]["recipients"]], Incoming.objects.count()) == ([False], 1)


def test_command_reads_a_maildir_but_for_what_is_still_being_written(tmp_path):
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "letter").write_bytes(written(sender="x@other.test", number=folder))

    assert [one["file"].rpartition("/")[0][-3:] for one in told("--maildir", str(tmp_path))] == ["new", "cur"]


def test_command_reads_each_letter_of_an_mbox(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for raw in (LETTER, REPORT):
        box.add(raw)
    box.close()

    assert [one["kind"] for one in told("--mbox", str(tmp_path / "box"))] == ["reply", "bounce"]


def test_command_says_when_there_is_nothing_to_read(tmp_path):
    with pytest.raises(CommandError, match="is not there"):
        told("--eml", str(tmp_path / "nothing.eml"))
