import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crm.importing import emails
from demo.press_list import DO_NOT_WRITE, LEFT, PLACEHOLDERS, write_press_list

ROOT = Path(__file__).parents[2]
ALLOWED = re.compile(r"(?:[\w-]+\.)+test|(?:[\w-]+\.)*example\.(?:org|com|net)", re.IGNORECASE)
EMAIL_TITLES = {"Эл. почта", "Эл. адрес", "Почтаи электронӣ", "E-mail"}
PHONE_TITLES = {"Телефон", "Тел. раб., моб.", "Phone"}
HEADER_ROWS = {"СМИ": 4, "Госорганы": 6, "Партнёры": 5, "Международные": 3}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    path = tmp_path_factory.mktemp("list") / "list.xlsx"
    return write_press_list(path), load_workbook(path)


def written(path, **options):
    truth = write_press_list(path, **options)
    return truth, {sheet.title: list(sheet.values) for sheet in load_workbook(path)}


def column(book, titles):
    """Every filled cell below a header of one of these titles."""
    cells = []
    for sheet in book:
        header = HEADER_ROWS[sheet.title]
        [index] = [cell.column for cell in sheet[header] if cell.value in titles]
        below = sheet.iter_rows(min_row=header + 1, min_col=index, max_col=index, values_only=True)
        cells += [str(value) for (value,) in below if value is not None]
    return cells


def texts(book):
    return [str(value) for sheet in book for row in sheet.values for value in row if value is not None]


def test_list_of_one_seed_is_always_the_same(tmp_path):
    assert written(tmp_path / "one.xlsx", rows=120, seed=5) == written(tmp_path / "two.xlsx", rows=120, seed=5)


def test_list_is_the_same_whatever_the_hash_seed(tmp_path):
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path, seed in zip(paths, "12", strict=True):
        command = [sys.executable, "-m", "demo.press_list", str(path), "--rows", "120"]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env={"PYTHONHASHSEED": seed})
    one, two = (texts(load_workbook(path)) for path in paths)
    assert one == two


def test_list_of_another_seed_differs(tmp_path):
    assert written(tmp_path / "one.xlsx", rows=120, seed=5)[1] != written(tmp_path / "two.xlsx", rows=120, seed=6)[1]


def test_list_holds_as_many_rows_as_asked_for(tmp_path):
    assert write_press_list(tmp_path / "list.xlsx", rows=1000, seed=3).rows == 1000


def test_truth_of_the_demo_list_is_known(listed):
    truth, _book = listed
    assert (truth.rows, truth.people, truth.mailable, truth.duplicates, len(truth.refused)) == (300, 272, 242, 24, 4)


def test_truth_adds_up(listed):
    truth, _book = listed
    assert truth.rows == truth.people + truth.duplicates + len(truth.refused)
    assert truth.people == sum(truth.languages.values())
    assert truth.refusing == {"gone.test": 6, "full.test": 3, "strict.test": 3}
    assert truth.shared < truth.addresses


def test_sheets_say_when_they_were_brought_up_to_date(listed):
    _truth, book = listed
    assert [sheet.cell(2, 1).value for sheet in book] == ["обновлено 14.03.2026"] * len(HEADER_ROWS)


def test_sheets_have_merged_titles_sections_and_groups(listed):
    _truth, book = listed
    merged = [area for sheet in book for area in sheet.merged_cells.ranges]
    assert {sheet.title for sheet in book if any(area.min_row == 1 for area in sheet.merged_cells.ranges)} == set(
        HEADER_ROWS
    )
    assert sum(area.max_row > area.min_row for area in merged) > 30


def test_every_address_is_at_a_reserved_domain(listed):
    _truth, book = listed
    # The look-alikes are Cyrillic letters, which \w takes in.
    domains = [found for text in texts(book) for found in re.findall(r"@\s*([\w.-]+)", text)]
    assert len(domains) > 250
    assert [domain for domain in domains if not ALLOWED.fullmatch(domain.rstrip("."))] == []


def test_addresses_read_from_the_cells_are_those_of_the_truth(listed):
    truth, book = listed
    cells = column(book, EMAIL_TITLES)
    assert {address.casefold() for cell in cells for address in emails.read(cell).addresses} == truth.addresses


def test_cells_without_a_readable_address_are_counted(listed):
    truth, book = listed
    cells = column(book, EMAIL_TITLES)
    assert sum(cell in PLACEHOLDERS for cell in cells) == truth.placeholders + len(truth.refused)
    assert sum(bool(re.search(r"@$|@mail\.test@", cell)) for cell in cells) == truth.unreadable


def test_notes_of_leavers_and_of_the_silent_are_counted(listed):
    truth, book = listed
    notes = column(book, {"Примечание", "Прим.", "Эзоҳ", "Note"})
    assert sum(note in LEFT for note in notes) == truth.left
    assert sum(note in DO_NOT_WRITE for note in notes) == truth.do_not_write


def test_refused_rows_name_nobody(listed):
    truth, book = listed
    for sheet, number in truth.refused:
        titles = [cell.value for cell in book[sheet][HEADER_ROWS[sheet]]]
        cells = dict(zip(titles, (cell.value for cell in book[sheet][number]), strict=True))
        names = {"Ф.И.О.", "СМИ", "Ведомство", "Фамилия", "Имя", "Ному насаб", "Ҷойи кор", "Name", "Organisation"}
        assert [cells[title] for title in titles if title in names and cells[title]] == []


def test_telephones_belong_to_nobody(listed):
    _truth, book = listed
    for cell in column(book, PHONE_TITLES):
        for typed in re.split(r"[;,/\n]| или | ё | or ", cell):
            digits = re.sub(r"\D", "", typed.replace("О", "0"))
            assert re.fullmatch(r"(?:8|810)?(?:992)?9[01238]000\d{4}|(?:992)?(?:37)?22100\d\d", digits), typed


def test_tajik_sheet_keeps_the_tajik_alphabet(listed):
    _truth, book = listed
    shown = [str(value) for row in book["Партнёры"].iter_rows(min_row=3, values_only=True) for value in row if value]
    assert [text for text in shown if re.search("[цщьы]", text, re.IGNORECASE) and text not in PLACEHOLDERS] == []
