"""A long list is read, written and taken back by a job, which goes on where it was."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.actions import import_undo, imports
from crm.importing import plan
from crm.models import Contact, ImportBatch, ImportRow
from jobs.actions import stop
from jobs.models import Job
from jobs.running import work
from tests.factories.contacts import make_contact

NAMES = ["Умар", "Зарина", "Фирдавс", "Лола", "Рустам"]
LIST = "ФИО;СМИ;e-mail\n" + "".join(f"{name} Каримов;ТВ;{at}@navid.test\n" for at, name in enumerate(NAMES))


class PowerCut(BaseException):
    """The process is gone: nothing is caught, nothing is tidied up."""


@pytest.fixture(autouse=True)
def _everything_is_long(monkeypatch):
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 0)
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    monkeypatch.setattr(import_undo, "AT_ONCE", 0)
    monkeypatch.setattr(imports, "_CHUNK", 2)
    monkeypatch.setattr(import_undo, "_CHUNK", 2)


@pytest.fixture
def batch(author):
    return bring(author, LIST)


def bring(author, text: str) -> ImportBatch:
    file = SimpleUploadedFile("l.csv", text.encode())
    return imports.receive(file, by=author, kind="journalist", basis="unknown")


def states(batch) -> tuple:
    batch = ImportBatch.objects.select_related("job").get(pk=batch.pk)
    return batch.status, batch.job.state, Contact.objects.count()


def stop_before(monkeypatch, number, author):
    """Somebody presses Stop while the portion before this one is written."""
    write, written = imports.write_some, []

    def watched(batch, *args, **options):
        written.append(batch)
        if len(written) == number:
            stop(Job.objects.get(state="running"), by=author)
        return write(batch, *args, **options)

    monkeypatch.setattr(imports, "write_some", watched)


def test_a_long_list_is_read_by_a_job(batch):
    before = states(batch)
    work()

    assert (before, states(batch)) == (("reading", "waiting", 0), ("uploaded", "done", 0))
    assert [(row.outcome, row.is_written) for row in batch.rows.all()] == [("created", False)] * 5


def test_a_long_list_that_is_none_is_refused_by_the_job(author):
    batch = bring(author, "просто текст\nбез столбцов")
    work()

    batch.refresh_from_db()
    assert (batch.status, "столбц" in batch.job.result["error"]) == ("reading", True)


def test_refusal_is_in_the_language_of_who_brought_the_list(author):
    author.language = "en"
    author.save(update_fields=["language"])
    batch = bring(author, "просто текст\nбез столбцов")
    work()

    batch.refresh_from_db()
    assert "column" in batch.job.result["error"]


def test_a_long_list_is_written_by_a_job(batch, author):
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    work()

    assert states(batch) == ("done", "done", 5)
    assert [(row.outcome, row.is_written) for row in batch.rows.all()] == [("created", True)] * 5


def test_a_list_being_written_is_not_written_twice(batch, author):
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)

    with pytest.raises(imports.AlreadyCommitted):
        imports.begin_writing(ImportBatch.objects.get(), by=author)


def test_writing_that_was_stopped_keeps_what_is_written_and_goes_on(batch, author, monkeypatch):
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    stop_before(monkeypatch, 1, author)
    work()
    stopped = states(batch)
    monkeypatch.undo()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    work()

    assert (stopped, states(batch)) == (("writing", "stopped", 2), ("done", "done", 5))
    assert ImportRow.objects.filter(is_written=True, outcome="created").count() == 5


@pytest.mark.django_db(transaction=True)
def test_writing_goes_on_after_a_dead_worker_and_writes_nobody_twice(batch, author, monkeypatch):
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    write, portions = imports.write_some, []

    def cut(*args, **options):
        portions.append(1)
        write(*args, **options)
        if len(portions) == 2:
            raise PowerCut

    monkeypatch.setattr(imports, "write_some", cut)
    with pytest.raises(PowerCut):
        work()
    dead = states(batch)
    monkeypatch.setattr(imports, "write_some", write)
    Job.objects.filter(state="running").update(lease_until=timezone.now())
    work()

    assert (dead, states(batch)) == (("writing", "running", 2), ("done", "done", 5))


def test_what_is_written_of_a_stopped_list_can_be_taken_back(batch, author, monkeypatch):
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    stop_before(monkeypatch, 1, author)
    work()
    import_undo.begin_undo(ImportBatch.objects.get(), by=author)
    work()

    assert states(batch) == ("undone", "done", 0)


def test_somebody_sealed_while_a_list_is_written_is_left_alone(author, monkeypatch):
    contact = make_contact("Умар Каримов", organisation="ТВ", emails=["0@navid.test"])
    batch = bring(author, "ФИО;СМИ;e-mail;Город\nУмар Каримов;ТВ;0@navid.test;Куляб\n")
    work()
    imports.begin_writing(ImportBatch.objects.get(), by=author)
    make, made = plan.make, []

    def make_then_seal(*args):
        made.append(make(*args))
        if len(made) == 1:
            contact.sensitivity = "sealed"
            contact.save()
        return made[-1]

    monkeypatch.setattr(plan, "make", make_then_seal)
    work()

    assert (states(batch)[0], [row.outcome for row in batch.rows.all()]) == ("done", ["unchanged"])
