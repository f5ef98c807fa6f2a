"""Planned, scheduled, started by a worker exactly once, and what is said when it could not start."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import lockdown
from accounts.letters import compose
from accounts.models import StaffLetter
from audit.models import Entry
from crm.models import Contact
from mailings import actions
from mailings.models import Delivery, Mailing
from mailings.pipeline.claim import claim
from mailings.pipeline.send import send_due
from mailings.states import MailingStatus, Missed, WrongState
from tests.factories.mailings import make_approved, make_draft, make_reader, person

pytestmark = pytest.mark.django_db
PLAN = {"pace": "at_once", "pace_number": None}


def tomorrow():
    return timezone.now().replace(microsecond=0) + timedelta(days=1)


def make_scheduled(**plan):
    mailing = make_approved()
    actions.plan(mailing, **{"send_at": tomorrow(), **PLAN, **plan}, by=mailing.author)
    actions.schedule(mailing, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def now(mailing):
    """The mailing as it is, and how many letters it has."""
    mailing.refresh_from_db()
    return mailing.status, mailing.deliveries.count()


def test_a_plan_leaves_the_approval_as_it_is():
    make_reader()
    mailing = make_approved()
    actions.plan(mailing, send_at=tomorrow(), **PLAN, by=mailing.author)

    assert now(mailing) == (MailingStatus.APPROVED, 0)


def test_nothing_starts_before_its_time_and_then_it_does():
    make_reader()
    mailing = make_scheduled()
    actions.start_scheduled(at=mailing.send_at - timedelta(seconds=1))
    before = now(mailing)
    actions.start_scheduled(at=mailing.send_at)

    assert (before, now(mailing)) == ((MailingStatus.SCHEDULED, 0), (MailingStatus.SENDING, 1))


def test_a_start_is_written_down_as_the_sender_s():
    make_reader()
    mailing = make_scheduled()
    actions.start_scheduled(at=mailing.send_at)

    assert Entry.objects.get(action="mailings.mailing.started").by == "sender"


def test_without_a_time_nothing_is_scheduled():
    make_reader()
    mailing = make_approved()

    with pytest.raises(WrongState):
        actions.schedule(mailing, by=mailing.author)


@pytest.mark.parametrize("ahead", [timedelta(minutes=-1), timedelta(minutes=4), timedelta(days=365)])
def test_a_time_that_is_over_or_too_near_or_too_far_is_refused(ahead, settings):
    settings.MAIL_HOLD = timedelta(minutes=5)
    make_reader()
    mailing = make_approved()
    actions.plan(mailing, send_at=timezone.now() + ahead, **PLAN, by=mailing.author)

    with pytest.raises(WrongState):
        actions.schedule(mailing, by=mailing.author)


def test_what_is_not_approved_is_not_scheduled():
    make_reader()
    mailing = make_draft()
    actions.plan(mailing, send_at=tomorrow(), **PLAN, by=mailing.author)

    with pytest.raises(WrongState):
        actions.schedule(mailing, by=mailing.author)


def test_taken_off_the_schedule_it_does_not_start():
    make_reader()
    mailing = make_scheduled()
    actions.unschedule(mailing, by=mailing.author)
    actions.start_scheduled(at=mailing.send_at)

    assert now(mailing) == (MailingStatus.APPROVED, 0)


def test_an_edit_takes_it_off_the_schedule_and_the_approval_back():
    make_reader()
    mailing = make_scheduled()
    words = {"subject": "Другая", "preheader": "", "body": "<p>Другой</p>"}
    actions.save_version(mailing, "ru", words=words, revision=1, by=mailing.author)
    actions.start_scheduled(at=mailing.send_at)

    assert (*now(mailing), mailing.approved_by) == (MailingStatus.DRAFT, 0, None)


def spoil(mailing):
    mailing.versions.update(body="<p>Подложено</p>")


def join(_mailing):
    make_reader("stranger@navid.test")


def empty(_mailing):
    Contact.objects.update(archived_at=timezone.now())


def lock(_mailing):
    head = person("head@payom.test")
    lockdown.lock_down(by=head, key_holder=head)


CAUSES = [(spoil, Missed.CHANGED), (join, Missed.STRANGERS), (empty, Missed.NOBODY), (lock, Missed.LOCKDOWN)]


@pytest.mark.parametrize(("happen", "why"), CAUSES, ids=[why.value for _happen, why in CAUSES])
def test_what_cannot_start_stays_approved_says_why_and_tells_who_wrote_and_approved(happen, why):
    make_reader()
    mailing = make_scheduled()
    happen(mailing)
    StaffLetter.objects.all().delete()
    actions.start_scheduled(at=mailing.send_at)
    told = set(StaffLetter.objects.filter(kind="not_started").values_list("user__email", flat=True))

    assert (*now(mailing), mailing.missed) == (MailingStatus.APPROVED, 0, why)
    assert told == {"author@payom.test", "head@payom.test"}


def test_a_start_that_is_hours_late_does_not_happen():
    make_reader()
    mailing = make_scheduled()
    actions.start_scheduled(at=mailing.send_at + timedelta(hours=3))

    assert (*now(mailing), mailing.missed) == (MailingStatus.APPROVED, 0, Missed.LATE)


def test_a_start_that_is_minutes_late_happens():
    make_reader()
    mailing = make_scheduled()
    actions.start_scheduled(at=mailing.send_at + timedelta(minutes=30))

    assert now(mailing) == (MailingStatus.SENDING, 1)


def test_a_restored_backup_schedules_nothing():
    make_reader()
    mailing = make_scheduled()
    Mailing.objects.doubt()
    actions.start_scheduled(at=mailing.send_at)

    assert now(mailing) == (MailingStatus.DRAFT, 0)


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_start_it_once(smtp):
    make_reader()
    mailing = make_scheduled()
    barrier, begun = threading.Barrier(4), []

    def work():
        barrier.wait(10)
        begun.append(actions.start_scheduled(at=mailing.send_at))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join(30) for worker in workers]
    send_due()

    assert (sorted(begun), len(smtp.envelopes)) == ([0, 0, 0, 1], 1)


@pytest.mark.django_db(transaction=True)
def test_taking_it_off_the_schedule_and_starting_at_once_do_one_of_the_two():
    make_reader()
    mailing = make_scheduled()
    barrier, said = threading.Barrier(2), {}

    def act(name, verb):
        mine = Mailing.objects.get(pk=mailing.pk)
        barrier.wait(10)
        try:
            said[name] = bool(verb(mine))
        except WrongState:
            said[name] = False
        finally:
            connection.close()

    verbs = {
        "off": lambda mine: actions.unschedule(mine, by=mine.author) is None,
        "start": lambda mine: actions.start_scheduled(at=mine.send_at) > 0,
    }
    threads = [threading.Thread(target=act, args=pair) for pair in verbs.items()]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]

    assert sorted(said.values()) == [False, True]
    assert now(mailing) == ((MailingStatus.SENDING, 1) if said["start"] else (MailingStatus.APPROVED, 0))


def test_waves_leave_one_an_hour():
    for number in range(4):
        make_reader(f"{number}@navid.test")
    mailing = make_scheduled(pace="waves", pace_number=2)
    actions.start_scheduled(at=mailing.send_at)
    mailing.refresh_from_db()
    start, hour = mailing.started_at, timedelta(hours=1)

    assert [len(claim(10, at=at)) for at in (start, start + hour - timedelta(seconds=1), start + hour)] == [2, 0, 2]


def test_waves_do_not_catch_up_after_a_pause():
    for number in range(4):
        make_reader(f"{number}@navid.test")
    mailing = make_scheduled(pace="hourly", pace_number=1)
    actions.start_scheduled(at=mailing.send_at)
    mailing.refresh_from_db()
    actions.pause(mailing, by=mailing.author)
    with time_machine.travel(mailing.started_at + timedelta(hours=10), tick=False):
        actions.resume(mailing, by=mailing.author)
        at = timezone.now()

    assert [len(claim(10, at=at)), len(claim(10, at=at + timedelta(hours=1)))] == [1, 1]


def test_the_letter_to_staff_has_the_address_and_no_word_of_the_mailing():
    make_reader()
    mailing = make_draft()
    actions.submit(mailing, by=mailing.author)
    person("head@payom.test")
    actions.return_to_draft(mailing, by=mailing.author)
    actions.submit(mailing, by=mailing.author)
    letter = compose(StaffLetter.objects.get(kind="approval_wanted"))

    assert (f"/mailings/{mailing.pk}/" in letter.body, mailing.title in letter.body + letter.subject) == (True, False)


def test_who_wrote_it_is_told_of_the_approval_and_nobody_else():
    make_reader()
    make_approved()

    assert [letter.user.email for letter in StaffLetter.objects.filter(kind="approved")] == ["author@payom.test"]


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "scheduled", "send_at": None},
        {"pace": "waves", "pace_number": None},
        {"pace": "at_once", "pace_number": 3},
        {"missed": "nonsense"},
        {"correction": "erratum"},
        {"withdrawn_at": timezone.now()},
    ],
    ids=["no time", "no number", "a number", "missed", "of nothing", "not sent"],
)
def test_the_database_refuses_half_a_plan(columns):
    make_reader()
    mailing = make_approved()

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(**columns)


def test_a_mailing_does_not_correct_itself():
    make_reader()
    mailing = make_approved()

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(corrects=mailing, correction="erratum")


def test_nobody_approves_alone_where_the_setting_forbids_it(settings):
    settings.APPROVE_ALONE = False
    make_reader()
    head = person("head@payom.test")
    mailing = actions.create(title="Одна", kind="statement", by=head)
    words = {"subject": "Тема", "preheader": "", "body": "<p>Текст</p>"}
    actions.save_version(mailing, "ru", words=words, revision=0, by=head)
    actions.submit(mailing, by=head)

    with pytest.raises(WrongState):
        actions.approve(mailing, seen=mailing.fingerprint(), by=head)
    assert Delivery.objects.count() == 0
