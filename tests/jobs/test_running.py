"""A job is done to its end, once, whatever happens to its worker in the middle."""

import logging
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.actions.lockdown import lift, lock_down
from audit.models import Entry
from core.logs import Formatter
from crm.models import Tag
from jobs import actions, running
from jobs.models import Beat, Job
from jobs.running import ATTEMPTS, LEASE, claim, work
from tests.factories.jobs import COUNTING, make_job

pytestmark = pytest.mark.django_db


def found(job) -> tuple:
    """What is written of a job, and the chunks that are in the database."""
    job.refresh_from_db()
    return job.state, job.done, Tag.objects.count()


class PowerCut(BaseException):
    """The process is gone: nothing is caught, nothing is tidied up."""


def cut_at(chunk):
    def cut(job):
        if job.done == chunk:
            raise PowerCut

    return cut


def test_a_job_is_done_to_its_end(author, ended):
    job = make_job(author)

    assert (work(), found(job), ended) == (True, ("done", 3, 3), ["done"])


def test_where_there_is_none_nothing_is_done(db):
    assert (work(), Beat.objects.count()) == (False, 1)


def test_how_far_it_is_is_written_with_each_chunk(author, between):
    seen = []
    between(lambda row: seen.append((row.state, Job.objects.get().done, Tag.objects.count())))
    make_job(author)
    work()

    # Within its own transaction: a chunk's work is there, its count comes with the commit.
    assert seen == [("running", 0, 1), ("running", 1, 2), ("running", 2, 3)]


def test_jobs_wait_for_each_other_and_the_oldest_comes_first(author, ended):
    first, second = make_job(author, total=1), make_job(author, total=1)
    work()

    assert (found(first)[0], found(second)[0]) == ("done", "waiting")


# Stopping


def test_stopping_in_the_middle_keeps_what_is_done(author, between):
    ended = between(lambda row: actions.stop(job, by=author) if row.done == 2 else None)
    job = make_job(author)
    work()

    assert (found(job), ended) == (("stopped", 2, 2), ["stopped"])


def test_a_job_that_waits_is_stopped_at_once(author, ended):
    job = make_job(author)
    actions.stop(job, by=author)

    assert (found(job), ended, work()) == (("stopped", 0, 0), ["stopped"], False)


def test_a_job_of_a_dead_worker_is_stopped_at_once(author, ended):
    late = timezone.now() - timedelta(seconds=1)
    job = make_job(author, state="running", claim=uuid4(), lease_until=late, done=1)
    actions.stop(job, by=author)

    assert (found(job), ended) == (("stopped", 1, 0), ["stopped"])


def test_stopping_twice_is_one_entry_in_the_journal_and_what_ended_is_left_alone(author, ended):
    job = make_job(author)
    actions.stop(job, by=author)
    actions.stop(job, by=author)

    entries = Entry.objects.filter(action__startswith="jobs.").order_by("pk").values_list("action", "by_id", "details")
    assert (list(entries), ended) == (
        [
            ("jobs.job.begun", author.pk, {"step": COUNTING, "count": 3}),
            ("jobs.job.stopped", author.pk, {"step": COUNTING, "count": 0}),
        ],
        ["stopped"],
    )


# Workers that die


def test_after_a_dead_worker_another_goes_on_where_it_was_and_nothing_is_done_twice(author, between):
    between(cut_at(2))
    job = make_job(author)
    with pytest.raises(PowerCut):
        work()
    after_the_cut = found(job)
    made = between()
    while_the_lease_runs = work()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work()

    assert (after_the_cut, while_the_lease_runs) == (("running", 1, 1), False)
    assert (found(job), made) == (("done", 3, 3), ["done"])


def test_a_worker_that_was_not_heard_of_for_too_long_writes_nothing_more(author, between):
    def fall_asleep(row):
        if row.done == 1:
            # What the next worker does while this one sleeps, as soon as the chunk is written.
            Job.objects.filter(pk=row.pk).update(claim=uuid4())

    between(fall_asleep)
    job = make_job(author)
    work()

    assert found(job) == ("running", 1, 1)


def test_a_job_that_kills_its_workers_has_failed_the_fourth_time(author, between):
    ended = between(cut_at(1))
    job = make_job(author)
    for _ in range(ATTEMPTS):
        with pytest.raises(PowerCut):
            work()
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert (work(), found(job), job.fault, ended) == (False, ("failed", 0, 0), Job.Fault.DEATH, ["failed"])


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_claim_at_once_one_gets_a_job(author, ended):
    for _ in range(5):
        make_job(author)
    barrier, taken = Barrier(4), []

    def take():
        barrier.wait()
        if job := claim(at=timezone.now()):
            taken.append(job.pk)
        connection.close()

    workers = [Thread(target=take) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert taken == [Job.objects.get(state="running").pk]


def test_a_lease_that_still_runs_is_respected(author, ended):
    make_job(author)
    now = timezone.now()
    claim(at=now)

    assert [claim(at=now + LEASE - timedelta(seconds=1)), bool(claim(at=now + LEASE))] == [None, True]


def test_a_worker_told_to_end_puts_its_job_back_for_the_next(author, between, monkeypatch):
    between(lambda row: running.stopping.set())
    job = make_job(author)
    try:
        work()
    finally:
        running.stopping.clear()
    halfway = found(job)
    between()
    work()

    assert (halfway, job.attempts, found(job)) == (("waiting", 1, 1), 0, ("done", 3, 3))


# Chunks that fail


def fail_at(chunk, times):
    left = [None] * times

    def fail(row):
        if row.done == chunk and left:
            left.pop()
            raise ValueError("reader@navid.test")

    return fail


def test_a_chunk_that_fails_leaves_nothing_behind_and_is_tried_again(author, between):
    ended = between(fail_at(2, times=1))
    job = make_job(author)
    work()
    after_the_failure = found(job)
    work()

    assert (after_the_failure, found(job), ended) == (("waiting", 1, 1), ("done", 3, 3), ["done"])


def test_a_chunk_that_fails_again_and_again_fails_the_job_and_keeps_what_was_done(author, between):
    ended = between(fail_at(2, times=9))
    job = make_job(author)
    rounds = 0
    while work():
        rounds += 1

    assert (rounds, found(job), job.fault, ended) == (ATTEMPTS + 1, ("failed", 1, 1), Job.Fault.ERROR, ["failed"])


def test_a_failure_is_logged_without_its_words(author, between, caplog):
    between(fail_at(1, times=1))
    job = make_job(author)
    with caplog.at_level(logging.ERROR):
        work()

    said = "".join(Formatter().format(record) for record in caplog.records)
    assert [record.getMessage() for record in caplog.records] == [f"job {job.pk} stumbled: ValueError"]
    assert ("test_running.py:" in said, "reader@navid.test" in said) == (True, False)


def test_a_job_of_a_kind_that_nobody_knows_fails_and_lets_the_next_one_pass(author, ended):
    unknown, known = make_job(author), make_job(author)
    Job.objects.filter(pk=unknown.pk).update(kind="crm.unheard.of")
    while work():
        pass

    assert (found(unknown)[0], found(known)[0]) == ("failed", "done")


# Who may


def test_who_may_not_do_it_any_more_gets_no_further(author, between):
    def close_account(row):
        type(author).objects.update(is_active=False)

    between(close_account)
    job = make_job(author)
    work()

    assert (found(job), job.fault) == (("failed", 1, 1), Job.Fault.RIGHT)


def test_while_everything_is_locked_down_a_job_rests(author, head, between):
    between(lambda row: lock_down(by=head, key_holder=head) if row.done == 1 else None)
    job = make_job(author)
    work()
    locked = (found(job), work())
    lift(by=head)
    work()

    assert (locked, found(job)) == ((("waiting", 1, 1), False), ("done", 3, 3))


# What is kept


def test_what_was_typed_is_kept_sealed_and_only_until_the_end(author, ended):
    job = actions.begin(COUNTING, params={}, total=1, by=author, typed="боится слежки")
    before = job.sealed
    work()
    job.refresh_from_db()

    assert (bool(before), "слежки" in before, job.sealed) == (True, False, "")


def test_jobs_that_ended_long_ago_are_forgotten(author, ended):
    old, new = make_job(author), make_job(author)
    for job in (old, new):
        actions.stop(job, by=author)
    make_job(author)
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=31))

    assert (actions.forget(), Job.objects.count()) == (1, 2)
    assert Entry.objects.get(action="jobs.job.forgotten").details == {"count": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "asleep"},
        {"state": "running"},
        {"claim": "7c0f7a52-6c1e-4b7b-8f66-3d6f6b7f7a11"},
        {"state": "failed", "ended_at": "2026-11-20T10:00Z"},
        {"fault": "error"},
        {"state": "done"},
        {"ended_at": "2026-11-20T10:00Z"},
        {"done": 4},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_the_database_refuses_what_must_never_be(author, ended, wrong):
    make_job(author)

    with pytest.raises(IntegrityError):
        Job.objects.update(**wrong)


@pytest.mark.parametrize("chunks", [2, 6])
def test_a_chunk_takes_the_same_queries_however_many_there_are(author, ended, chunks, django_assert_max_num_queries):
    make_job(author, total=chunks)

    with django_assert_max_num_queries(20 + 12 * chunks):
        work()
