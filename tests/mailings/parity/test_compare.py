import pytest

from mailings.parity import Difference, Kind, compare, facts


def differences(ours, theirs, *, language="tg", source="ru"):
    return compare(facts(source, "", ours), facts(language, "", theirs))


def test_another_number_is_told_with_both_and_their_places():
    found = differences("<p>а</p><p>13 soldiers</p>", "<p>12 сарбоз</p><p>б</p>", source="en")

    assert found == [Difference(Kind.NUMBER, ("13",), ("12",), 1, 0)]


@pytest.mark.parametrize("theirs", ["сездаҳ сарбоз", "13 сарбоз", "13-то сарбоз"])
def test_a_number_in_words_is_the_same_number(theirs):
    assert differences("<p>13 солдат</p>", f"<p>{theirs}</p>") == []


def test_an_hour_without_minutes_and_a_time_are_one():
    assert differences("<p>в 10:00</p>", "<p>at 10 a.m.</p>", language="en") == []
    assert differences("<p>в 10 часов</p>", "<p>at 10:00</p>", language="en") == []


def test_a_year_that_one_side_leaves_out_of_a_date_is_no_difference():
    assert differences("<p>26 июня 2026 года</p>", "<p>26 June</p>", language="en") == []


def test_another_year_of_the_same_day_is_a_difference():
    found = differences("<p>26 июня 2026 года</p>", "<p>26 June 2025</p>", language="en")

    assert found == [Difference(Kind.DATE, ("26.06.2026",), ("26.06.2025",))]


def test_another_day_is_a_difference():
    found = differences("<p>26 июня</p>", "<p>28 июни</p>")

    assert [(one.kind, one.source, one.translation) for one in found] == [(Kind.DATE, ("26.06",), ("28.06",))]


@pytest.mark.parametrize(
    ("ours", "theirs", "language"),
    [
        ("Об этом сказала Фарангис Назарова.", "said Farangis Nazarova", "en"),
        ("по словам Фарангис Назаровой", "аз Фарангис Назарова", "tg"),
        ("передали Ҷамшеду Холову", "Ҷамшед Холовро", "tg"),
        ("Рустам Алиев", "Rustam Aliyev", "en"),
        ("разговор с Рустамом Алиевым", "суҳбат бо Рустам Алиевро", "tg"),
    ],
)
def test_a_name_is_known_in_another_spelling_and_case(ours, theirs, language):
    assert differences(f"<p>{ours}</p>", f"<p>{theirs}</p>", language=language) == []


def test_another_persons_name_is_a_difference():
    found = differences("<p>сказал Рустам Алиев</p>", "<p>said Daler Nazarov</p>", language="en")

    assert [(one.kind, one.source, one.translation) for one in found] == [
        (Kind.NAME, ("Рустам Алиев",), ("Daler Nazarov",))
    ]


def test_titles_in_capitals_are_no_names():
    assert differences("<p>Верховный Суд</p>", "<p>the Supreme Court</p>", language="en") == []


def test_links_telephones_and_money_are_compared():
    ours = '<p><a href="https://example.org/a">x</a> +992 37 123-45-67, 500 сомони</p>'
    theirs = '<p><a href="https://example.org/b">x</a> +992 37 123-45-68, 600 сомонӣ</p>'

    assert [one.kind for one in differences(ours, theirs)] == [Kind.MONEY, Kind.PHONE, Kind.LINK]


def test_shape_is_compared():
    ours = '<h2>а</h2><p>б</p><ul><li>в</li></ul><img data-attachment="1" alt="г">'

    assert differences(ours, "<p>б</p>") == [
        Difference(Kind.PICTURE, ("1",), ("0",)),
        Difference(Kind.HEADING, ("1",), ("0",)),
        Difference(Kind.PARAGRAPH, ("2",), ("1",)),
    ]


def test_the_same_said_in_three_languages_shows_no_difference():
    texts = {
        "ru": "<h2>Отчёт</h2><p>26 июня 2026 г. в 14:00 представим 1 284 обращения. Звоните: +992 37 123-45-67.</p>",
        "tg": "<h2>Ҳисобот</h2><p>26 июни соли 2026 соати 14:00 1284 муроҷиат. Занг занед: +992371234567.</p>",
        "en": "<h2>Report</h2><p>On June 26, 2026 at 2 p.m. we present 1,284 appeals. Call +992 (37) 123 45 67.</p>",
    }
    read = {language: facts(language, "", text) for language, text in texts.items()}

    assert [compare(read["ru"], read[language]) for language in ("tg", "en")] == [[], []]
