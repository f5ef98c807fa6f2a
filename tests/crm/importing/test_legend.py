import pytest

from crm.importing import legend
from crm.importing.marks import COMMENT, FILL, STRUCK
from crm.importing.reader import Sheet

ROW = ["1", "Навид", "Умар Саидов", "u@navid.test"]
NAMED = [2]


def sheet(*rows, marks=None):
    return Sheet("СМИ", [list(row) for row in rows], marks=marks or {})


def read(marks, meanings):
    return [(one.kind, str(one.scope), one.source, one.quote) for one in legend.read(ROW, marks, meanings, NAMED)]


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        (
            "Условные обозначения: красный — не писать; жёлтый — проверить; зачёркнуто — больше не работает",
            {"red": "не писать", "yellow": "проверить", "struck": "больше не работает"},
        ),
        ("красным цветом = уволился, зелёным = новый", {"red": "уволился", "green": "новый"}),
        ("сурх: нанависед", {"red": "нанависед"}),
        ("red - do not write\nblue - new", {"red": "do not write", "blue": "new"}),
        ("Красный Крест, Душанбе", {}),
        ("газета «Зелёный мир» — экология", {}),
    ],
)
def test_a_legend_in_words_is_understood(text, meanings):
    assert legend.of([sheet(["ФИО", "e-mail"], ROW[2:], [text])]) == meanings


def test_a_legend_of_coloured_cells_is_understood():
    marks = {1: [(FILL, [0], "orange")], 2: [(FILL, [0], "blue")]}

    assert legend.of([sheet(["ФИО", "e-mail"], ["не приглашать"], ["новые"], marks=marks)]) == {
        "orange": "не приглашать"
    }


def test_one_legend_explains_all_sheets():
    assert legend.of([sheet(ROW), sheet(["красный — не писать"]), sheet(["красный — уволился"])]) == {
        "red": "не писать"
    }


def test_a_colour_means_what_the_legend_says():
    meanings = {"red": "уволился", "yellow": "проверить"}

    assert read([(FILL, [0, 1, 2, 3], "red")], meanings) == [("left", "", "colour", "уволился")]
    assert read([(FILL, [0, 1, 2, 3], "yellow")], meanings) == []


def test_red_without_any_legend_is_proposed_with_little_confidence():
    (one,) = legend.read(ROW, [(FILL, [0, 1, 2, 3], "red")], {}, NAMED)

    assert (one.kind, one.scope, one.confidence) == ("stop", "everything", 0.3)


def test_a_struck_name_has_left():
    assert read([(STRUCK, [2], "")], {}) == [("left", "", "strike", "1 Навид Умар Саидов u@navid.test")]


def test_a_mark_on_another_cell_is_not_about_the_person():
    assert read([(STRUCK, [3], ""), (FILL, [1], "red")], {"red": "не писать"}) == []


def test_a_comment_asks_like_a_note():
    assert read([(COMMENT, [1], "не слать поздравления")], {}) == [
        ("stop", "greetings", "comment", "не слать поздравления")
    ]
