import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.bodies import Collision, merge, merge_words

WORDS = st.lists(st.text("абвг ", min_size=1, max_size=8).map(lambda text: f"<p>{text}</p>"), max_size=6).map("".join)


def test_changes_in_two_paragraphs_are_both_there():
    assert merge("<p>а</p><p>б</p>", "<p>а1</p><p>б</p>", "<p>а</p><p>б2</p>") == "<p>а1</p><p>б2</p>"


def test_changes_in_two_items_of_one_list_are_both_there():
    base = "<ul><li>а</li><li>б</li></ul>"

    assert (
        merge(base, "<ul><li>а1</li><li>б</li></ul>", "<ul><li>а</li><li>б</li><li>в</li></ul>")
        == "<ul><li>а1</li><li>б</li><li>в</li></ul>"
    )


def test_a_paragraph_added_behind_one_that_was_changed_is_there():
    assert merge("<p>а</p>", "<p>а1</p>", "<p>а</p><p>б</p>") == "<p>а1</p><p>б</p>"


def test_the_same_change_of_both_is_made_once():
    assert merge("<p>а</p>", "<p>а</p><p>новое</p>", "<p>а</p><p>новое</p>") == "<p>а</p><p>новое</p>"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("<p>моё</p>", "<p>чужое</p>"),
        ("<p>а</p><p>моё</p>", "<p>а</p><p>чужое</p>"),
        ("", "<p>чужое</p>"),
    ],
    ids=["both changed", "both added", "one deleted"],
)
def test_the_same_place_changed_by_both_is_left_to_a_person(mine, theirs):
    with pytest.raises(Collision):
        merge("<p>а</p>", mine, theirs)


@given(WORDS, WORDS)
def test_whoever_changed_alone_is_right(base, changed):
    assert (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)) == (
        changed,
        changed,
        changed,
    )


@given(st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True), st.data())
def test_nothing_of_two_people_in_different_paragraphs_is_lost(numbers, data):
    first, second = data.draw(st.lists(st.sampled_from(numbers), min_size=2, max_size=2, unique=True))
    base = "".join(f"<p>{number}</p>" for number in numbers)
    mine, theirs = base.replace(f"<p>{first}</p>", "<p>моё</p>"), base.replace(f"<p>{second}</p>", "<p>чужое</p>")

    assert merge(base, mine, theirs) == mine.replace(f"<p>{second}</p>", "<p>чужое</p>")


def test_a_subject_changed_by_both_is_left_to_a_person():
    with pytest.raises(Collision):
        merge_words("Тема", "Моя тема", "Чужая тема")
