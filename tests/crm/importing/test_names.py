import pytest

from crm.importing import names
from crm.importing.remarks import Remark


@pytest.mark.parametrize(
    ("cell", "full", "rest"),
    [
        ("Каримов Умар", "Каримов Умар", ""),
        ("Каримов Умар, адвокат", "Каримов Умар", "адвокат"),
        ("Каримов Умар – адвокат", "Каримов Умар", "адвокат"),
        ("Каримов Умар (адвокат)", "Каримов Умар", "адвокат"),
        ("Каримов Умар\nадвокат", "Каримов Умар", "адвокат"),
        ("Smith, John", "Smith John", ""),
        ("КАРИМОВ УМАР", "Каримов Умар", ""),
        ("Каримов У.", "Каримов У.", ""),
        ("—", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_cell_is_divided(cell, full, rest):
    name = names.read(cell)

    assert (name.full, name.rest) == (full, rest)


@pytest.mark.parametrize(
    ("cell", "given"),
    [
        ("Махкамов Бахтиёр Исмоилович", "Бахтиёр"),
        ("Ольга Сергеевна Зайцева", "Ольга"),
        ("Каримов Умар", "Умар"),
        ("Shahnoza Qurbonova", "Shahnoza"),
        # Either may be the given name: nothing is guessed.
        ("Назар Парвина", ""),
        ("Каримов У.", ""),
    ],
)
def test_the_given_name_is_taken_only_where_it_is_certain(cell, given):
    assert names.read(cell).given == given


def test_an_office_is_no_person():
    assert names.read("редакция") == names.Name(office="редакция")


def test_name_and_surname_in_each_others_column_are_put_right_and_told():
    name = names.join("Зухра", "Рахимова", "Камрановна")

    assert (name.full, name.given, name.remarks) == (
        "Рахимова Зухра Камрановна",
        "Зухра",
        [Remark("swapped-names", "Зухра Рахимова")],
    )


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Каримов Умар", "Умар Каримов", True),
        ("Каримов Умар", "Каримов Умар Маҳмудович", True),
        ("Каримов У.", "Каримов Умар", True),
        ("Ҷамшед Холов", "Jamshed Kholov", True),
        ("Обидов Комил", "Абидов Комил", True),
        ("Каримов Умар", "Каримов Олим", False),
        ("Алиев Саид", "Алиева Саида", False),
        ("Рахим Шарифов", "Шариф Рахимов", False),
        ("У.", "Каримов Умар", False),
    ],
)
def test_two_names_of_one_address_are_one_person_or_not(one, other, is_same):
    assert names.is_same(names.words(one), names.words(other)) is is_same


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("САИДОВ Умар", "Саидов Умар"),
        ("САИДОВ УМАР", "Саидов Умар"),
        ("саидов умар", "Саидов Умар"),
        ("Саидов У.А.", "Саидов У.А."),
        ("РАҲИМОВА-КАРИМ Зебо", "Раҳимова-Карим Зебо"),
    ],
)
def test_capitals_are_put_down(typed, name):
    assert names.read(typed).full == name
