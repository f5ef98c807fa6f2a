import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import headers
from crm.importing.reader import Sheet

PERSON = ["Каримов Умар", "ТВ «Навид»", "umar@navid.test"]


def fields(sheet: Sheet) -> dict[str, str]:
    return {column.title: column.field for column in headers.read(sheet).columns}


@pytest.mark.parametrize("row", [1, 2, 5, 12, 30])
def test_the_header_may_stand_on_any_row(row):
    above = [["Список СМИ", "", ""], *[["", "", ""]] * (row - 2)][: row - 1]
    mapping = headers.read(Sheet("", [*above, ["ФИО", "СМИ", "e-mail"], PERSON]))

    assert (mapping.first, mapping.of("name", "organisation", "emails")) == (row, [0, 1, 2])


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Ф.И.О.", "name"),
        ("Контактное лицо, должность", "name"),
        ("Ному насаб", "name"),
        ("НОМУ НАСАБ", "name"),
        ("Full name", "name"),
        ("Фамилия", "surname"),
        ("Насаб", "surname"),
        ("Номи падар", "patronymic"),
        ("Название СМИ", "organisation"),
        ("Организация (полное и сокр.)", "organisation"),
        ("Ташкилот", "organisation"),
        ("Outlet", "organisation"),
        ("Должность / звание", "title"),
        ("Вазифа", "title"),
        ("E-mail", "emails"),
        ("эл. адрес", "emails"),
        ("Почтаи электронӣ", "emails"),
        ("Почтаи электрони", "emails"),
        ("тел. раб., моб.", "phones"),
        ("Рақами телефон", "phones"),
        ("Язык (р/т/а)", "languages"),
        ("Забон", "languages"),
        ("Город, регион", "city"),
        ("Шаҳр", "city"),
        ("Шањр", "city"),
        ("Прим.", "note"),
        ("Эзоҳ", "note"),
        ("№", "ignore"),
        ("Название мероприятия", ""),
        ("Дата тренинга", ""),
        ("", ""),
    ],
)
def test_a_title_names_its_field_in_three_languages(title, field):
    assert headers.match(title)[0] == field


@given(st.text(max_size=120))
def test_matching_a_title_always_gives_a_field_or_none(title):
    assert headers.match(title)[0] in {*headers.FIELDS, ""}


@given(st.lists(st.lists(st.text(alphabet="абФИОemail@ \n1", max_size=8), max_size=5), max_size=6))
def test_every_column_with_content_is_in_the_mapping(rows):
    mapping = headers.read(Sheet("", rows))
    filled = {
        index for row in rows[mapping.first :] if sum(map(bool, row)) > 1 for index, cell in enumerate(row) if cell
    }

    assert not mapping.columns or filled <= {column.index for column in mapping.columns}


def test_a_header_of_two_rows_is_read_as_one():
    rows = [["СМИ", "Контактное лицо", "", "Контакты", ""], ["", "Ф.И.О.", "Должность", "e-mail", "Телефон"], [*PERSON]]
    mapping = headers.read(Sheet("", rows, merged=[(0, 1, 0, 2), (0, 3, 0, 4)]))

    assert [column.field for column in mapping.columns] == ["organisation", "name", "title", "emails", "phones"]


def test_the_first_name_beside_a_surname_is_the_given_name():
    assert fields(Sheet("", [["Фамилия", "Имя", "e-mail"], ["Каримов", "Умар", "u@navid.test"]])) == {
        "Фамилия": "surname",
        "Имя": "given_name",
        "e-mail": "emails",
    }


def test_the_first_name_alone_is_the_whole_name():
    assert fields(Sheet("", [["Имя", "Почта"], ["Каримов Умар", "u@navid.test"]])) == {"Имя": "name", "Почта": "emails"}


def test_a_title_that_says_little_is_told_by_its_values():
    assert (
        fields(Sheet("", [["ФИО", "Телефон", "Адрес"], ["Каримов Умар", "930001122", "u@navid.test"]]))["Адрес"]
        == "emails"
    )


def test_an_unknown_column_is_left_to_a_person():
    assert fields(Sheet("", [["ФИО", "e-mail", "Подарок"], [*PERSON[::2], "календарь"]]))["Подарок"] == ""


def test_of_two_columns_for_one_field_the_surer_is_taken():
    row = ["ТВ «Навид»", "ТВ", "u@navid.test"]

    assert fields(Sheet("", [["Организация", "СМИ по уставу", "e-mail"], row])) == {
        "Организация": "organisation",
        "СМИ по уставу": "",
        "e-mail": "emails",
    }


def test_a_list_without_titles_is_read_by_its_values():
    mapping = headers.read(Sheet("", [["Каримов Умар", "u@navid.test"], ["Зарина Холова", "z@navid.test"]]))

    assert (mapping.first, [column.field for column in mapping.columns]) == (0, ["name", "emails"])


def test_a_hidden_sheet_is_not_read_by_itself():
    mapping = headers.read(Sheet("старый", [["ФИО", "e-mail"], PERSON[::2]], hidden=True))

    assert (mapping.is_used, mapping.why_not) == (False, "hidden")


def test_a_sheet_of_greetings_is_not_read_by_itself():
    mapping = headers.read(
        Sheet("", [["Кому", "Обращение", "e-mail"], ["Каримову Умару", "Уважаемый Умар!", "u@navid.test"]])
    )

    assert (mapping.is_used, mapping.why_not) == (False, "greetings")


def test_what_a_person_chose_replaces_the_guess():
    guess = headers.read(Sheet("", [["ФИО", "e-mail", "Подарок"], [*PERSON[::2], "календарь"]]))
    mapping = headers.chosen(guess, {"use": False, "columns": {"2": "note"}})

    assert (mapping.is_used, [column.field for column in mapping.columns]) == (False, ["name", "emails", "note"])


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [
        ("СМИ", "journalist"),
        ("Журналисты Хатлон", "journalist"),
        ("Госорганы", "press_service"),
        ("Мақомоти давлатӣ", "press_service"),
        ("Партнёры", "partner"),
        ("Международные", "partner"),
        ("Шарикон", "partner"),
        ("Лист1", ""),
    ],
)
def test_name_of_a_sheet_tells_who_is_on_it(sheet, kind):
    assert headers.kind_of(sheet) == kind
