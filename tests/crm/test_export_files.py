"""A file of contacts comes back as it left, and holds no live formula."""

import io
import re
import zipfile

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from core import addresses, phones
from core.text import clean, clean_lines
from crm.actions.import_writing import write_some
from crm.importing import exported
from crm.models import Contact, Export, ImportBatch, organisation_key
from tests.factories.exports import (
    FORMATS,
    bring_in,
    cells,
    empty,
    everything,
    export,
    exporter,
    make_contact,
    planned,
    unchanged,
)

pytestmark = pytest.mark.django_db
FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.test";"x")', "@SUM(1+1)", "+1+1", "-1+1", "=1+1", "\t=1",
            "\r=1", "\n=1", " =1", "\xa0=1", "＝1+1", "＋1", "－1", "＠SUM(1)", "'=1", "''", "'", "\u200b=1",
            '=DDE("cmd";"/C calc";"x")', "%0A=1", "=2+5+cmd|' /C calc'!A0", '";=1+1;"', "_x003D_1+1"]  # fmt: skip


# The round trip


@pytest.fixture
def list_of_all_sorts():
    make_contact(
        "КАРИМОВ Умар (юрист), редактор",
        given_name="",
        kind="partner",
        languages="tg en ru",
        city="г. Душанбе",
        postal_address="=734000,  ул. Рудаки; 1\nкв. 3",
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

    assert tally == {"created": 1, "changed": 0, "merged": 0, "unchanged": 1, "refused": 0}


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
    write_some(batch, made, made.people.everybody, made.rows, by=exporter())


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


@pytest.mark.parametrize("format", FORMATS)
def test_an_address_that_is_not_used_any_more_does_not_leave(format):
    contact = make_contact("Каримов Умар", emails=["old@navid.test", "new@navid.test"], phones=["+992930001122"])
    contact.emails.filter(address="old@navid.test").update(retired_on=timezone.localdate())
    contact.phones.update(retired_on=timezone.localdate())

    _export, content = export(format)
    _heading, row = cells(content, format)

    assert [cell for cell in row if "@" in cell or cell.startswith("+")] == ["new@navid.test"]
