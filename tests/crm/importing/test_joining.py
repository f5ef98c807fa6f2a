from crm.importing import joining
from crm.importing.rows import Record


def record(name, organisation="", emails=(), phones=(), refusal=""):
    return Record(
        "СМИ", 1, name=name, organisation=organisation, emails=list(emails), phones=list(phones), refusal=refusal
    )


def test_the_same_address_and_the_same_name_are_one_person():
    rows = [record("Каримов Умар", emails=["u@navid.test"]), record("Умар Каримов", emails=["U@navid.test"])]

    assert joining.clusters(rows) == [[0, 1]]


def test_the_same_telephone_and_another_name_are_two():
    rows = [record("Каримов Умар", phones=["+992930001122"]), record("Зарина Раҳимова", phones=["+992930001122"])]

    assert joining.clusters(rows) == [[0], [1]]


def test_the_same_name_is_one_person_at_one_work_and_nowhere_else():
    rows = [record("Каримов Умар", "Навид"), record("Умар Каримов", "Навид"), record("Умар Каримов", "Субҳ")]

    assert joining.clusters(rows) == [[0, 1], [2]]


def test_rows_are_joined_through_a_third():
    rows = [
        record("Каримов Умар", emails=["a@navid.test"]),
        record("Каримов Умар", emails=["a@navid.test", "b@navid.test"]),
        record("Каримов Умар", emails=["b@navid.test"]),
    ]

    assert joining.clusters(rows) == [[0, 1, 2]]


def test_a_refused_row_is_nobody():
    assert joining.clusters([record("", refusal="no-name")]) == []
