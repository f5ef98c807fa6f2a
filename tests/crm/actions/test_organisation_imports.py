"""What a list of organisations does, row by row: made, filled, left, refused."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from audit.models import Entry
from crm.actions.imports import AlreadyCommitted, UnreadableFile, discard
from crm.actions.organisation_imports import (
    begin_writing,
    commit,
    plan_of,
    receive,
    remap,
    tally,
    write_at_once,
)
from crm.actions.organisation_resource import OrganisationResource
from crm.actions.organisations import restrict
from crm.importing.organisations import Row, Table
from crm.models import Domain, Organisation, OrganisationImport
from crm.states import OrganisationStatus
from jobs.models import Job
from jobs.running import work
from tests.factories.organisations import make_organisation

HEADER = "Организация;Тип;Город;Язык;Прежние названия;Входит в;Сайт;Домен;Примечание"


def bring(author, *rows: str, header=HEADER, replaces=False) -> OrganisationImport:
    text = "\n".join([header, *rows])
    return receive(ContentFile(text.encode(), name="список.csv"), by=author, replaces=replaces)


def written(author, *rows: str, **options) -> list[tuple]:
    batch = bring(author, *rows, **options)
    planned = told(batch)
    commit(batch, by=author)
    assert told(batch) == planned
    return planned


def told(batch) -> list[tuple]:
    rows = batch.rows.order_by("number")
    return [(row.name, row.outcome, [code for code, _value in row.remarks]) for row in rows]


def changes(author, *rows: str, **options) -> list[list]:
    return [row.changes for row in bring(author, *rows, **options).rows.order_by("number")]


# New and known ones


def test_an_organisation_comes_with_everything_its_row_says(author):
    make_organisation("МВД")

    written(author, "Газета «Навид»;газета;Хорог;тадж, рус;Нави;МВД;navid.test;mail.navid.test;пишут о судах")

    place = Organisation.objects.get(name="Газета «Навид»")
    assert (place.kind, place.city, place.languages, place.former_names_list) == (
        "newspaper",
        "Хорог",
        "tg ru",
        ["Нави"],
    )
    assert (place.parent.name, place.website, place.note) == ("МВД", "https://navid.test", "пишут о судах")
    assert [domain.name for domain in place.domains.all()] == ["mail.navid.test"]


@pytest.mark.parametrize("name", ["газета НАВИД", "Gazeta Navid", "Вечерний вестник"])
def test_one_that_is_here_is_found_by_any_spelling_and_by_its_former_name(author, name):
    make_organisation("Газета «Навид»", former_names={"Вечерний вестник": "2019"})

    ((_name, outcome, _codes),) = written(author, f"{name};;Хорог")

    assert (outcome, Organisation.objects.get().city, Organisation.objects.get().name) == (
        "changed",
        "Хорог",
        "Газета «Навид»",
    )


def test_an_earlier_name_says_what_it_is_called_here(author):
    make_organisation("Навид", former_names={"Вестник": ""})

    assert written(author, "Вестник;;") == [("Вестник", "unchanged", ["called-now"])]


def test_what_is_here_stays_and_is_said(author):
    make_organisation("Навид", city="Хорог")

    assert written(author, "Навид;газета;Душанбе") == [("Навид", "changed", ["other-value"])]
    assert (Organisation.objects.get().city, Organisation.objects.get().kind) == ("Хорог", "newspaper")


def test_a_list_that_is_right_replaces_what_is_here_but_not_the_name(author):
    make_organisation("Навид", city="Хорог")

    assert changes(author, "НАВИД;;Душанбе", replaces=True) == [[["city", "Хорог", "Душанбе"]]]


def test_an_empty_cell_says_nothing_even_in_a_list_that_is_right(author):
    make_organisation("Навид", city="Хорог")

    assert written(author, "Навид;;", replaces=True) == [("Навид", "unchanged", [])]


def test_names_domains_and_lines_of_the_note_only_come(author):
    make_organisation("Навид", former_names={"Вестник": "2019"}, domains={"navid.test": ""}, note="судебная хроника")

    written(author, "Навид;;;;Вестник, ;;;navid.test;новая редакция", replaces=True)

    place = Organisation.objects.get()
    assert [(former.name, former.until) for former in place.former_names.all()][0] == ("Вестник", "2019")
    assert (place.domains.count(), place.note) == (1, "судебная хроника\nновая редакция")


def test_rows_of_one_organisation_are_one(author):
    rows = written(author, "Навид;газета;", "НАВИД;;Хорог", "навид;газета;Хорог")

    assert [outcome for _name, outcome, _codes in rows] == ["created", "changed", "unchanged"]
    assert [(place.name, place.city) for place in Organisation.objects.all()] == [("Навид", "Хорог")]


def test_a_part_finds_what_it_belongs_to_further_down(author):
    written(author, "Отдел печати;;;;;МВД;;;", "МВД;госорган;")

    assert Organisation.objects.get(name="Отдел печати").parent.name == "МВД"


def test_nothing_becomes_a_part_of_itself(author):
    make_organisation("Отдел", parent=make_organisation("МВД"))

    assert written(author, "МВД;;;;;Отдел;;;") == [("МВД", "changed", ["unknown-parent"])]
    assert (Organisation.objects.get(name="МВД").parent, Organisation.objects.get(name="МВД").note) == (None, "Отдел")


def test_what_cannot_be_read_is_kept_in_the_note(author):
    ((_name, _outcome, codes),) = written(author, "Навид;тайное общество;;эльфийский;;Никто;не сайт;не домен;раз")

    assert codes == ["unread-value", "unread-value", "unread-value", "unknown-parent", "unread-value"]
    kept = ["раз", "тайное общество", "эльфийский", "не сайт", "Никто", "не домен"]
    assert Organisation.objects.get().note.split("\n") == kept


# Refused


@pytest.mark.parametrize("name", ["", "!!!", "—"])
def test_a_row_that_names_nothing_is_refused(author, name):
    assert [row[1:] for row in written(author, f"{name};газета;Хорог")] == [("refused", ["unnamed"])]
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("name", ["Запрещённая", "ЗАПРЕЩЕННАЯ", "Прежняя"])
def test_one_that_is_banned_is_refused_by_any_of_its_names_whoever_asks(head, name):
    make_organisation("Запрещённая", former_names={"Прежняя": ""})
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)

    assert written(head, f"{name};;Хорог", replaces=True) == [(name, "refused", ["not-to-be-used"])]
    assert Organisation.objects.get().city == ""


def test_nothing_becomes_a_part_of_a_banned_one_and_it_is_answered_as_unknown(author, head):
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)

    assert written(author, "Навид;;;;;Запрещённая;;;") == [("Навид", "created", ["unknown-parent"])]


@pytest.mark.parametrize("row", ["Чашма;;;;Навид;;;;", "Чашма;;;;;;;navid.test;"])
def test_names_and_domains_of_another_are_refused(author, row):
    make_organisation("Навид", domains={"navid.test": ""})

    assert written(author, row) == [("Чашма", "refused", ["of-another"])]
    assert (Organisation.objects.count(), Domain.objects.count()) == (1, 1)


def test_what_a_refused_row_said_is_not_seen_by_the_rows_below(author):
    make_organisation("Навид", domains={"navid.test": ""})
    make_organisation("Чашма")

    rows = written(author, "Чашма;;Хорог;;;;;navid.test;", "Чашма;;Душанбе")

    assert [outcome for _name, outcome, _codes in rows] == ["refused", "changed"]
    assert Organisation.objects.get(name="Чашма").city == "Душанбе"


@pytest.mark.parametrize("title", ["Статус", "Запрещена", "Status", "restricted_on"])
def test_a_list_can_neither_ban_nor_close(author, title):
    batch = bring(author, "Навид;2020-01-01", header=f"Организация;{title}")
    commit(batch, by=author)

    place = Organisation.objects.get()
    assert (place.restricted_on, place.status) == (None, OrganisationStatus.ACTIVE)


def test_all_rows_are_accounted_for(author):
    make_organisation("Навид", city="Хорог")
    batch = bring(author, "Навид;;Хорог", "Чашма;;", ";;Хорог", "Чашма;радио;")

    commit(batch, by=author)

    counts = tally(batch)
    assert counts == {"created": 1, "changed": 1, "unchanged": 1, "refused": 1}
    assert sum(counts.values()) == batch.found["rows"]


# The plan and the writing


def test_the_plan_writes_nothing(author):
    make_organisation("Навид")
    before = list(Organisation.objects.values())

    bring(author, "Навид;газета;Хорог", "Чашма;;")

    assert list(Organisation.objects.values()) == before


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_rows(db, django_assert_num_queries, count):
    for number in range(30):
        make_organisation(f"Издание {number}", former_names={f"Прежнее {number}": ""})
    rows = [Row("", number, {"name": f"Издание {number}", "city": "Хорог"}) for number in range(count)]

    with django_assert_num_queries(5):
        OrganisationResource(replaces=False).planned(Table(rows))


def test_a_list_is_written_once(author):
    opened_before = bring(author, "Навид;;")
    batch = OrganisationImport.objects.get()
    commit(batch, by=author)

    for late in (opened_before, batch):
        with pytest.raises(AlreadyCommitted):
            commit(late, by=author)
    assert Organisation.objects.count() == 1


def test_the_file_goes_once_it_is_written(author, django_capture_on_commit_callbacks):
    batch = bring(author, "Навид;;")
    storage, name = batch.file.storage, batch.file.name

    with django_capture_on_commit_callbacks(execute=True):
        commit(batch, by=author)

    batch.refresh_from_db()
    assert (batch.file.name, storage.exists(name)) == ("", False)


def test_an_upload_can_be_thrown_away_with_its_file(author, django_capture_on_commit_callbacks):
    batch = bring(author, "Навид;;")
    storage, name = batch.file.storage, batch.file.name

    with django_capture_on_commit_callbacks(execute=True):
        discard(batch, by=author)

    assert (OrganisationImport.objects.count(), storage.exists(name)) == (0, False)


def test_other_columns_give_another_plan_that_the_next_list_begins_with(author):
    header = "Название;Столица"
    batch = bring(author, "Навид;Хорог", header=header)
    remap(batch, {"": {"use": True, "columns": {"0": "name", "1": "city"}}}, replaces=False, by=author)

    assert [row.changes for row in batch.rows.all()] == [[["name", "", "Навид"], ["city", "", "Хорог"]]]
    assert changes(author, "Чашма;Куляб", header=header) == [[["name", "", "Чашма"], ["city", "", "Куляб"]]]


@pytest.mark.parametrize("text", ["", "Дата;Сумма\n1;2\n", "Организация;Город\n"])
def test_a_file_that_is_no_list_is_refused_and_leaves_nothing(author, text):
    with pytest.raises(UnreadableFile):
        receive(ContentFile(text.encode(), name="l.csv"), by=author, replaces=False)
    assert not OrganisationImport.objects.exists()


def test_more_rows_than_are_read_are_refused(author, settings):
    settings.IMPORT_MAX_ROWS = 1

    with pytest.raises(UnreadableFile, match="1"):
        bring(author, "Навид;;", "Чашма;;")


def test_the_journal_knows_of_it_without_a_name(author):
    commit(bring(author, "Навид;;"), by=author)

    entries = Entry.objects.filter(action__startswith="crm.organisations.").order_by("pk")
    assert [entry.action for entry in entries] == ["crm.organisations.received", "crm.organisations.imported"]
    assert "Навид" not in str(list(entries.values()))


# Long lists


@pytest.fixture
def long(author, monkeypatch):
    """A list that is long already with its three rows, written two at a time."""
    monkeypatch.setattr("crm.actions.organisation_imports.AT_ONCE", 1)
    monkeypatch.setattr("crm.actions.organisation_imports.BYTES_AT_ONCE", 10)
    monkeypatch.setattr("crm.actions.organisation_imports._CHUNK", 2)
    return bring(author, "Навид;;", "Чашма;;", "Зар;;")


def test_a_long_list_is_read_and_written_by_jobs(author, long):
    work()
    long.refresh_from_db()
    assert (long.status, long.found["rows"]) == ("uploaded", 3)

    job = begin_writing(long, by=author)
    work()

    job.refresh_from_db()
    long.refresh_from_db()
    assert (job.state, job.done, job.total, long.status) == ("done", 3, 3, "done")
    assert Organisation.objects.count() == 3


def test_writing_that_was_stopped_goes_on_where_it_was(author, long):
    work()
    job = begin_writing(long, by=author)
    Job.objects.filter(pk=job.pk).update(state="stopped", ended_at=job.created_at)
    long.refresh_from_db()
    Organisation.objects.named("Навид")
    long.rows.create(sheet="", number=2, name="Навид", outcome="created", is_written=True)

    again = begin_writing(long, by=author)
    work()

    again.refresh_from_db()
    assert (again.total, again.done, long.rows.count(), Organisation.objects.count()) == (2, 2, 3, 3)


def test_a_long_file_that_is_no_list_is_refused_by_its_job(author, monkeypatch):
    monkeypatch.setattr("crm.actions.organisation_imports.BYTES_AT_ONCE", 1)
    batch = bring(author, "1;2", header="Дата;Сумма")

    work()

    batch.refresh_from_db()
    assert (batch.status, bool(batch.job.result["error"])) == ("reading", True)


# From the shell


def test_a_list_is_planned_and_written_without_a_review(author):
    data = f"{HEADER}\nНавид;газета;\n;;Хорог\n".encode()

    planned = [row.outcome for row in plan_of(data, replaces=False)]
    batch = write_at_once(ContentFile(data, name="l.csv"), by=author, replaces=False)

    assert (planned, [row.outcome for row in batch.rows.all()]) == (["created", "refused"], ["created", "refused"])
