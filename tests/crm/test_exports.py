"""What leaves as a file, what is written down of it, and that it comes back as it left."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.actions.lockdown import lock_down
from accounts.models import User
from audit.models import Entry
from core import addresses, phones
from core.text import clean, clean_lines
from crm.actions import imports
from crm.actions.exports import Refused, left_today, take_out
from crm.actions.imports import commit, receive
from crm.actions.organisations import restrict
from crm.importing import delimited, exported, headers, plan, sandbox
from crm.importing.reader import Sheet
from crm.importing.remarks import Remark
from crm.models import Contact, Export, ImportBatch, Organisation, Position, organisation_key
from tests.factories.contacts import change
from tests.factories.exports import empty, everything, export, exporter, make_contact

pytestmark = pytest.mark.django_db
FORMATS = ["csv", "xlsx"]
FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.test";"x")', "@SUM(1+1)", "+1+1", "-1+1", "=1+1", "\t=1",
            "\r=1", "\n=1", " =1", "\xa0=1", "＝1+1", "＋1", "－1", "＠SUM(1)", "'=1", "''", "'", "\u200b=1",
            '=DDE("cmd";"/C calc";"x")', "%0A=1", "=2+5+cmd|' /C calc'!A0", '";=1+1;"', "_x003D_1+1"]  # fmt: skip


def cells(content, format):
    """Every cell of a file, as a program that opens it reads it."""
    if format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    return [[cell.value or "" for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]


def planned(content, format):
    """What importing the file would do, read without a process of its own."""
    if format == "csv":
        sheets = [Sheet("", delimited.rows(content, 1_000))]
    else:
        sheets = [Sheet(one["name"], one["rows"]) for one in sandbox.workbook(content, 1_000)]
    return plan.make(plan.read(sheets, headers.guess(sheets)))


def bring_in(content, format):
    batch = receive(SimpleUploadedFile(f"x.{format}", content), by=exporter(), kind="other", basis="unknown")
    return commit(batch, by=exporter())


def unchanged(count):
    return {"created": 0, "changed": 0, "unchanged": count, "refused": 0}


# The round trip


@pytest.fixture
def list_of_all_sorts():
    make_contact(
        "КАРИМОВ Умар (юрист), редактор",
        given_name="",
        kind="partner",
        languages="tg en ru",
        city="г. Душанбе",
        sensitivity="internal",
        note="раз\n\nдва; три\nне писать",
        emails=["'umar@navid.test", "a|b@navid.test", "=x@navid.test"],
        phones=["+992930001122", "+992000000021", "+74951234567"],
        positions=[("ТВ «Навид»; ООО", "—"), ("=Газета", ""), ("Уточнить", "@SUM(1)")],
    )
    make_contact("Редакция", note="x" * 40_000 + "\n" + " _x0041_" * 6_000)
    make_contact("Безадресный Олег")
    make_contact("Безадресный Олег")
    for _twice in range(2):
        make_contact("Двойник Анна", emails=["anna@navid.test"], positions=[("ТВ «Навид»; ООО", "")])
    make_contact("—", kind="press_service", languages="en", phones=["+992930001122"])
    for text in FORMULAS:
        if name := clean(text):
            make_contact(name, given_name=name, city=name, note=clean_lines(text))


@pytest.mark.parametrize("language", exported.LANGUAGES)
@pytest.mark.parametrize("format", FORMATS)
def test_a_list_imported_where_it_left_changes_nothing(list_of_all_sorts, format, language):
    before = everything()
    _export, content = export(format, language=language)

    assert (bring_in(content, format).tally, everything()) == (unchanged(len(before)), before)


@pytest.mark.parametrize("language", exported.LANGUAGES)
@pytest.mark.parametrize("format", FORMATS)
def test_a_list_imported_elsewhere_gives_the_same_contacts(list_of_all_sorts, format, language):
    before = everything()
    _export, content = export(format, language=language)
    empty()

    tally = bring_in(content, format).tally

    assert (tally["created"], everything()) == (len(before), before)


def test_a_file_never_raises_the_basis():
    make_contact("Каримов Умар", emails=["umar@navid.test"], basis="consent")
    _export, content = export("xlsx")
    empty()
    bring_in(content, "xlsx")

    assert Contact.objects.get().basis == "unknown"


def test_a_file_edited_outside_adds_to_the_contacts_it_names():
    make_contact("Каримов Умар", emails=["umar@navid.test"])
    make_contact("Каримов Умар", city="Хорог")
    _export, content = export("csv")
    edited = content.decode().replace(";Хорог;", ";Хуҷанд;").replace("umar@", "new@navid.test, umar@")
    bring_in(edited.encode(), "csv")

    assert [(contact[4], contact[8]) for contact in everything()] == [
        ("", ["umar@navid.test", "new@navid.test"]),
        ("Хорог", []),
    ]


def test_a_row_whose_number_belongs_to_another_name_changes_nobody_else():
    make_contact("Каримов Умар", emails=["umar@navid.test"])
    other = make_contact("Холов Ҷамшед")
    _export, content = export("csv")
    mixed = content.decode().replace(f"\n{other.pk};", f"\n{Contact.objects.first().pk};")
    tally = planned(mixed.encode(), "csv").tally

    assert tally == {"created": 1, "changed": 0, "unchanged": 1, "refused": 0}


def test_a_mark_of_another_database_leads_to_nobody_by_number_alone():
    make_contact("Безадресный Олег")
    _export, content = export("csv")
    Export.objects.all().delete()

    assert planned(content, "csv").tally["created"] == 1


TEXTS = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60),
    st.builds("{}{}".format, st.sampled_from(FORMULAS), st.text("=+-@'\";,\n\t xқӣ\xa0\u200b_", max_size=12)),
    st.sampled_from("нет|—|Итого: 5|уточнить|1|true|2026-01-01|№|ФИО|Ҷамшед Холов|журналист|ru".split("|")),
    st.just("x" * 90),
)
LINES = TEXTS.map(clean)
NAMES = LINES.filter(bool)
ORGANISATIONS = LINES.filter(organisation_key)
LOCALS = st.text("abz019!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=12)
EMAILS = st.builds("{}@{}".format, LOCALS, st.sampled_from(["navid.test", "xn--80a1acny.test", "a-b.navid.test"]))
PREFIXES = st.sampled_from(["+9929", "+7495", "+4930", "+1202"])
PHONES = st.builds("{}{}".format, PREFIXES, st.integers(1_000_000, 99_999_999))


def is_address(text):
    try:
        return addresses.normalise(text) == text
    except addresses.NotAnAddress:
        return False


def is_phone(text):
    try:
        return phones.parse(text) == text
    except phones.NotAPhone:
        return False


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "given_name": LINES,
            "kind": st.sampled_from(Contact.Kind.values),
            "languages": st.sampled_from(["ru", "tg ru", "en tg ru", "tg"]),
            "city": LINES,
            "sensitivity": st.sampled_from(["open", "internal"]),
            "note": st.lists(TEXTS, max_size=3).map("\n".join),
            "emails": st.lists(EMAILS.filter(is_address), max_size=3, unique_by=addresses.key),
            "phones": st.lists(PHONES.filter(is_phone), max_size=3, unique=True),
            "positions": st.lists(
                st.tuples(ORGANISATIONS, LINES), max_size=3, unique_by=lambda pair: organisation_key(pair[0])
            ),
        }
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=PEOPLE)
def test_whatever_the_contacts_hold_they_come_back_as_they_left(format, people):
    with transaction.atomic():
        for fields in people:
            make_contact(**fields)
        before = everything()
        _export, content = export(format)
        here = planned(content, format).tally
        empty()
        bring_in_quickly(content, format)
        there = everything()
        transaction.set_rollback(True)

    notes_are_clean = [(*fields[:6], clean_lines(fields[6]), *fields[7:]) for fields in before]
    assert (here, there) == (unchanged(len(people)), sorted(notes_are_clean))


def bring_in_quickly(content, format):
    """As `bring_in`, with the file read in this process."""
    made = planned(content, format)
    batch = ImportBatch.objects.create(
        file="x", filename="x", kind="other", uploaded_by=exporter(), status="done", committed_at=timezone.now()
    )
    imports._write(batch, made, by=exporter())


# No live formula


@pytest.mark.parametrize("format", FORMATS)
def test_no_cell_begins_as_a_formula_does(list_of_all_sorts, format):
    _export, content = export(format)
    live = [cell for row in cells(content, format) for cell in row if exported.is_live(cell) and cell[0] != "'"]

    assert [cell for cell in live if format == "csv" or not re.fullmatch(r"\+\d+(, \+\d+)*", cell)] == []


def test_a_workbook_holds_texts_only_and_names_who_made_it(list_of_all_sorts):
    _made, content = export("xlsx")
    book = zipfile.ZipFile(io.BytesIO(content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert (
        re.findall(r"<f[ >]", sheet),
        set(re.findall(r'<c [^>]*?t="(\w+)"', sheet)),
        len(re.findall(r"<c ", sheet)) - len(re.findall(r'<c [^>]*t="', sheet)),
        [name for name in book.namelist() if "external" in name.lower() or "vba" in name.lower()],
    ) == ([], {"inlineStr"}, 0, [])


def test_a_workbook_says_on_paper_too_who_made_it():
    make_contact("Каримов Умар")
    by = User.objects.create_user("x@payom.test", None, name="Мехрона & К", role="editor", may_export=True)
    made, content = export("xlsx", by=by)
    book = load_workbook(io.BytesIO(content))

    assert (
        book.properties.creator,
        book.properties.title,
        book.active.oddHeader.left.text.partition(",")[0],
        book.active.oddHeader.right.text,
    ) == ("Мехрона & К", made.mark, "Мехрона && К", made.mark)


def test_csv_opens_in_excel_with_tajik_letters():
    make_contact("Ҷамшед Ғайратов", city="Қӯрғонтеппа")
    _export, content = export("csv")

    assert (content.startswith("\ufeffНомер контакта;ФИО;".encode()), ";Ҷамшед Ғайратов;" in content.decode()) == (
        True,
        True,
    )


def test_control_characters_do_not_keep_a_list_from_leaving():
    Contact.objects.create(name="Ка\x0bримов\x01\uffff", note="раз\x0bдва\x1f\x80", city="\x02")

    for format in FORMATS:
        _export, content = export(format)
        assert planned(content, format).tally["refused"] == 0


# Who never leaves


@pytest.mark.parametrize("role", ["editor", "head"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_sealed_contact_never_leaves(format, role):
    make_contact("Каримов Умар", sensitivity="internal")
    make_contact("Скрытая Марзия", sensitivity="sealed", emails=["marzia@navid.test"], note="тайна")
    made, content = export(format, by=exporter(role=role))

    assert ([row[1] for row in cells(content, format)[1:]], made.rows) == (["Каримов Умар"], 1)


@pytest.mark.parametrize(
    ("role", "leave"), [("editor", ["Каримов Умар"]), ("head", ["Каримов Умар", "Запретный Иван"])]
)
def test_only_those_leave_whom_the_person_may_see(role, leave):
    make_contact("Каримов Умар")
    make_contact("Запретный Иван", positions=[("Запрещённая", "")])
    restrict("Запрещённая", on=timezone.localdate(), note="суд", by="test")
    _export, content = export("csv", by=exporter(role=role))

    assert {row[1] for row in cells(content, "csv")[1:]} == set(leave)


def test_a_contact_sealed_since_stays_as_it_is_whatever_the_file_says():
    contact = make_contact("Каримов Умар", emails=["umar@navid.test"], positions=[("ТВ", "")])
    _export, content = export("csv")
    change(contact, sensitivity="sealed", emails=["other@navid.test"], organisation="Газета")
    plan_of_file = planned(content, "csv")

    assert (plan_of_file.tally, [row.remarks for row in plan_of_file.rows], plan_of_file.to_write) == (
        unchanged(1),
        [[Remark("sealed")]],
        0,
    )


def test_a_contact_comes_back_no_less_carefully_kept():
    make_contact("Каримов Умар", sensitivity="internal")
    _export, content = export("xlsx")
    empty()
    bring_in(content, "xlsx")

    assert Contact.objects.get().sensitivity == "internal"


# The mark


@pytest.mark.parametrize("format", FORMATS)
def test_every_row_ends_with_the_mark(format):
    for number in range(3):
        make_contact(f"Человек{number}")
    made, content = export(format)
    heading, *rows = cells(content, format)

    assert (heading[-1], [row[-1] for row in rows]) == ("Выгрузка", [made.mark] * 3)


def test_marks_differ_and_can_be_said():
    make_contact("Каримов Умар")
    marks = [export("csv")[0].mark for _time in range(5)]

    assert (len(set(marks)), [mark for mark in marks if not exported.MARK.fullmatch(mark)]) == (5, [])


@pytest.mark.parametrize("typed", ["V-7K3M-Q2", "v7k3mq2", " v-7k3m-q2 ", "7k3m"])
def test_an_export_is_found_by_its_mark_however_it_is_typed(typed):
    made = record(mark="V-7K3M-Q2")
    record(mark="V-ZZZZ-ZZ")

    assert list(Export.objects.marked(typed)) == [made]


def record(**fields):
    rule = {"query": "", "words": ""}
    return Export.objects.create(
        **{"by": exporter(), "reason": "Сверка", "rule": rule, "format": "csv", "rows": 1} | fields
    )


@pytest.mark.parametrize(
    "fields", [{"reason": ""}, {"rows": -1}, {"format": "pdf"}, {"mark": "V-7K3M-Q2"}], ids=lambda one: next(iter(one))
)
def test_the_database_refuses_a_record_that_says_too_little(fields):
    record(mark="V-7K3M-Q2")

    with pytest.raises(IntegrityError):
        record(**{"mark": "V-ZZZZ-ZZ"} | fields)


# What is written down


def test_an_export_is_written_down_and_in_the_journal():
    make_contact("Каримов Умар", kind="partner")
    made, _content = export("csv", query="kind=partner", words="Кто: Партнёр")
    entry = Entry.objects.get(action="crm.contacts.exported")

    assert (made.by, made.reason, made.rule, made.format, made.rows) == (
        exporter(),
        "Список для пресс-конференции",
        {"query": "kind=partner", "words": "Кто: Партнёр"},
        "csv",
        1,
    )
    assert (entry.by, entry.subject_type, entry.subject_id, entry.details) == (
        "Мехрона С.",
        "crm.export",
        made.pk,
        {
            "rows": 1,
            "reason": "Список для пресс-конференции",
            "filter": "Кто: Партнёр",
            "format": "csv",
            "mark": made.mark,
        },
    )


def test_what_breaks_off_leaves_neither_record_nor_entry():
    make_contact("Каримов Умар")

    def broken(_export, _contacts):
        raise OSError

    with pytest.raises(OSError):
        take_out(
            Contact.objects.all(),
            by=exporter(),
            reason="Проверка записи",
            rule={"query": "", "words": ""},
            format="csv",
            write=broken,
        )
    assert (Export.objects.count(), Entry.objects.filter(action="crm.contacts.exported").count()) == (0, 0)


def test_who_lost_the_right_takes_out_nobody():
    make_contact("Каримов Умар")
    by = exporter()
    User.objects.update(may_export=False)

    with pytest.raises(PermissionDenied):
        export("csv", by=by)
    assert Export.objects.count() == 0


def test_nothing_leaves_while_everything_is_locked_down(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=head)

    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


def test_nothing_leaves_a_lock_down_without_a_key_holder(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=None)

    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


def test_key_holder_takes_the_list_out_of_a_lock_down(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=exporter())

    assert export("csv")[0].rows == 1


# The limit


def test_an_export_over_what_is_left_of_the_day_is_refused(settings):
    settings.EXPORT_ROWS_PER_DAY = 3
    make_contact("Первая")
    make_contact("Вторая")
    export("csv")

    with pytest.raises(Refused):
        export("csv")
    assert (left_today(exporter()), Export.objects.count()) == (1, 1)


def test_what_left_yesterday_or_by_others_does_not_count(settings):
    settings.EXPORT_ROWS_PER_DAY = 2
    make_contact("Первая")
    make_contact("Вторая")
    export("csv", by=exporter("other@payom.test"))
    old, _content = export("csv")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Export.objects.filter(pk=old.pk).update(at=midnight - timedelta(seconds=1))

    export("csv")

    assert left_today(exporter()) == 0


def test_nobody_is_no_export():
    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_exports_at_once_never_pass_the_limit_together(settings):
    settings.EXPORT_ROWS_PER_DAY = 5
    for number in range(2):
        make_contact(f"Человек{number}")
    exporter()
    barrier, outcomes = Barrier(4), []

    def work():
        barrier.wait()
        try:
            export("csv")
            outcomes.append("left")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(outcomes), Export.objects.contacts()) == (["left", "left", "refused", "refused"], 4)


@pytest.mark.parametrize("people", [1, 4])
@pytest.mark.parametrize("format", FORMATS)
def test_the_number_of_queries_does_not_grow_with_the_contacts(people, format, django_assert_num_queries):
    for number in range(people):
        contact = make_contact(f"Человек{number}", emails=[f"a{number}@navid.test"], phones=["+992930001122"])
        Position.objects.create(contact=contact, organisation=Organisation.objects.named(f"ТВ{number}"))
    exporter()
    with django_assert_num_queries(13):
        export(format)
