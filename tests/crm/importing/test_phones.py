from collections import Counter

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import phones as core_phones
from crm.importing import phones
from crm.importing.remarks import Remark

MOBILE = st.builds("{}000{:04}".format, st.sampled_from([90, 91, 92, 93, 98]), st.integers(0, 9999))
SHAPE = st.sampled_from(
    ["+992 {} {} {} {}", "{} {} {} {}", "{}-{}-{}{}", "(+992) {}-{}-{}-{}", "8-10-992-{}-{}-{}-{}", "моб. {}.{}.{}.{}"]
)
SEPARATOR = st.sampled_from(["; ", ", ", "\n", " / ", "   ", " или "])


@given(st.lists(st.tuples(MOBILE, SHAPE), min_size=1, max_size=3, unique_by=lambda pair: pair[0]), SEPARATOR)
def test_several_numbers_are_read_in_order_whatever_divides_them(typed, separator):
    cell = separator.join(shape.format(n[:2], n[2:5], n[5:7], n[7:]) for n, shape in typed)

    assert phones.read(cell).numbers == [f"+992{number}" for number, _shape in typed]


# An 8 in front may be the trunk prefix, which no number in international form keeps.
SHORT = st.from_regex(r"[1-79][0-9]{0,5}", fullmatch=True)


@given(
    st.lists(MOBILE | SHORT | st.sampled_from(["доб.", "каб.", "(", ")"]), max_size=6, unique=True),
    st.sampled_from([" ", "; ", ", ", "  ", "-", "\n"]),
)
def test_no_digit_is_lost(pieces, separator):
    found = phones.read(separator.join(pieces))
    kept = Counter("".join([*found.numbers, *found.unread]))

    assert Counter(filter(str.isdigit, "".join(pieces))) <= kept


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("221-37-11", "+992372213711"),
        ("(37) 221-37-11", "+992372213711"),
        ("+992 37 221 37 11", "+992372213711"),
        ("+99293О002056", "+992930002056"),
        ("930002056", "+992930002056"),
        ("92 000-73-93", "+992920007393"),
        ("+7 916 123-45-67", "+79161234567"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, number):
    assert phones.read(typed).numbers == [number]


def test_a_city_number_says_that_the_code_was_added():
    assert phones.read("221-37-11").remarks == [Remark("city-phone", "+992372213711")]


def test_two_numbers_divided_by_one_space_are_told_apart():
    assert phones.read("930002712 910001071").numbers == ["+992930002712", "+992910001071"]


def test_an_unreadable_number_is_kept_and_told():
    assert phones.read("6-02-20") == phones.Phones([], ["6-02-20"], [Remark("bad-phone", "6-02-20")])


def test_words_beside_a_number_are_kept_with_it_and_without_a_remark():
    assert phones.read("221-37-11; 93 000 11 22 (WhatsApp)") == phones.Phones(
        ["+992372213711", "+992930001122"], ["93 000 11 22 (WhatsApp)"], [Remark("city-phone", "+992372213711")]
    )


def test_a_placeholder_is_nothing():
    assert phones.read("уточнить") == phones.Phones()


def test_a_letter_for_a_zero_is_repaired_and_said():
    assert phones.read("93 ООО 11 22") == phones.Phones(["+992930001122"], [], [Remark("letter-zero", "93 ООО 11 22")])


@pytest.mark.parametrize(
    ("typed", "messengers"),
    [
        ("93 000 11 22 (WhatsApp)", ("whatsapp",)),
        ("93 000 11 22 вотсап, телеграм", ("whatsapp", "telegram")),
        ("Viber: 93 000 11 22", ("viber",)),
        ("93 000 11 22 imo", ("imo",)),
        ("моб. 93 000 11 22", ()),
        ("93 000 11 22", ()),
    ],
)
def test_words_beside_a_number_name_its_messengers(typed, messengers):
    assert [one.messengers for one in phones.read(typed).judged] == [messengers]


@pytest.mark.parametrize("typed", ["221-00-14 доб. 104", "221-00-14 вн. 104", "221-00-14 ext 104"])
def test_an_extension_is_kept_beside_the_number(typed):
    assert [(one.number, one.extension) for one in phones.read(typed).judged] == [("+992372210014", "104")]


def test_a_messenger_belongs_to_the_number_before_it():
    assert [one.messengers for one in phones.read("93 000 11 22 Telegram; 221-00-14").judged] == [("telegram",), ()]


@given(st.from_regex(r"[+]?(992|8-10-992-)?(9|37)[0-9]{5,9}|[0-9]{7}|[0-9]{9}", fullmatch=True))
def test_the_short_way_reads_a_number_as_the_library_does(typed):
    (*found,) = phones.read(typed).numbers
    try:
        number = core_phones.parse(typed)
    except core_phones.NotAPhone:
        number = ""

    assert found == ([number] if number and phonenumbers.is_valid_number(phonenumbers.parse(number)) else [])
