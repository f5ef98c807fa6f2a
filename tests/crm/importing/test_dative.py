import pytest

from crm.importing import dative


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("Каримову Умару Саидовичу", "Каримов Умар Саидович"),
        ("Белову Юрию Викторовичу", "Белов Юрий Викторович"),
        ("Белову Игорю", "Белов Игорь"),
        ("Юсуповой Гулнозе Джамолиддиновне", "Юсупова Гулноза Джамолиддиновна"),
        ("Белой Наталье Ильиничне", "Белой Наталья Ильинична"),
        ("Кузнецовой Юлии Сергеевне", "Кузнецова Юлия Сергеевна"),
        ("Раевскому Андрею Петровичу", "Раевский Андрей Петрович"),
        ("Раевской Марине Петровне", "Раевская Марина Петровна"),
        ("Исмоилзода Музаффару Бехруз", "Исмоилзода Музаффар Бехруз"),
        ("Назар Парвине Эрадж", "Назар Парвина Эрадж"),
        ("Махкамовой Мохрухсор Далеровне", "Махкамова Мохрухсор Далеровна"),
    ],
)
def test_a_name_in_the_dative_is_put_back(typed, called):
    assert dative.nominative(typed) == called


@pytest.mark.parametrize(
    "name",
    [
        "Каримов Умар",
        "Юсупова Гулноза Джамолиддиновна",
        "Шахрбону Каримова",
        "Каримова Гулру",
        "Madina Shokiri",
        "Умару",
        "Ҷамшеду Холову",
        "",
    ],
)
def test_a_name_as_it_is_called_is_left_alone(name):
    assert dative.nominative(name) == ""


def test_the_salutation_decides_what_the_ending_leaves_open():
    assert dative.nominative("Кариевой Камиле", "Уважаемая Камиля Каримовна!") == "Кариева Камиля"


def test_a_tajik_salutation_does_not_change_a_russian_spelling():
    assert dative.nominative("Хамидову Фарходу", "Муҳтарам Фарҳод!") == "Хамидов Фарход"
