import pytest

from crm.actions.contacts import save_contact
from crm.actions.suppression import suppress
from crm.importing import headers, plan
from crm.importing.plan import Change
from crm.importing.reader import Sheet
from crm.importing.remarks import Remark
from crm.models import Contact

HEADER = ["ФИО", "СМИ", "Должность", "e-mail", "Телефон", "Город", "Примечание"]
pytestmark = pytest.mark.django_db


def plan_of(*lines):
    sheets = [Sheet("Лист1", [HEADER, *[[*line, *[""] * (7 - len(line))] for line in lines]])]
    return plan.make(plan.read(sheets, headers.guess(sheets)))


def known(name="Каримов Умар", emails=("umar@navid.test",), phones=(), organisation="ТВ «Навид»", title="", **fields):
    ways = {"emails": list(emails), "phones": list(phones), "organisation": organisation, "title": title}
    return save_contact(Contact(name=name, **fields), ways=ways, by="test")


def outcomes(made):
    return [row.outcome for row in made.rows]


def test_somebody_new_is_created_with_every_field_shown():
    (row,) = plan_of(["Каримов Умар", "ТВ", "редактор", "u@navid.test", "930001122", "Душанбе", "заметка"]).rows

    assert (row.outcome, row.changes) == (
        "created",
        [
            Change("name", "Каримов Умар"),
            Change("given_name", "Умар"),
            Change("city", "Душанбе"),
            Change("organisation", "ТВ"),
            Change("title", "редактор"),
            Change("emails", "u@navid.test"),
            Change("phones", "+992930001122"),
            Change("note", "заметка"),
        ],
    )


def test_an_organisation_whose_name_folds_to_nothing_is_none():
    (row,) = plan_of(["Каримов Умар", "Ъ", "редактор", "u@navid.test"]).rows

    assert [change for change in row.changes if change.field in {"organisation", "title", "note"}] == [
        Change("note", "редактор")
    ]


def test_the_same_address_and_name_is_the_same_person():
    contact = known()
    (row,) = plan_of(["Умар Каримов", "ТВ «Навид»", "", "UMAR@navid.test; new@navid.test"]).rows

    assert (row.outcome, row.contact, row.changes) == (
        "changed",
        contact.pk,
        [Change("given_name", "Умар"), Change("emails", "new@navid.test")],
    )


def test_the_same_address_under_another_name_is_another_person():
    known()
    (row,) = plan_of(["Холов Ҷамшед", "ТВ «Навид»", "", "umar@navid.test"]).rows

    assert (row.outcome, row.remarks) == ("created", [Remark("shared-mailbox", "Каримов Умар")])


def test_without_an_address_the_same_name_and_organisation_is_the_same_person():
    contact = known(emails=[])
    (row,) = plan_of(["Каримов Умар", "ТВ «Навид»", "", "umar@navid.test"]).rows

    assert row.contact == contact.pk


def test_without_an_address_the_same_name_elsewhere_is_another_person():
    known(emails=[])

    assert outcomes(plan_of(["Каримов Умар", "Газета"])) == ["created"]


def test_the_same_name_at_one_organisation_with_another_address_is_the_same_person():
    known()

    assert outcomes(plan_of(["Каримов Умар", "ТВ «Навид»", "", "other@navid.test"])) == ["changed"]


def test_namesakes_with_different_telephones_at_one_organisation_are_two_people():
    known(phones=["+992930001122"])

    assert outcomes(plan_of(["Каримов Умар", "ТВ «Навид»", "", "", "930001133"])) == ["created"]


def test_the_same_telephone_and_name_is_the_same_person():
    contact = known(emails=[], phones=["+992930001122"])

    assert plan_of(["Каримов Умар", "", "", "", "930001122"]).rows[0].contact == contact.pk


def test_what_is_known_already_changes_nothing():
    known(given_name="Умар", city="Душанбе", phones=["+992930001122"])

    assert outcomes(plan_of(["Каримов Умар", "ТВ «Навид»", "", "umar@navid.test", "930001122", "Душанбе"])) == [
        "unchanged"
    ]


def test_a_filled_field_is_never_overwritten_and_the_difference_told():
    known(given_name="Умарҷон", city="Хуҷанд", title="редактор")
    (row,) = plan_of(["Умар Каримов", "ТВ «Навид»", "оператор", "umar@navid.test", "", "Душанбе"]).rows

    assert (row.outcome, [remark.code for remark in row.remarks]) == (
        "unchanged",
        ["other-name", "other-city", "other-title"],
    )


def test_a_new_note_is_added_and_an_old_one_not_repeated():
    known(note="пишет о судах", given_name="Умар")
    (row,) = plan_of(["Каримов Умар", "ТВ «Навид»", "", "umar@navid.test", "", "", "пишет о судах"]).rows
    (other,) = plan_of(["Каримов Умар", "ТВ «Навид»", "", "umar@navid.test", "", "", "звонить заранее"]).rows

    assert (row.outcome, other.changes) == ("unchanged", [Change("note", "звонить заранее")])


def test_the_second_row_of_somebody_in_the_file_joins_the_first():
    made = plan_of(["Каримов Умар", "ТВ", "", "u@navid.test"], ["Умар Каримов", "Газета", "", "u@navid.test"])

    assert (outcomes(made), made.to_write, made.rows[1].remarks[0]) == (
        ["created", "merged"],
        1,
        Remark("same-in-file", "2"),
    )


def test_a_stopped_address_is_told():
    suppress("u@navid.test", "unsubscribed", by="test")
    (row,) = plan_of(["Каримов Умар", "ТВ", "", "u@navid.test"]).rows

    assert row.remarks == [Remark("on-stop-list", "u@navid.test")]


def test_every_row_has_one_outcome():
    made = plan_of(
        ["Каримов Умар", "ТВ", "", "u@navid.test"],
        ["Каримов Умар", "ТВ", "", "u@navid.test"],
        ["", "", "вакансия", "нет"],
        ["Каримов Умар", "ТВ", "", "u@navid.test, b@navid.test"],
    )

    assert made.tally == {"created": 1, "changed": 0, "merged": 2, "unchanged": 0, "refused": 1}


@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_rows(people, django_assert_num_queries):
    for number in range(people):
        known(f"Человек{number} Номер", emails=[f"a{number}@navid.test"])
    with django_assert_num_queries(15):
        plan_of(*[[f"Человек{number} Номер", "ТВ", "", f"a{number}@navid.test"] for number in range(people * 2)])
