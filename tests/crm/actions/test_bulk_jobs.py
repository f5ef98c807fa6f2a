"""A change of very many is done by a job, and is still one change: stopped, gone on with, taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions import bulk
from crm.actions.bulk import CannotUndo, begin_change, begin_undo, take_back
from crm.actions.erasure import erase
from crm.actions.stops import add_rule
from crm.models import BulkChange, Contact, Segment, StopRule, Tag
from crm.states import BulkAction, Scope
from jobs import running
from jobs.actions import stop
from jobs.kinds import tell
from jobs.models import Job
from jobs.running import work
from tests.factories.contacts import make_contact
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
ALL = Contact.objects.all()


@pytest.fixture(autouse=True)
def chunks_of_two(monkeypatch):
    monkeypatch.setattr(bulk, "_CHUNK", 2)
    monkeypatch.setattr(running, "BREATH", 0)


@pytest.fixture
def editor(db):
    return person("author@payom.test")


@pytest.fixture
def people(editor):
    """Five contacts of different regions: three chunks."""
    return [make_contact(f"Человек {number}", region=("sughd", "khatlon", "")[number % 3]) for number in range(5)]


def begin(editor, action=BulkAction.REGION, value="abroad", **more) -> Job:
    return begin_change(ALL.all(), action, value, by=editor, back="/contacts/", **more)


def change_of(job) -> BulkChange:
    return BulkChange.objects.get(pk=job.params["change"])


def regions() -> list[str]:
    return list(Contact.objects.order_by("pk").values_list("region", flat=True))


def stop_after_the_first_chunk(job, editor, monkeypatch) -> None:
    """Somebody presses the button while the first chunk is being written."""
    put_part = bulk._put_part

    def and_stop(*args):
        put_part(*args)
        stop(job, by=editor)

    with monkeypatch.context() as patched:
        patched.setattr(bulk, "_put_part", and_stop)
        work()


def test_nothing_is_changed_before_a_worker_comes_and_then_everything_is(people, editor):
    before = regions()
    job = begin(editor)
    at_first = regions()
    work()

    assert (at_first, regions(), change_of(job).count) == (before, ["abroad"] * 5, 5)


VALUES = {
    BulkAction.TAG: lambda editor: "важное",
    BulkAction.TOPIC: lambda editor: "армия",
    BulkAction.LIST: lambda editor: Segment.objects.create(name="Гости", kind="list", made_by=editor),
    BulkAction.REGION: lambda editor: "abroad",
    BulkAction.OWNER: lambda editor: editor,
    BulkAction.STOP: lambda editor: Scope.GREETINGS,
    BulkAction.ARCHIVE: lambda editor: None,
}


def as_they_are():
    rows = Contact.objects.order_by("pk").values_list(
        "region", "owner", "archived_at", "tags__name", "topics__name", "memberships__segment", "stop_rules__scope"
    )
    return list(rows)


@pytest.mark.parametrize("action", VALUES)
def test_each_action_is_done_and_taken_back_exactly(people, editor, action):
    before = as_they_are()
    job = begin(editor, action, VALUES[action](editor))
    work()
    after = as_they_are()
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert (after != before, as_they_are()) == (True, before)


def test_stopped_in_the_middle_what_is_done_stays_and_can_be_taken_back(people, editor, monkeypatch):
    before = regions()
    job = begin(editor)
    stop_after_the_first_chunk(job, editor, monkeypatch)
    stopped = (Job.objects.get().state, regions(), change_of(job).count)
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert (stopped, regions()) == (("stopped", ["abroad", "abroad", *before[2:]], 2), before)


class PowerCut(BaseException):
    """The process is gone."""


def test_after_a_dead_worker_it_goes_on_and_is_still_one_change_that_can_be_taken_back(people, editor, monkeypatch):
    before = regions()
    job = begin(editor)
    put_part, done = bulk._put_part, []

    def cut_the_second(*args):
        put_part(*args)
        done.append(args)
        if len(done) == 2:
            raise PowerCut

    monkeypatch.setattr(bulk, "_put_part", cut_the_second)
    with pytest.raises(PowerCut):
        work()
    monkeypatch.setattr(bulk, "_put_part", put_part)
    after_the_cut = regions()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work()
    at_the_end = (regions(), sorted(part.count for part in change_of(job).parts.all()))
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert after_the_cut == ["abroad", "abroad", *before[2:]]
    assert (at_the_end, regions()) == ((["abroad"] * 5, [1, 2, 2]), before)


def test_an_undo_that_was_stopped_is_begun_again_for_the_rest(people, editor, monkeypatch):
    before = regions()
    job = begin(editor)
    work()
    undo = begin_undo(change_of(job), by=editor, back="/contacts/")
    put_back = bulk._put_back

    def and_stop(*args):
        stop(undo, by=editor)
        return put_back(*args)

    with monkeypatch.context() as patched:
        patched.setattr(bulk, "_put_back", and_stop)
        work()
    halfway, undo = regions(), Job.objects.get(pk=undo.pk)
    offered = tell(undo, editor).undo
    again = begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert (halfway, again.total, regions()) == ([*before[:2], "abroad", "abroad", "abroad"], 3, before)
    assert (offered, tell(undo, editor).undo) == (f"/contacts/together/{change_of(job).pk}/undo/?", "")


def test_it_and_its_undoing_are_one_journal_entry_each_with_the_number(people, editor):
    people[0].delete()
    job = begin(editor)
    work()
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    entries = Entry.objects.filter(action__startswith="crm.contacts.changed").order_by("pk")
    assert [(entry.action, entry.by_id, entry.details) for entry in entries] == [
        ("crm.contacts.changed_together", editor.pk, {"done": "region", "count": 4, "region": "abroad"}),
        ("crm.contacts.changed_back", editor.pk, {"done": "region", "count": 4}),
    ]


def test_a_stopped_one_is_in_the_journal_with_the_number_it_came_to(people, editor, monkeypatch):
    stop_after_the_first_chunk(begin(editor), editor, monkeypatch)

    assert Entry.objects.get(action="crm.contacts.changed_together").details["count"] == 2


def test_doing_it_again_changes_nobody_and_says_so(people, editor):
    begin(editor)
    work()
    again = begin(editor)
    work()

    assert (change_of(again).count, Entry.objects.filter(action="crm.contacts.changed_together").count()) == (0, 1)


def test_nobody_joins_whom_it_concerns(people, editor):
    begin(editor)
    late = make_contact("Пришёл позже", region="sughd")
    work()

    assert Contact.objects.get(pk=late.pk).region == "sughd"


def test_whoever_was_sealed_since_it_began_is_left_alone_by_an_editor(people, editor):
    job = begin(editor)
    Contact.objects.filter(pk=people[0].pk).update(sensitivity="sealed")
    work()

    assert (Contact.objects.get(pk=people[0].pk).region, change_of(job).count) == ("sughd", 4)


def test_sealed_contacts_are_left_alone_by_an_editor_and_counted(people, editor):
    make_contact("Скрытый", sensitivity="sealed")
    job = begin(editor)

    assert (job.total, job.params["sealed"]) == (5, 1)


def test_where_everybody_is_sealed_there_is_no_job_and_nothing_is_written(editor):
    make_contact("Скрытый", sensitivity="sealed")

    assert (begin(editor, BulkAction.TAG, "важное"), Job.objects.count(), Tag.objects.count()) == (None, 0, 0)


def test_the_reason_of_a_stop_rule_is_never_readable_in_the_job(people, editor):
    job = begin(editor, BulkAction.STOP, Scope.BULK, reason="Боится слежки")
    waiting = str(Job.objects.values().get())
    work()
    job.refresh_from_db()

    assert ("слежки" in waiting, {rule.reveal() for rule in StopRule.objects.all()}, job.sealed) == (
        False,
        {"Боится слежки"},
        "",
    )


def test_a_rule_that_was_asked_for_again_since_stays_when_the_change_is_taken_back(people, editor):
    job = begin(editor, BulkAction.STOP, Scope.BULK)
    work()
    add_rule(people[0], scope=Scope.BULK, by=editor)
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert [rule.contact for rule in StopRule.objects.all()] == [people[0]]


def test_of_a_person_erased_since_no_part_knows_anything(people, editor):
    job = begin(editor)
    work()
    key = str(people[0].pk)
    erase(people[0], never_again=False, uploads=False, by=person("head@payom.test"))

    assert [part.pk for part in change_of(job).parts.all() if key in part.before] == []


# What cannot be taken back


def refused(change, by) -> bool:
    try:
        begin_undo(change, by=by, back="/contacts/")
    except CannotUndo:
        return True
    return False


def test_while_it_is_at_work_it_cannot_be_taken_back(people, editor):
    assert refused(change_of(begin(editor)), editor)


def test_only_its_maker_takes_it_back(people, editor):
    job = begin(editor)
    work()

    assert refused(change_of(job), person("other@payom.test"))


def test_it_is_taken_back_once(people, editor):
    job = begin(editor)
    work()
    begin_undo(change_of(job), by=editor, back="/contacts/")
    at_work = refused(change_of(job), editor)
    work()

    assert (at_work, refused(change_of(job), editor), Job.objects.count()) == (True, True, 2)


def test_the_hour_is_counted_from_the_last_chunk(people, editor):
    job = begin(editor)
    BulkChange.objects.update(at=timezone.now() - timedelta(hours=2))
    work()
    at_once = bulk.is_open_to(change_of(job), editor)
    BulkChange.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))

    assert (at_once, bulk.is_open_to(change_of(job), editor)) == (True, False)


def test_a_part_alone_is_not_taken_back(people, editor):
    job = begin(editor)
    work()

    with pytest.raises(CannotUndo):
        take_back(change_of(job).parts.first(), by=editor)


def test_nothing_of_a_change_taken_back_is_kept(people, editor):
    job = begin(editor)
    work()
    begin_undo(change_of(job), by=editor, back="/contacts/")
    work()

    assert [part.before for part in BulkChange.objects.all()] == [{}] * 4
