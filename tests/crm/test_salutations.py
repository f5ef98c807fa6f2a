import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.salutations import NEUTRAL, Suggestion, guess_gender, read_name, suggest

words = st.text(st.sampled_from("абвгғзиӣкқлмноруӯхҳҷшяАҒҚҲҶ -"), max_size=12)
genders = st.sampled_from(["", "f", "m"])


@pytest.mark.parametrize(
    ("language", "parts", "text", "is_sure"),
    [
        ("ru", ("Рахимова", "Зебо", "Рустамовна", "f"), "Уважаемая Зебо Рустамовна!", True),
        ("ru", ("Субҳӣ", "Ғайрат", "Саидович", "m"), "Уважаемый Ғайрат Саидович!", True),
        ("ru", ("Субҳӣ", "Ғайрат", "", "m"), "Уважаемый господин Субҳӣ!", True),
        ("ru", ("Раҳимзода", "Зебо", "", "f"), "Уважаемая госпожа Раҳимзода!", True),
        ("ru", ("", "Зебо", "", "f"), "Уважаемая Зебо!", True),
        ("ru", ("Рахимова", "Зебо", "Рустамовна", ""), "Уважаемая Зебо Рустамовна!", False),
        ("ru", ("Рахимов", "Умар", "", ""), "Уважаемый господин Рахимов!", False),
        ("ru", ("Раҳимзода", "Умед", "", ""), "Здравствуйте, Умед!", True),
        ("ru", ("Раҳимзода", "", "", ""), "Здравствуйте!", True),
        ("ru", ("", "", "", ""), "Здравствуйте!", True),
        ("tg", ("Субҳӣ", "Ғайрат", "Саидзода", ""), "Муҳтарам Ғайрат Саидзода!", True),
        ("tg", ("Субҳӣ", "Ғайрат", "", "m"), "Муҳтарам Ғайрат!", True),
        ("tg", ("Субҳӣ", "", "Саидзода", ""), "Муҳтарам Субҳӣ!", True),
        ("tg", ("", "", "", ""), "Салом!", True),
        ("en", ("Subhi", "Ghayrat", "", "m"), "Dear Mr Subhi,", True),
        ("en", ("Rahimova", "Zebo", "", "f"), "Dear Ms Rahimova,", True),
        ("en", ("Rahimova", "Zebo", "", ""), "Dear Ms Rahimova,", False),
        ("en", ("Subhi", "Ghayrat", "", ""), "Dear Ghayrat Subhi,", True),
        ("en", ("Subhi", "", "", ""), "Hello,", True),
    ],
)
def test_a_letter_begins_as_people_write_it(language, parts, text, is_sure):
    surname, given_name, patronymic, gender = parts
    found = suggest(language, surname=surname, given_name=given_name, patronymic=patronymic, gender=gender)

    assert found == Suggestion(text, is_sure)


@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_the_words_to_a_post_are_never_guessed(language):
    found = suggest(language, surname="Пресс-секретарь", given_name="Министерства", is_post=True)

    assert found == Suggestion(NEUTRAL[language], is_sure=False)


@pytest.mark.parametrize(
    ("surname", "patronymic", "gender"),
    [
        ("Рахимова", "", "f"),
        ("Рахимов", "", "m"),
        ("Раҳимзода", "", ""),
        ("Амин", "", ""),
        ("Саидӣ", "", ""),
        ("Эмомалӣ", "Раҳмон", ""),
        ("Рахимова", "Саидович", "m"),
        ("Rahimova", "", "f"),
        ("Лесская", "", "f"),
        ("Ворошиловский", "", "m"),
        ("Ев", "", ""),
    ],
)
def test_endings_tell_a_gender_or_nothing(surname, patronymic, gender):
    assert guess_gender(surname=surname, patronymic=patronymic) == gender


@given(words, words, words)
def test_without_a_gender_nothing_certain_tells_one(surname, given_name, patronymic):
    found = suggest("ru", surname=surname, given_name=given_name, patronymic=patronymic)

    assert not found.is_sure or "Уважаем" not in found.text


@given(st.sampled_from(["ru", "tg", "en"]), words, words, words, genders)
def test_a_greeting_is_one_tidy_line(language, surname, given_name, patronymic, gender):
    text = suggest(language, surname=surname, given_name=given_name, patronymic=patronymic, gender=gender).text

    assert (text, text[-1]) == (" ".join(text.split()), "," if language == "en" else "!")


@pytest.mark.parametrize(
    ("full", "given_name", "parts"),
    [
        ("Азизова Тахмина Далеровна", "", ("Азизова", "Тахмина", "Далеровна")),
        ("Тахмина Далеровна Азизова", "", ("Азизова", "Тахмина", "Далеровна")),
        ("Субҳӣ Ғайрат", "Ғайрат", ("Субҳӣ", "Ғайрат", "")),
        ("Ғайрат Субҳӣ", "Ғайрат", ("Субҳӣ", "Ғайрат", "")),
        ("Ғайрат Субҳӣ", "", ("", "", "")),
        ("Редакция газеты «Навид»", "", ("", "", "")),
    ],
)
def test_a_name_in_one_piece_is_read_where_it_tells_itself(full, given_name, parts):
    assert read_name(full, given_name) == parts
