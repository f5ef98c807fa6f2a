import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import headers, rows
from crm.importing.marks import COMMENT, FILL, HIDDEN, STRUCK
from crm.importing.reader import Sheet
from crm.importing.remarks import Remark

HEADER = ["СМИ", "ФИО", "Должность", "e-mail", "Телефон", "Язык", "Город", "Примечание"]


def read(*lines, header=HEADER, merged=()):
    sheet = Sheet(
        "Лист1", [header, *[[*line, *[""] * (len(header) - len(line))] for line in lines]], merged=list(merged)
    )
    return rows.read(sheet, headers.read(sheet))


def only(*line, header=HEADER):
    (record,), _skipped = read(line, header=header)
    return record


def codes(record):
    return [remark.code for remark in record.remarks]


def test_a_row_becomes_a_record():
    record = only(
        "ТВ «Навид»",
        "Каримов Умар",
        "редактор",
        "umar@navid.test",
        "930001122",
        "тоҷ/рус",
        "г. Душанбе",
        "пишет о судах",
    )

    assert record == rows.Record(
        sheet="Лист1",
        number=2,
        name="Каримов Умар",
        given_name="Умар",
        organisation="ТВ «Навид»",
        title="редактор",
        emails=["umar@navid.test"],
        phones=["+992930001122"],
        languages="tg ru",
        city="Душанбе",
        note="пишет о судах",
    )


def test_headings_legends_repeated_headers_and_column_numbers_are_skipped_and_told():
    records, skipped = read(
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["ГАЗЕТЫ"],
        ["ТВ", "Каримов Умар", "", "u@navid.test"],
        HEADER,
        [],
        ["", "Условные обозначения: красный — не писать"],
    )

    assert ([record.number for record in records], [row.number for row in skipped]) == ([4], [2, 3, 5, 7])


def test_an_organisation_merged_downwards_belongs_to_each_row():
    records, _skipped = read(
        ["ТВ", "Каримов Умар", "", "u@navid.test"], ["", "Холов Ҷамшед", "", "j@navid.test"], merged=[(1, 0, 2, 0)]
    )

    assert [record.organisation for record in records] == ["ТВ", "ТВ"]


def test_an_organisation_in_the_first_row_of_a_group_is_taken_over_and_told():
    records, _skipped = read(["ТВ", "Каримов Умар", "", "u@navid.test"], ["", "Холов Ҷамшед", "", "j@navid.test"])

    assert (records[1].organisation, records[1].remarks) == ("ТВ", [Remark("organisation-from-above", "2")])


def test_an_organisation_is_not_taken_over_across_a_heading():
    records, _skipped = read(
        ["ТВ", "Каримов Умар", "", "u@navid.test"], ["ГАЗЕТЫ"], ["", "Холов Ҷамшед", "", "j@navid.test"]
    )

    assert records[1].organisation == ""


def test_an_empty_organisation_right_of_the_name_stays_empty():
    records, _skipped = read(
        ["Каримов Умар", "ТВ", "u@navid.test"], ["Холов Ҷамшед", "", "j@navid.test"], header=["ФИО", "СМИ", "e-mail"]
    )

    assert records[1].organisation == ""


def test_a_row_without_a_person_is_called_by_its_organisation():
    record = only("ТВ «Навид»", "редакция", "", "info@navid.test")

    assert (record.name, record.title, codes(record)) == ("ТВ «Навид»", "редакция", ["named-by-organisation"])


def test_a_row_that_names_nobody_is_refused():
    assert only("", "", "вакансия", "u@navid.test").refusal == "no-name"


def test_an_organisation_alone_is_refused():
    assert only("ТВ «Навид»", "—", "", "нет").refusal == "only-organisation"


def test_a_person_without_an_address_is_kept_and_told():
    record = only("ТВ", "Каримов Умар")

    assert (record.refusal, codes(record)) == ("", ["no-address"])


def test_what_cannot_be_read_as_an_address_stays_in_the_note():
    record = only("ТВ", "Каримов Умар", "", "umar@", "6-02-20", "узб")

    assert (record.note, codes(record)) == (
        "e-mail: umar@\nТелефон: 6-02-20\nузб",
        ["bad-email", "bad-phone", "bad-language", "no-address"],
    )


def test_a_note_that_asks_for_no_letters_is_kept_and_told():
    record = only("ТВ", "Каримов Умар", "", "u@navid.test", "", "", "", "ба ин кас нанависед")

    assert (record.note, record.remarks) == ("ба ин кас нанависед", [Remark("do-not-write", "ба ин кас нанависед")])


@pytest.mark.parametrize(
    "note",
    [
        "навиштан лозим нест",
        "дигар кор намекунад",
        "Кор намекунад",
        "ба ӯ нанависед",
        "left the office in May",
        "no longer works there",
        "Do not write",
        "do not contact",
        "please do not mail",
        "don't e-mail",
    ],
)
def test_every_wording_that_asks_for_restraint_is_told(note):
    assert only("ТВ", "Каримов Умар", "", "u@navid.test", "", "", "", note).remarks == [Remark("do-not-write", note)]


@pytest.mark.parametrize("nothing", ["-", "—", "нет", "Уточнить", "…"])
def test_a_placeholder_is_no_organisation_position_or_city(nothing):
    record = only(nothing, "Каримов Умар", nothing, "u@navid.test", "", "", nothing)

    assert (record.organisation, record.title, record.city) == ("", "", "")


def test_a_placeholder_behind_the_name_is_no_position():
    assert only("ТВ", "Каримов Умар (—)", "", "u@navid.test").title == ""


def test_letters_of_an_old_tajik_font_are_repaired_and_told():
    record = only("ТВ", "Иброњимов Љамшед", "", "u@navid.test")

    assert (record.name, record.remarks) == ("Иброҳимов Ҷамшед", [Remark("legacy-letters", "Иброҳимов Ҷамшед")])


def test_letters_lost_in_the_file_are_told():
    assert codes(only("ТВ", "Эра? Мирзоев", "", "u@navid.test")) == ["lost-letters"]


def test_a_name_with_a_position_behind_it_is_divided():
    record = only(
        "ТВ", "Каримов Умар, редактор", "u@navid.test", header=["СМИ", "Контактное лицо, должность", "e-mail"]
    )

    assert (record.name, record.title) == ("Каримов Умар", "редактор")


def test_a_long_text_is_cut_and_kept_whole_in_the_note():
    record = only("ТВ", "Каримов Умар", "р" * 300, "u@navid.test")

    assert (len(record.title), record.note, codes(record)) == (200, "р" * 300, ["shortened"])


def test_several_columns_of_addresses_are_joined():
    record = only("Каримов Умар", "u@navid.test", "b@navid.test", header=["ФИО", "e-mail рабочий", "e-mail личный"])

    assert record.emails == ["u@navid.test", "b@navid.test"]


def proposed(record):
    return [(one.kind, str(one.scope), one.source, one.quote, one.row) for one in record.proposals]


def marked(line, marks, header=HEADER):
    """The record of one row with what stands beside its values."""
    sheet = Sheet("Лист1", [header, line], marks={1: marks})
    (record,), _skipped = rows.read(sheet, headers.read(sheet))
    return record


PERSON = ["ТВ", "Каримов Умар", "редактор", "u@navid.test", "930001122", "", "", ""]


def test_what_a_note_asks_is_proposed_with_its_words_and_its_row():
    record = only(*PERSON[:7], "не приглашать; уволился")

    assert proposed(record) == [
        ("stop", "invitations", "note", "не приглашать; уволился", 2),
        ("left", "", "note", "не приглашать; уволился", 2),
    ]


def test_a_comment_is_kept_in_the_note_and_asks_like_one():
    record = marked(PERSON, [(COMMENT, [1], "не писать")])

    assert (record.note, proposed(record)) == ("не писать", [("stop", "everything", "comment", "не писать", 2)])


def test_a_row_struck_through_has_left():
    record = marked(PERSON, [(STRUCK, [0, 1, 2, 3, 4], "")])

    assert ("left", "", "strike") in [one[:3] for one in proposed(record)]


def test_an_address_struck_through_is_not_used_any_more():
    record = marked([*PERSON[:3], "old@navid.test", *PERSON[4:]], [(STRUCK, [3], "")])

    assert [(one.kind, one.value) for one in record.proposals] == [("retired", "old@navid.test")]


def test_the_same_wish_said_twice_is_one_proposal():
    record = marked([*PERSON[:7], "не писать"], [(COMMENT, [1], "просил не писать"), (FILL, [0, 1, 2, 3], "red")])

    assert [(one.kind, one.scope) for one in record.proposals] == [("stop", "everything")]


def test_a_hidden_row_is_read_and_told():
    assert "hidden-row" in codes(marked(PERSON, [(HIDDEN, [], "")]))


CARDS = ["Кому", "Обращение", "Адрес", "Язык (р/т/а)", "Отправлено"]


def test_a_list_of_cards_names_people_as_they_are_called():
    record = only("Каримову Умару, газета «Навид»", "Уважаемый Умар!", "u@navid.test", "р", header=CARDS)

    assert (record.name, record.organisation, record.salutation, record.languages) == (
        "Каримов Умар",
        "газета «Навид»",
        "Уважаемый Умар!",
        "ru",
    )
    assert "dative" in codes(record)


def test_a_surname_that_only_looks_like_a_dative_is_left_alone_elsewhere():
    assert only("ТВ", "Каримову Умару").name == "Каримову Умару"


def test_a_card_that_came_back_says_so():
    record = only("Каримов Умар", "", "u@navid.test", "р", "вернулось", header=CARDS)

    assert proposed(record) == [("returned", "", "column", "вернулось", 2)]


@pytest.mark.parametrize(("cell", "wishes"), [("нет", ["greetings"]), ("да/да", []), ("НГ", []), ("", [])])
def test_a_column_about_greetings_is_asked(cell, wishes):
    record = only("ТВ", "Каримов Умар", "u@navid.test", cell, header=["СМИ", "ФИО", "e-mail", "Поздравлять (НГ)"])

    assert [one.scope for one in record.proposals] == wishes


def test_a_person_alone_in_the_first_column_is_a_person_and_a_heading_none():
    records, skipped = read(
        ["Давлатова Мохрухсор"],
        ["Умар Каримов", "u@navid.test"],
        ["Новости культуры"],
        header=["ФИО", "e-mail"],
    )

    assert [record.name for record in records] == ["Давлатова Мохрухсор", "Умар Каримов"]
    assert [one.text for one in skipped] == ["Новости культуры"]


def test_words_of_a_legend_in_the_column_of_names_are_no_person():
    records, skipped = read(["", "Не писать"], ["ТВ", "Каримов Умар", "", "u@navid.test"])

    assert ([record.name for record in records], len(skipped)) == (["Каримов Умар"], 1)


def test_every_address_is_kept_with_what_it_is_worth():
    record = only("ТВ", "Каримов Умар", "", "u@navid.test; u@gmial.com; u.navid.test")

    assert [(one.status, one.address) for one in record.addresses] == [
        ("ok", "u@navid.test"),
        ("fixable", "u@gmail.com"),
        ("invalid", ""),
    ]
    assert [(one.kind, one.quote, one.value) for one in record.proposals] == [
        ("spelling", "u@gmial.com", "u@gmail.com")
    ]


CELL = st.sampled_from(
    ["", "ТВ", "ГАЗЕТЫ", "Каримов Умар", "u@navid.test", "нет", "1", "2", "не писать", "ФИО", "e-mail"]
)


@given(st.lists(st.lists(CELL, min_size=len(HEADER), max_size=len(HEADER)), max_size=12))
def test_no_row_is_dropped_without_a_word(lines):
    # Two titles right below the header would be its second row.
    lines = [PERSON, *lines]
    records, skipped = read(*lines)
    filled = [number for number, line in enumerate(lines, start=2) if any(line)]

    assert sorted([*(one.number for one in records), *(one.number for one in skipped)]) == filled
