from hypothesis import given
from hypothesis import strategies as st

from mailings.bodies import difference


def test_words_that_came_and_went_are_marked():
    assert (
        difference("<p>Адвокат нужен сразу</p>", "<p>Адвокат нужен с первого часа</p>")
        == "<p>Адвокат нужен <del>сразу</del><ins>с первого часа</ins></p>"
    )


def test_whole_paragraphs_that_came_and_went_are_marked():
    assert difference("<p>а</p><p>б</p>", "<p>а</p>") == "<p>а</p>\n<p><del>б</del></p>"
    assert difference("<p>а</p>", "<p>а</p><p>б</p>") == "<p>а</p>\n<p><ins>б</ins></p>"


def test_where_a_link_leads_is_part_of_what_is_compared():
    shown = difference('<p><a href="https://a.test/">тут</a></p>', '<p><a href="https://b.test/">тут</a></p>')

    assert shown == "<p>тут (https://<del>a</del><ins>b</ins>.test/)</p>"


@given(st.text("<>&\"'аб \n", max_size=40), st.text("<>&\"'аб \n", max_size=40))
def test_what_somebody_wrote_is_never_markup(before, after):
    shown = difference(before, after)

    for tag in ("<p>", "</p>", "<ins>", "</ins>", "<del>", "</del>"):
        shown = shown.replace(tag, "")
    assert [char for char in "<>" if char in shown] == []
