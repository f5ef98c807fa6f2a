"""A backup that was restored sends nothing twice: what may have left since is asked about."""

import sqlite3
from collections import Counter
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Entry
from mailings import actions
from mailings.models import Delivery, Mailing, SendingClock
from mailings.pipeline import clock, send
from mailings.pipeline.lines import Lines
from mailings.pipeline.send import send_due
from mailings.states import DELIVERY_TRANSITIONS, OPEN_DELIVERY, DeliveryStatus, MailingStatus, WrongState
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

PEOPLE = [f"reader{number}@navid.test" for number in range(5)]
RESTORED = Mailing.PauseKind.RESTORED


@pytest.fixture
def noted(transactional_db):
    """The file outside the database, which is not there yet; counts are noted for real, since commits are real."""
    clock.place().unlink(missing_ok=True)
    yield clock.place()
    clock.place().unlink(missing_ok=True)


def start(people=PEOPLE) -> Mailing:
    for address in people:
        make_reader(address)
    return make_started()


def older(ticks: int = 1) -> None:
    """Make the database as old as it was some letters ago, the way a restored one is."""
    SendingClock.objects.update(ticks=SendingClock.now().ticks - ticks)


def fates():
    return Counter(Delivery.objects.values_list("status", flat=True))


# The real thing


class Backup:
    """A copy of the whole database by SQLite's own backup, and back."""

    def __init__(self):
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)

    def take(self):
        connection.ensure_connection()
        with sqlite3.connect(connection.settings_dict["NAME"], uri=True) as source:
            source.backup(self.copy)
        source.close()

    def restore(self):
        connection.close()
        with sqlite3.connect(connection.settings_dict["NAME"], uri=True) as target:
            self.copy.backup(target)
        target.close()


@pytest.fixture
def backup():
    backup = Backup()
    yield backup
    backup.copy.close()


def take_before_the_first_letter(backup, monkeypatch):
    backup.take()


def take_between_two_letters(backup, monkeypatch):
    _around_call(monkeypatch, send, "turn", 2, after=backup.take)


def take_while_letters_are_on_the_wire(backup, monkeypatch):
    _around_call(monkeypatch, Lines, "begin", 3, after=backup.take)


def take_before_letters_go_on_the_wire(backup, monkeypatch):
    _around_call(monkeypatch, send, "turn", 3, before=backup.take)


def _around_call(monkeypatch, owner, name, number, *, before=lambda: None, after=lambda: None):
    real, calls = getattr(owner, name), []

    def call(*args):
        calls.append(args)
        if len(calls) == number:
            before()
        answer = real(*args)
        if len(calls) == number:
            after()
        return answer

    monkeypatch.setattr(owner, name, call)


MOMENTS = [
    take_before_the_first_letter,
    take_between_two_letters,
    take_while_letters_are_on_the_wire,
    take_before_letters_go_on_the_wire,
]


@pytest.mark.sqlite
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_nobody_gets_a_second_letter_from_a_restored_backup(noted, backup, smtp, monkeypatch, moment):
    mailing = start()
    send_due(seconds=0)  # the worker has been here before
    moment(backup, monkeypatch)
    monkeypatch.setattr(send, "LOT", 1)
    send_due(connections=1)
    finished = Mailing.objects.get(pk=mailing.pk).status
    backup.restore()
    monkeypatch.undo()
    before = fates()

    send_due()
    send_due()

    mailing.refresh_from_db()
    assert (finished, before.total() - before["sent"] > 0) == (MailingStatus.FINISHED, True)
    assert sorted(smtp.recipients) == PEOPLE
    assert (mailing.status, mailing.pause_kind) == (MailingStatus.PAUSED, RESTORED)
    assert set(fates()) <= {"sent", "unknown"}


@pytest.mark.sqlite
@pytest.mark.parametrize(("decision", "letters"), [("sent", 1), ("again", 2)])
def test_page_asks_and_a_person_decides_for_all(noted, backup, smtp, client_of, head, decision, letters):
    mailing = start()
    send_due(seconds=0)
    backup.take()
    send_due()
    backup.restore()
    send_due()
    client = client_of(person("head@payom.test"))
    report = f"/mailings/{mailing.pk}/report/"
    page = client.get(report).content.decode()

    client.post(f"/mailings/{mailing.pk}/decide/", {"decision": decision, "letters": 5})
    send_due()

    mailing.refresh_from_db()
    assert [words in page for words in ('value="5"', 'id="again-all"', 'id="count-all"', "/resume/")] == [
        True,
        True,
        True,
        False,
    ]
    assert (mailing.status, fates()) == (MailingStatus.FINISHED, {"sent": 5})
    assert Counter(smtp.recipients) == {address: letters for address in PEOPLE}


# What the count and the file do


def test_each_letter_is_counted_and_noted_before_it_leaves(noted, smtp, monkeypatch):
    start()
    real, seen = Lines.begin, []

    def look(lines, line, messages, until):
        seen.append((len(messages), SendingClock.now().ticks, int(noted.read_text().split()[1])))
        return real(lines, line, messages, until)

    monkeypatch.setattr(Lines, "begin", look)
    send_due()

    assert seen == [(1, 1, 1)] + [(1, 5, 5)] * 4


def test_new_machine_is_no_alarm(noted, smtp):
    mailing = start()
    SendingClock.objects.update_or_create(only=1, defaults={"ticks": 40})

    send_due()

    mailing.refresh_from_db()
    assert (mailing.status, noted.read_text().split()[1]) == (MailingStatus.FINISHED, "45")


def test_file_of_another_database_is_no_alarm(noted, smtp):
    mailing = start()
    noted.write_text(f"{uuid4()} 1000000\n")

    send_due()

    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.FINISHED


@pytest.mark.parametrize("words", ["restored\n", "", "what is this"])
def test_file_that_is_no_mark_is_an_alarm(noted, smtp, words):
    mailing = start()
    noted.write_text(words)

    send_due()

    mailing.refresh_from_db()
    assert (mailing.pause_kind, smtp.recipients, fates()) == (RESTORED, [], {"unknown": 5})


def test_it_is_said_once(noted, smtp):
    mailing = start()
    send_due(seconds=0)
    noted.write_text(f"{SendingClock.now().database} 7\n")
    send_due()
    actions.decide_all_unknown(Mailing.objects.get(pk=mailing.pk), send_again=True, seen=5, by=mailing.author)

    send_due()

    assert (sorted(smtp.recipients), noted.read_text().split()[1]) == (PEOPLE, "13")


def test_sender_that_cannot_note_sends_nothing(noted, smtp, monkeypatch):
    start()
    monkeypatch.setattr(clock.os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "full")))

    with pytest.raises(OSError, match="full"):
        send_due()

    assert (smtp.recipients, fates()) == ([], {"queued": 5})


def test_file_never_goes_back(noted):
    first = SendingClock.advance()
    second = SendingClock.advance()
    clock._note(second)
    clock._note(first)

    assert noted.read_text() == f"{second.database} 2\n"


def test_count_that_was_not_committed_is_not_noted(noted):
    with transaction.atomic():
        clock.tick()
        transaction.set_rollback(True)

    assert (noted.exists(), SendingClock.now().ticks) == (False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"only": 2}, {"only": 1, "ticks": -1}])
def test_there_is_one_clock_and_it_counts_up(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingClock.objects.create(**wrong)


# What becomes of mailings


@pytest.mark.parametrize("status", sorted(OPEN_DELIVERY))
def test_every_open_row_becomes_unknown_and_no_other(noted, smtp, status):
    mailing = start()
    row, done, *_rest = mailing.deliveries.all()
    held = {"claim": uuid4(), "lease_until": mailing.created_at} if status in {"claimed", "inflight"} else {}
    Delivery.objects.filter(pk=row.pk).update(status=status, next_try_at=mailing.created_at, **held)
    Delivery.objects.filter(pk=done.pk).update(status="failed")
    noted.write_text("restored")

    send_due()

    row.refresh_from_db()
    done.refresh_from_db()
    assert (row.status, row.claim, row.lease_until, done.status) == ("unknown", None, None, "failed")
    assert DeliveryStatus.UNKNOWN in DELIVERY_TRANSITIONS[status]


def test_mailing_that_somebody_had_paused_is_asked_about_too(noted, smtp):
    mailing = start()
    actions.pause(mailing, by=mailing.author)
    noted.write_text("restored")

    send_due()

    mailing.refresh_from_db()
    assert (mailing.pause_kind, fates()) == (RESTORED, {"unknown": 5})


def test_mailing_that_was_approved_is_approved_anew(noted, client_of, head):
    def warnings():
        pages = [client_of(head).get(f"/mailings/{one.pk}/text/ru/").content.decode() for one in (mailing, draft)]
        return sum(page.count("notice--bad") for page in pages)

    make_reader()
    mailing, draft = make_approved(), make_draft()
    before = warnings()
    noted.write_text("restored")

    send_due()

    mailing.refresh_from_db()
    draft.refresh_from_db()
    assert (mailing.status, mailing.approved_by, draft.status) == (MailingStatus.DRAFT, None, MailingStatus.DRAFT)
    assert warnings() == before + 2


def test_mailing_that_had_ended_stays_as_it_was(noted, smtp):
    mailing = start()
    send_due()
    older()
    send_due()

    mailing.refresh_from_db()
    assert (mailing.status, fates()) == (MailingStatus.FINISHED, {"sent": 5})


def test_it_is_written_down(noted, smtp):
    mailing = start()
    noted.write_text("restored")
    send_due()
    actions.decide_all_unknown(Mailing.objects.get(pk=mailing.pk), send_again=False, seen=5, by=mailing.author)

    entries = Entry.objects.filter(action__in=["mailings.mailing.restored", "mailings.mailing.decided"]).order_by("pk")
    assert [(entry.action, entry.by, entry.details) for entry in entries] == [
        ("mailings.mailing.restored", "sender", {"letters": 5}),
        ("mailings.mailing.decided", "author", {"send_again": False, "letters": 5}),
    ]


# What people decide


@pytest.fixture
def asked(noted, smtp):
    mailing = start()
    noted.write_text("restored")
    send_due()
    return Mailing.objects.get(pk=mailing.pk)


def test_decision_on_another_number_than_was_seen_is_refused(asked):
    with pytest.raises(WrongState):
        actions.decide_all_unknown(asked, send_again=True, seen=4, by=asked.author)

    assert (Mailing.objects.get().status, fates()) == (MailingStatus.PAUSED, {"unknown": 5})


def test_decision_for_all_is_not_there_for_a_mailing_that_was_only_paused(db, smtp):
    mailing = start()
    actions.pause(mailing, by=mailing.author)
    mailing.deliveries.update(status="unknown")

    with pytest.raises(WrongState):
        actions.decide_all_unknown(mailing, send_again=True, seen=5, by=mailing.author)


@pytest.mark.parametrize("letters", ["", "x", "4", "-5", "5.0", "９"])
def test_form_with_a_wrong_number_changes_nothing(asked, client_of, letters):
    answer = client_of(person("author@payom.test")).post(
        f"/mailings/{asked.pk}/decide/", {"decision": "again", "letters": letters}, follow=True
    )

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert fates() == {"unknown": 5}


def test_form_is_for_those_who_may_send(asked, client_of):
    viewer = person("author@payom.test")
    type(viewer).objects.filter(pk=viewer.pk).update(role="viewer")

    answer = client_of(viewer).post(f"/mailings/{asked.pk}/decide/", {"decision": "again", "letters": 5})

    assert (answer.status_code, fates()) == (403, {"unknown": 5})


def test_once_each_letter_is_decided_the_mailing_can_go_on(asked, client_of):
    client = client_of(person("author@payom.test"))
    for delivery in asked.deliveries.all():
        client.post(f"/mailings/deliveries/{delivery.pk}/decide/", {"decision": "sent"})

    page = client.get(f"/mailings/{asked.pk}/report/").content.decode()

    assert ("/resume/" in page, "again-all" in page) == (True, False)
