import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils import translation

from audit.models import Entry
from crm.actions import imports
from crm.actions.imports import AlreadyCommitted, UnreadableFile, commit, plan_for, receive, remap
from crm.actions.organisations import rename
from crm.actions.suppression import suppress
from crm.importing import own
from crm.models import Contact, ImportBatch, ImportRow, Organisation, Position, Suppression, Unread
from tests.factories.organisations import place

from ..importing.files import xlsx

HEADER = ["ФИО", "СМИ", "Должность", "e-mail", "Телефон", "Язык", "Город", "Примечание"]
UMAR = [
    "Каримов Умар",
    "ТВ «Навид»",
    "редактор",
    "umar@navid.test; u.karimov@mail.test",
    "930001122",
    "тоҷ",
    "Душанбе",
    "суды",
]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def batch_of(author):
    """`batch_of(row, row)` is a received file with these rows."""

    def received(*rows, name="Список.xlsx", **options):
        upload = SimpleUploadedFile(name, xlsx(HEADER, *rows))
        return receive(upload, by=author, **({"kind": "journalist", "basis": "unknown"} | options))

    return received


def test_a_received_file_is_kept_as_it_came_under_a_clean_name(batch_of):
    batch = batch_of(UMAR, name="../..\\Список \u202eСМИ.xlsx")

    with batch.file.open() as file:
        kept = file.read()
    assert (batch.filename, batch.status, kept[:2], Path(batch.file.name).suffix) == (
        "Список СМИ.xlsx",
        "uploaded",
        b"PK",
        ".xlsx",
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("фото.xlsx", b"\x89PNG\r\n\x1a\n", "not a table"),
        ("список.csv", "просто текст\nбез столбцов".encode(), "No row with column names"),
        ("список.csv", "ФИО;e-mail\n".encode(), "no rows below"),
    ],
)
def test_a_bad_file_leaves_nothing(author, name, data, message):
    with pytest.raises(UnreadableFile, match=message):
        receive(SimpleUploadedFile(name, data), by=author, kind="journalist", basis="unknown")

    assert (ImportBatch.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_file_over_the_size_limit_is_refused(batch_of, settings):
    settings.IMPORT_MAX_BYTES = 1_000
    with pytest.raises(UnreadableFile, match="larger than"):
        batch_of(UMAR)


def test_a_file_over_the_row_limit_is_refused(batch_of, settings):
    settings.IMPORT_MAX_ROWS = 2
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        batch_of(*[[f"Каримов Умар{number}", "ТВ"] for number in range(3)])


def test_headings_do_not_count_to_the_row_limit(batch_of, settings):
    settings.IMPORT_MAX_ROWS = 1
    batch = batch_of(["ГАЗЕТЫ"], UMAR, ["РАДИО"])

    assert len(plan_for(batch).rows) == 1


def test_commit_writes_the_contact_with_all_that_hangs_on_it(batch_of, author):
    commit(batch_of(UMAR, kind="partner", basis="membership"), by=author)
    contact = Contact.objects.get()
    position = contact.positions.get()

    assert {
        "name": contact.name,
        "given": contact.given_name,
        "kind": contact.kind,
        "basis": contact.basis,
        "languages": contact.languages,
        "city": contact.city,
        "note": contact.note,
        "source": contact.source,
        "emails": [(email.address, email.rank) for email in contact.emails.all()],
        "phones": [phone.number for phone in contact.phones.all()],
        "position": (position.title, position.organisation.name),
    } == {
        "name": "Каримов Умар",
        "given": "Умар",
        "kind": "partner",
        "basis": "membership",
        "languages": "tg",
        "city": "Душанбе",
        "note": "суды",
        "source": "Список.xlsx",
        "emails": [("umar@navid.test", 0), ("u.karimov@mail.test", 1)],
        "phones": ["+992930001122"],
        "position": ("редактор", "ТВ «Навид»"),
    }


def test_an_imported_contact_is_found_and_sorted_like_a_typed_one(batch_of, author):
    commit(batch_of(UMAR), by=author)
    contact = Contact.objects.get()
    imported = (contact.search_text, contact.sort_key)
    contact.index_for_search()

    assert imported == (contact.search_text, contact.sort_key)


def test_a_changed_contact_is_found_by_what_was_added(batch_of, author):
    commit(batch_of(["Каримов Умар", "ТВ", "", "umar@navid.test"]), by=author)
    commit(batch_of(["Каримов Умар", "Газета «Садо»", "", "umar@navid.test, new@sado.test"]), by=author)

    assert [str(contact) for contact in Contact.objects.search("садо new")] == ["Каримов Умар"]


def test_organisations_are_not_doubled(batch_of, author):
    Organisation.objects.create(name='ТВ "навид"')
    commit(batch_of(UMAR, ["Холов Ҷамшед", "тв «Навид»", "", "j@navid.test"]), by=author)

    assert (Organisation.objects.count(), Position.objects.count()) == (1, 2)


def test_an_empty_position_is_filled(batch_of, author):
    commit(batch_of(["Каримов Умар", "ТВ", "", "umar@navid.test"]), by=author)
    commit(batch_of(["Каримов Умар", "ТВ", "редактор", "umar@navid.test"]), by=author)

    assert [position.title for position in Position.objects.all()] == ["редактор"]


def test_a_filled_contact_keeps_its_name_kind_basis_and_note(batch_of, author):
    commit(batch_of(UMAR, kind="partner", basis="consent"), by=author)
    commit(batch_of(["Умар Каримов", *UMAR[1:7], "другое"], kind="journalist", basis="unknown"), by=author)
    contact = Contact.objects.get()

    assert (contact.name, contact.kind, contact.basis, contact.note) == (
        "Каримов Умар",
        "partner",
        "consent",
        "суды\nдругое",
    )


def test_the_stop_list_is_not_touched(batch_of, author):
    suppress("umar@navid.test", "unsubscribed", by="test")
    commit(batch_of(UMAR), by=author)

    assert [entry.address for entry in Suppression.objects.all()] == ["umar@navid.test"]


def test_each_row_is_kept_with_its_outcome_and_the_sum_is_the_rows_read(batch_of, author):
    batch = batch_of(UMAR, ["Каримов Умар", "ТВ «Навид»", "", "umar@navid.test"], ["", "", "вакансия", "нет"])
    commit(batch, by=author)

    assert [(row.number, row.outcome, bool(row.contact_id)) for row in batch.rows.all()] == [
        (2, "created", True),
        (3, "merged", True),
        (4, "refused", False),
    ]


def test_the_same_file_again_changes_nothing(batch_of, author):
    commit(batch_of(UMAR), by=author)
    plan = commit(batch_of(UMAR), by=author)

    assert plan.tally == {"created": 0, "changed": 0, "merged": 0, "unchanged": 1, "refused": 0}


def test_commit_is_in_the_audit_log_without_addresses(batch_of, author):
    batch = batch_of(UMAR)
    commit(batch, by=author)
    entry = Entry.objects.get(action="crm.import.committed")

    assert (entry.subject_id, entry.details) == (
        batch.pk,
        {"created": 1, "changed": 0, "merged": 0, "unchanged": 0, "refused": 0},
    )


def test_a_batch_is_not_written_twice(batch_of, author):
    batch = batch_of(UMAR)
    commit(batch, by=author)
    with pytest.raises(AlreadyCommitted):
        commit(batch, by=author)

    assert (Contact.objects.count(), ImportRow.objects.count()) == (1, 1)


def test_a_commit_that_fails_leaves_nothing_and_may_be_tried_again(batch_of, author, monkeypatch):
    batch = batch_of(UMAR)

    def fail(*_args, **_options):
        raise IntegrityError

    monkeypatch.setattr(imports, "write_some", fail)
    with pytest.raises(IntegrityError):
        commit(batch, by=author)
    monkeypatch.undo()
    assert Contact.objects.count() == 0
    commit(batch, by=author)
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_pressing_at_once_write_once(batch_of, author):
    batch = batch_of(UMAR)
    refused = []

    def press():
        try:
            commit(ImportBatch.objects.get(pk=batch.pk), by=author)
        except AlreadyCommitted as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(refused), Contact.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_file_is_read_before_anybody_has_to_wait(batch_of, author, monkeypatch):
    batch, read = batch_of(UMAR), own.read
    locked = []

    def watched(*args):
        locked.append(connection.in_atomic_block)
        return read(*args)

    monkeypatch.setattr(own, "read", watched)
    commit(batch, by=author)

    assert (locked, Contact.objects.count()) == ([False], 1)


def test_columns_chosen_while_the_file_is_read_count(batch_of, author, monkeypatch):
    batch, read = batch_of(UMAR), own.read

    def interrupted(*args):
        monkeypatch.undo()
        remap(ImportBatch.objects.get(), {"Лист1": {"use": True, "columns": {"6": "note", "7": "ignore"}}}, by=author)
        return read(*args)

    monkeypatch.setattr(own, "read", interrupted)
    commit(batch, by=author)
    contact = Contact.objects.get()

    assert (contact.city, contact.note) == ("", "Душанбе")


def test_a_chosen_column_is_read_where_it_was_sent(batch_of, author):
    batch = batch_of(UMAR)
    remap(batch, {"Лист1": {"use": True, "columns": {"6": "note", "7": "ignore"}}}, by=author)
    commit(batch, by=author)
    contact = Contact.objects.get()

    assert (contact.city, contact.note) == ("", "Душанбе")


def test_a_written_batch_keeps_its_columns(batch_of, author):
    batch = batch_of(UMAR)
    commit(batch, by=author)
    with pytest.raises(AlreadyCommitted):
        remap(batch, {}, by=author)


def test_a_discarded_upload_leaves_no_file_and_no_batch(batch_of, author, django_capture_on_commit_callbacks):
    batch = batch_of(UMAR)
    path = Path(batch.file.path)

    with django_capture_on_commit_callbacks(execute=True):
        imports.discard(batch, by=author)

    assert (ImportBatch.objects.count(), path.exists()) == (0, False)


def test_what_was_written_is_not_discarded(batch_of, author):
    batch = batch_of(UMAR)
    commit(batch, by=author)

    with pytest.raises(AlreadyCommitted):
        imports.discard(batch, by=author)


BROKEN = ["Каримов Умар", "ТВ «Навид»", "", "umar@navid, umar@navid.test", "93-00", "", "", ""]


def unread():
    return list(Unread.objects.values_list("contact__name", "field", "typed"))


def test_what_cannot_be_read_waits_to_be_repaired(batch_of, author):
    commit(batch_of(BROKEN), by=author)

    assert unread() == [("Каримов Умар", "email", "umar@navid"), ("Каримов Умар", "phone", "93-00")]
    assert [email.address for email in Contact.objects.get().emails.all()] == ["umar@navid.test"]


def test_words_beside_a_number_are_no_broken_number(batch_of, author):
    commit(batch_of([*UMAR[:4], "93 000 11 22 (WhatsApp)", *UMAR[5:]]), by=author)

    assert unread() == []


def test_the_same_list_brings_nothing_to_repair_twice(batch_of, author):
    commit(batch_of(BROKEN), by=author)
    Unread.objects.filter(field="phone").delete()
    commit(batch_of(BROKEN), by=author)

    assert unread() == [("Каримов Умар", "email", "umar@navid")]


def test_an_import_tells_whoever_has_the_card_open(batch_of, author):
    commit(batch_of([*UMAR[:6], "", ""]), by=author)
    commit(batch_of(UMAR), by=author)

    assert Contact.objects.get().revision == 1


def test_a_former_name_in_a_list_is_the_place_where_they_work_already(batch_of, author):
    commit(batch_of(UMAR), by=author)
    rename(Organisation.objects.get(), "Радио «Ситора»", until="2024", by=author)

    commit(batch_of([*UMAR[:2], "", *UMAR[3:]]), by=author)

    assert list(Position.objects.values_list("organisation__name", "title")) == [("Радио «Ситора»", "редактор")]


def test_a_former_name_in_a_list_makes_no_second_place_of_a_new_contact(batch_of, author):
    commit(batch_of(UMAR), by=author)
    rename(Organisation.objects.get(), "Радио «Ситора»", until="2024", by=author)

    commit(batch_of(["Новая Анна", "ТВ «Навид»", "", "anna@navid.test", "", "", "", ""]), by=author)

    assert list(Contact.objects.get(name="Новая Анна").positions.values_list("organisation__name")) == [
        ("Радио «Ситора»",)
    ]


def test_a_list_gives_a_title_to_the_present_time_at_a_place_alone(batch_of, author):
    commit(batch_of([*UMAR[:2], "", *UMAR[3:]]), by=author)
    contact = Contact.objects.get()
    place(contact, "ТВ «Навид»", started_on="2010", ended_on="2012")

    commit(batch_of(UMAR), by=author)

    assert list(contact.positions.order_by("pk").values_list("title", "ended_on")) == [("редактор", ""), ("", "2012")]
