import pytest

from crm.importing import languages


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("рус", "ru"),
        ("тоҷ", "tg"),
        ("точ", "tg"),
        ("тадж", "tg"),
        ("таджикский", "tg"),
        ("забони тоҷикӣ", "tg"),
        ("тоҷ/рус", "tg ru"),
        ("рус, тадж", "ru tg"),
        ("EN, RU", "en ru"),
        ("англ", "en"),
        ("инглисӣ", "en"),
        ("р/т/а", "ru tg en"),
        ("рус рус", "ru"),
        ("", ""),
    ],
)
def test_languages_become_codes_in_the_order_typed(cell, codes):
    assert languages.read(cell) == (codes, ())


def test_a_language_we_do_not_write_in_is_left_over():
    assert languages.read("рус/узб") == ("ru", ("узб",))
