"""Which rows of a file are put together, and by what."""

from crm.importing import domains, emails, together
from crm.importing.people import People
from crm.importing.rows import Record


def row(number, name, *addresses, organisation="", phones=()):
    read = emails.read("; ".join(addresses))
    return Record(
        "СМИ",
        number,
        name,
        organisation=organisation,
        emails=read.addresses,
        addresses=read.judged,
        phones=list(phones),
    )


def groups(*records):
    """The numbers of the rows of each person, and the pairs asked about."""
    domains.judge(records)
    found = together.join(records, People(), {})
    numbers = {
        found.group(one): {other.number for other in records if found.group(other) == found.group(one)}
        for one in records
    }
    return list(numbers.values()), [(pair.first.number, pair.second.number) for pair in found.pairs]


def test_a_mistyped_address_joins_by_what_was_meant():
    assert groups(
        row(1, "Хайдарова Нигина", "nigina@gmali.test"),
        row(2, "Nigina Haydarova", "nigina@gmail.test"),
        row(3, "Назарова Нигина", "nigina@gmail.test"),
    ) == ([{1, 2}, {3}], [])


def test_whoever_has_an_address_at_an_outlet_and_names_none_is_of_that_outlet():
    assert groups(
        row(1, "Латифова Гулноза", "g.latifova@paygom.test"),
        row(2, "Gulnoza Latifova", organisation="газета «Пайгом»"),
        row(3, "Умар Назаров", "u.nazarov@paygom.test", organisation="газета «Пайгом»"),
        row(4, "Али Каримов", "a.karimov@paygom.test", organisation="газета «Пайгом»"),
    ) == ([{1, 2}, {3}, {4}], [])


def test_a_mail_service_is_nobodys_home():
    assert groups(
        row(1, "Латифова Гулноза", "g.latifova@gmail.com"),
        row(2, "Gulnoza Latifova", organisation="газета «Пайгом»"),
        row(3, "Умар Назаров", "u.nazarov@gmail.com", organisation="газета «Пайгом»"),
        row(4, "Али Каримов", "a.karimov@gmail.com", organisation="газета «Пайгом»"),
    ) == ([{1}, {2}, {3}, {4}], [])


def test_two_of_one_name_with_a_mailbox_each_at_one_outlet_are_asked_about():
    assert groups(
        row(1, "Белова Ольга", "olga.belova@navid.test", organisation="газета «Навид»"),
        row(2, "Белова Ольга", "o.belova@navid.test", organisation="газета «Навид»"),
    ) == ([{1}, {2}], [(1, 2)])


def test_a_row_with_a_name_alone_is_asked_about():
    assert groups(
        row(1, "Захидзода Манижа"),
        row(2, "Manizha Zahidzoda", organisation="газета «Навид»", phones=["+992900001976"]),
    ) == ([{1}, {2}], [(1, 2)])
