from mailings.bodies import pieces

BODY = (
    "<h2>Заголовок</h2><p>Абзац <strong>важный</strong></p>"
    "<ul><li>раз</li><li><p>два</p></li></ul><blockquote><p>цитата</p></blockquote>"
    "<table><tbody><tr><td>а</td><td>б</td></tr></tbody></table><hr>слова без тега"
)


def test_pieces_put_together_are_the_body_again():
    assert "".join(piece.html for piece in pieces(BODY)) == BODY


def test_an_item_a_quoted_paragraph_and_a_row_are_pieces_of_their_own():
    assert [(piece.tag, piece.text) for piece in pieces(BODY) if not piece.is_frame] == [
        ("h2", "Заголовок"),
        ("p", "Абзац важный"),
        ("li", "раз"),
        ("li", "два"),
        ("p", "цитата"),
        ("tr", "а б"),
        ("hr", ""),
        ("", "слова без тега"),
    ]


def test_a_piece_knows_which_child_of_the_body_it_belongs_to():
    assert [(piece.text, piece.block) for piece in pieces(BODY) if piece.text][:5] == [
        ("Заголовок", 0),
        ("Абзац важный", 1),
        ("раз", 2),
        ("два", 2),
        ("цитата", 3),
    ]


def test_a_line_break_inside_a_paragraph_is_no_piece():
    assert [piece.text for piece in pieces("<p>одна строка<br>другая</p>")] == ["одна строка другая"]
