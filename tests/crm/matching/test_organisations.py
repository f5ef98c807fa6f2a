"""Names of one organisation in three languages."""

import pytest

from crm.matching.organisations import keys, same_organisation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("газета «Чароги руз нав Дангара»", "рӯзномаи «Чароғи рӯз нав Данғара»"),
        ("ГАЗЕТА «САДОИ ВОДИ»", "Sadoi Vodi newspaper"),
        ("ИА «Джавони»", "Javoni News Agency"),
        ("Хакгуй.test (онлайн)", "Ҳақгӯй.test"),
        ('радио "Мехргон"', "радиои «Мењргон»"),
        ("МВД", "Вазорати корҳои дохилии ҶТ"),
        ("Министерство внутренних дел Республики Таджикистан", "Ministry of Internal Affairs"),
        ("Программный офис ОБСЕ в Душанбе (ОБСЕ)", "OSCE"),
        ("ОФ «Навид — мир права» (Хучанд)", "БҶ «Навид»"),
        ("ОО «Пайгом» (Бохтар)", "PO Paygom 613"),
        ("АСС. «Дурахшон — юридическая клиника»", "Assoc. Durakhshon Yuridicheskaya Klinika 616"),
    ],
)
def test_other_names_of_one_organisation(one, other):
    assert (same_organisation(one, other), same_organisation(other, one), keys(one) & keys(other) != set()) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("газета «Навид»", "журнал «Навид»"),
        ("газета «Навид»", "газета «Навид Варзоб»"),
        ("ОО «Навид» (Хучанд)", "ОО «Навид» (Бохтар)"),
        ("ОО «Навид — адвокаты»", "ОО «Навид — здоровье и право»"),
        ("МВД", "МИД"),
        ("Министерство юстиции", "Министерство обороны"),
        ("Минюст", "газета «Минюст»"),
        ("газета", "газета"),
        ("", ""),
    ],
)
def test_different_organisations(one, other):
    assert (same_organisation(one, other), same_organisation(other, one)) == (False, False)
