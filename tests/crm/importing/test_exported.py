import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import clean, clean_lines
from crm.importing import delimited, exported, headers, kinds, own, rows
from crm.importing.reader import Sheet
from crm.importing.remarks import Remark

HEADER = ["Номер контакта", "ФИО", "Имя", "Кто", "Организация", "Должность", "Организация 2", "Должность 2", "E-mail",
          "Телефон", "Язык", "Город", "Примечание", "Примечание 2", "Выгрузка"]  # fmt: skip
MARK = "V-7K3M-Q2"


def read(*lines, header=HEADER):
    sheet = Sheet("Контакты", [header, *lines])
    return own.read(sheet, headers.read(sheet))


def line(**cells):
    """A row of ours with these cells, by heading."""
    row = dict.fromkeys(HEADER, "") | {"Номер контакта": "7", "ФИО": "Каримов Умар", "Выгрузка": MARK} | cells
    return list(row.values())


@given(st.text())
@example("=1+1")
@example("'=1+1")
@example("''")
@example("\xa0\u200b＝1")
@example("﹣1")
@example("\t1")
@example("")
def test_an_escaped_text_comes_back_and_is_no_formula(text):
    cell = exported.escaped(text)

    assert (exported.unescaped(cell), exported.is_live(cell) and not cell.startswith("'")) == (text, False)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "'", " =", "\xa0@", "＝", "＋", "－", "＠", "\u200b="]
)
def test_what_a_spreadsheet_might_calculate_gets_an_apostrophe(start):
    assert exported.escaped(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("text", ["Каримов", "a=b", "1+1", "«Навид»", "", "V-7K3M-Q2", "o'brien"])
def test_other_texts_stay_as_they_are(text):
    assert exported.escaped(text) == exported.unescaped(text) == text


@given(st.text())
def test_clean_text_is_clean(text):
    assert (clean(clean(text)), clean_lines(clean_lines(text))) == (clean(text), clean_lines(text))


@pytest.mark.parametrize("language", range(3), ids=exported.LANGUAGES)
def test_headings_are_recognised_in_each_language(language):
    header = [words[language] for words in exported.HEADINGS.values()]

    assert exported.layout([["Список"], header]) == exported.Layout(1, tuple(exported.HEADINGS))


@pytest.mark.parametrize("header", [HEADER[:-1], HEADER[1:], ["ФИО", "СМИ", "e-mail"], []], ids=len)
def test_other_tables_are_not_ours(header):
    assert exported.layout([header]) is None


def test_a_row_of_ours_is_read_to_the_letter():
    row = line(
        **{"ФИО": "КАРИМОВ (юрист), редактор", "Имя": "'=Умар", "Кто": "партнёр", "Организация": "г. Навид; ТВ",
           "Должность": "—", "Организация 2": "'-Газета", "E-mail": "''x@navid.test, a|b@navid.test",
           "Телефон": "'+992930001122, +992000000021", "Язык": "таджикский, русский", "Город": "г. Душанбе",
           "Примечание": "раз\n\nд", "Примечание 2": "ва"}
    )  # fmt: skip
    (record,), skipped = read(row)

    assert (record, skipped) == (
        rows.Record(
            sheet="Контакты", number=2, code=(MARK, 7), name="КАРИМОВ (юрист), редактор", given_name="=Умар",
            kind="partner", organisation="г. Навид; ТВ", title="—", positions=[("-Газета", "")],
            emails=["'x@navid.test", "a|b@navid.test"], phones=["+992930001122", "+992000000021"],
            languages="tg ru", city="г. Душанбе", note="раз\n\nдва",
        ),
        [],
    )  # fmt: skip


def test_what_somebody_typed_into_a_row_of_ours_is_read_as_in_any_list():
    (record,), _skipped = read(line(**{"E-mail": "<umar@gmail.com>; нету", "Телефон": "93 000 11 22", "Кто": "певец"}))

    assert (record.emails, record.phones, record.note, [remark.code for remark in record.remarks]) == (
        ["umar@gmail.com"],
        ["+992930001122"],
        "нету\nпевец",
        ["bad-email", "bad-kind"],
    )


def test_a_row_that_somebody_added_is_read_as_in_any_list():
    added = ["", "ХОЛОВ ҶАМШЕД, редактор", "", "", "ТВ", *[""] * 3, "j@navid.test"]
    records, _skipped = read(line(), [], [*added, *[""] * (len(HEADER) - len(added))], line(ФИО="Ещё Один"))

    assert [(record.number, record.name, record.title, record.code) for record in records] == [
        (2, "Каримов Умар", "", (MARK, 7)),
        (4, "Холов Ҷамшед", "редактор", None),
        (5, "Ещё Один", "", (MARK, 7)),
    ]


@pytest.mark.parametrize("mark", ["", "V-7K3M", "v-7k3m-q2", "V-7K3M-Q2 ", "=V-7K3M-Q2", "V-0000-00"])
def test_only_a_whole_mark_makes_a_row_ours(mark):
    (record,), _skipped = read(line(Выгрузка=mark, ФИО="КАРИМОВ УМАР", **{"E-mail": "u@navid.test"}))

    assert (record.code is None) == (mark != "V-7K3M-Q2 ")


def test_a_row_of_ours_without_a_name_is_refused():
    (record,), _skipped = read(line(ФИО=""))

    assert (record.refusal, record.remarks) == ("no-name", [Remark("no-name")])


def test_number_and_mark_are_not_imported_and_further_columns_are_guessed():
    mapping = headers.read(Sheet("", [[*HEADER, "Почта 2", "Подарок"], [*line(), "b@navid.test", "календарь"]]))

    assert {column.title: column.field for column in mapping.columns if column.index in {0, 14, 15, 16}} == {
        "Номер контакта": "ignore",
        "Выгрузка": "ignore",
        "Почта 2": "emails",
        "Подарок": "",
    }


@pytest.mark.parametrize("disturbing", [",", "\t", "|", "a,b\n" * 40], ids=repr)
def test_the_headings_tell_the_delimiter_whatever_stands_in_the_cells(disturbing):
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([HEADER, line(Примечание=f"x{disturbing * 500}x")])

    assert delimited.rows(file.getvalue().encode("utf-8-sig"), 10)[0] == HEADER


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Журналист", "journalist"),
        ("рӯзноманигор", "journalist"),
        ("Пресс-служба", "press_service"),
        ("НПО", "partner"),
        ("Партнер", "partner"),
        ("другое", "other"),
        ("певец", ""),
        ("", ""),
    ],
)
def test_a_word_says_who_somebody_is(cell, kind):
    assert kinds.read(cell) == kind


@pytest.mark.parametrize("kind", exported.KINDS)
def test_every_word_we_write_for_a_kind_is_read_back(kind):
    assert {kinds.read(word) for word in exported.KINDS[kind]} == {kind}


@pytest.mark.parametrize(
    ("cell", "level"),
    [("открытый", "open"), ("кушода", "open"), ("internal", "internal"), ("закрытый", "internal"), ("", "")],
)
def test_a_word_nobody_knows_keeps_a_contact_more_carefully(cell, level):
    assert kinds.level(cell) == level


@pytest.mark.parametrize("level", exported.LEVELS)
def test_every_word_we_write_for_a_level_is_read_back(level):
    assert {kinds.level(word) for word in exported.LEVELS[level]} == {level}


def test_a_list_of_any_make_may_say_who_somebody_is():
    header = ["ФИО", "Тип контакта", "e-mail"]
    sheet = Sheet(
        "Лист1", [header, ["Каримов Умар", "партнёр", "u@navid.test"], ["Холов Али", "певец", "h@navid.test"]]
    )
    records, _skipped = rows.read(sheet, headers.read(sheet))

    assert [(record.kind, record.note, record.remarks) for record in records] == [
        ("partner", "", []),
        ("", "певец", [Remark("bad-kind", "певец")]),
    ]
