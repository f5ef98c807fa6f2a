"""A list of organisations becomes one table, whatever its shape."""

import pytest

from crm.importing import organisations, reader
from crm.importing.headers import chosen

from .files import xlsx

HEADER = ["Организация", "Тип", "Город", "Прим."]


def table(*rows, **options) -> organisations.Table:
    sheets = reader.read(xlsx(*rows, **options))
    return organisations.table(sheets, organisations.guess(sheets))


def texts(*rows, **options) -> list[dict]:
    return [row.texts for row in table(*rows, **options).rows]


def remarks(*rows) -> list[list[tuple[str, str]]]:
    return [[(one.code, one.value) for one in row.remarks] for row in table(*rows).rows]


def test_the_header_is_found_below_a_title():
    rows = [["Список организаций на 2016 год"], [], HEADER, ["Навид", "газета", "Хорог", "старый адрес"]]

    assert texts(*rows) == [{"name": "Навид", "kind": "газета", "city": "Хорог", "note": "старый адрес"}]


def test_a_title_of_one_word_is_no_header_where_there_is_a_better_one():
    assert texts(["Организации"], ["Название", "Город"], ["Навид", "Хорог"]) == [{"name": "Навид", "city": "Хорог"}]


@pytest.mark.parametrize("title", ["Название", "Номи ташкилот", "Organisation", "Ведомство"])
def test_a_single_column_of_names_is_a_list(title):
    assert texts([title], ["Навид"], ["Чашма"]) == [{"name": "Навид"}, {"name": "Чашма"}]


def test_a_sheet_without_names_of_organisations_has_no_columns():
    sheets = reader.read(xlsx(["Дата", "Сумма"], ["1", "2"]))

    assert [mapping.columns for mapping in organisations.guess(sheets)] == [()]


def test_headings_of_groups_say_what_the_rows_below_are():
    rows = [HEADER, ["ГАЗЕТЫ"], ["Навид", "", "Хорог"], ["Телевидение"], ["Чашма", "радио", "Хорог"]]

    assert [(one["name"], one["kind"]) for one in texts(*rows)] == [("Навид", "ГАЗЕТЫ"), ("Чашма", "радио")]


def test_what_is_no_organisation_is_told():
    rows = [HEADER, ["ГАЗЕТЫ"], ["Навид", "газета", "Хорог"], HEADER, ["Итого", "1"]]

    skipped = table(*rows).skipped

    assert [(one.number, one.text) for one in skipped] == [
        (2, "ГАЗЕТЫ"),
        (4, "Организация Тип Город Прим."),
        (5, "Итого 1"),
    ]


def test_merged_cells_hold_for_every_row_they_cover():
    rows = [HEADER, ["Навид", "газета", "Хорог"], ["Чашма", "", "Хорог"]]

    assert [one["kind"] for one in texts(*rows, merged=["B2:B3"])] == ["газета", "газета"]


def test_letters_of_old_fonts_are_repaired_and_lost_ones_are_said():
    rows = [HEADER, ["Љумњурият", "рўзнома", "Хуҷанд"], ["Д?ст", "газета", "Хорог"]]

    assert [one["name"] for one in texts(*rows)] == ["Ҷумҳурият", "Д?ст"]
    assert remarks(*rows) == [
        [("legacy-letters", "Ҷумҳурият"), ("legacy-letters", "рӯзнома")],
        [("lost-letters", "Д?ст")],
    ]


def test_what_an_organisation_is_a_part_of_comes_before_it():
    header = ["Организация", "Входит в"]
    rows = [header, ["Отдел", "Управление"], ["Управление", "МВД"], ["Чашма", ""], ["МВД", ""]]

    assert [one["name"] for one in texts(*rows)] == ["Чашма", "МВД", "Управление", "Отдел"]


def test_organisations_that_are_parts_of_each_other_stay_in_the_order_of_the_file():
    header = ["Организация", "Входит в"]

    assert [one["name"] for one in texts(header, ["А1", "Б1"], ["Б1", "А1"])] == ["А1", "Б1"]


def test_what_is_too_long_is_cut_and_kept_in_the_note():
    name = "Навид " * 50

    (row,) = table(HEADER, [name, "газета", "Хорог"]).rows

    assert (len(row.texts["name"]), row.texts["name"][-1], row.texts["note"]) == (200, "…", name.strip())
    assert [one.code for one in row.remarks] == ["shortened"]


def test_a_column_that_nobody_knows_is_left_until_somebody_says_what_it_is():
    sheets = reader.read(xlsx([*HEADER[:2], "Телефон"], ["Навид", "газета", "930001122"]))
    (guessed,) = organisations.guess(sheets)
    told = chosen(guessed, {"columns": {"2": "note"}})

    assert [column.field for column in guessed.columns] == ["name", "kind", ""]
    assert [row.texts.get("note") for row in organisations.table(sheets, [told]).rows] == ["Телефон: 930001122"]


def test_a_hidden_sheet_is_not_read_by_itself():
    rows = texts(HEADER, ["Навид", "газета"], more={"тайный": [HEADER, ["Чашма", "радио"]]}, hidden=["тайный"])

    assert [one["name"] for one in rows] == ["Навид"]


def test_the_table_is_what_a_resource_asks_for():
    found = table(HEADER, ["Навид", "газета", "Хорог", "x"])

    assert (len(found), [len(row) for row in found]) == (1, [len(found.headers)])
