import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from core.html import sanitise
from mailings.bodies import pieces, tidy

# What Word puts into the clipboard: styles, conditional comments, empty paragraphs of Office's own, fonts.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><title>Документ1</title><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml>
<![endif]--><style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} --></style></head>
<body lang=RU style='tab-interval:35.4pt'><!--StartFragment-->
<h1 style='mso-style-name:x'><span style='font-size:16.0pt'>Право на адвоката<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:0cm'><b><span lang=RU style='mso-bidi-font-weight:normal'>Первые часы</span></b>
<i>после</i> <font face="Arial" color="#FF0000">задержания</font>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.</span><![endif]>Вызвать адвоката</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=312><p class=MsoNormal>Год</p></td>
<td><p class=MsoNormal>40<o:p></o:p></p></td></tr></table>
<img width=10 src="file:///C:/Temp/image001.png" alt="схема"><!--EndFragment--></body></html>"""


def test_words_of_a_word_processor_stay_and_its_styles_go():
    kept = tidy(WORD)

    assert [(piece.tag, piece.text) for piece in pieces(kept) if not piece.is_frame] == [
        ("h2", "Право на адвоката"),
        ("p", "Первые часы после задержания."),
        ("p", "1.Вызвать адвоката"),
        ("tr", "Год 40"),
    ]
    assert [
        word for word in ("mso", "style", "class", "font", "o:p", "<!--", "file:", "Документ1") if word in kept
    ] == []


def test_bold_and_italics_of_other_programs_are_ours():
    assert tidy("<p><b>а</b> <i>б</i></p>") == "<p><strong>а</strong> <em>б</em></p>"


def test_a_picture_from_elsewhere_is_none():
    assert tidy('<p>а</p><img src="https://e.test/x.gif" alt="б"><img data-attachment="7" alt="в">') == (
        '<p>а</p><img data-attachment="7" alt="в">'
    )


def test_a_description_that_looks_like_markup_does_not_get_out_of_its_picture():
    kept = tidy(
        '<img data-attachment="1" alt="x&gt;&lt;script&gt;alert(1)&lt;/script&gt;"><img alt="&gt;<script>1</script>">'
    )

    assert "<script" not in kept.replace('alt="x><script>alert(1)</script>"', "")


@pytest.mark.parametrize("hostile", ["<p onclick=x>а</p>", "<p><svg onload=x>а</p>", '<p style="x">а</p>'])
def test_what_acts_goes(hostile):
    assert [word for word in ("on", "style") if word in tidy(hostile)] == []


def test_clean_text_stays_as_it_is():
    text = '<h2>А</h2><p>Б <a href="https://example.org/">в</a></p><ol start="3"><li>г</li></ol>'

    assert tidy(text) == text


@given(st.text(max_size=80))
def test_words_in_any_language_are_stored_as_they_were_written(words):
    """But for what cannot be seen: controls, and what turns the letters round."""
    visible = sanitise(escape(words))

    assert tidy(f"<p>{escape(words)}</p>") in {f"<p>{visible}</p>", ""}
    assert bool(visible.strip()) <= bool(tidy(f"<p>{escape(words)}</p>"))
