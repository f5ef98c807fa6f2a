from datetime import date
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.models import MailingVersion
from mailings.pipeline.preview import Sample
from mailings.pipeline.render import compile_letter, render
from mailings.pipeline.transport import as_bytes

BODY = """<h2>Требования</h2><p>Здравствуйте, {имя|коллеги}!</p>
<ul><li>Адвокат.</li></ul><blockquote><p>Цитата</p></blockquote>
<p><a href="https://example.org/full">Полный текст</a></p>"""


def letter(language="ru", subject="Тема: ғӣқӯҳҷ", body=BODY, **values):
    version = MailingVersion(language=language, subject=subject, preheader="Анонс", body=body)
    return render(
        compile_letter("statement", version, dated=date(2026, 6, 9)), Sample(values, pk=5), to="reader@navid.test"
    )


def parsed(message):
    return message_from_bytes(as_bytes(message), policy=policy.default)


def test_letter_has_exactly_one_of_each_header_that_must_be_single():
    headers = [name.lower() for name in parsed(letter()).keys()]

    assert [headers.count(name) for name in ("from", "to", "subject", "date", "message-id", "cc", "bcc")] == [
        1,
        1,
        1,
        1,
        1,
        0,
        0,
    ]


def test_letter_is_addressed_to_its_recipient_alone():
    assert parsed(letter())["To"] == "reader@navid.test"


def test_letter_offers_one_click_unsubscribe():
    message = parsed(letter())

    assert (message["List-Unsubscribe-Post"], message["List-Unsubscribe"].startswith("<http://testserver/u/")) == (
        "List-Unsubscribe=One-Click",
        True,
    )


def test_subject_and_sender_come_back_in_tajik_letters():
    message = parsed(letter("tg", subject="Ғайрат ӣ қ ӯ ҳ ҷ"))

    assert (message["Subject"], message["From"].addresses[0].display_name) == (
        "Ғайрат ӣ қ ӯ ҳ ҷ",
        "Эътилоф зидди шиканҷа",
    )


def test_text_part_says_the_text_and_the_links():
    text = parsed(letter(name="Ҷамшед")).get_body(("plain",)).get_content()

    assert [part in text for part in ("Здравствуйте, Ҷамшед!", "https://example.org/full", "http://testserver/u/")] == [
        True
    ] * 3


def test_values_are_escaped_in_html_and_plain_in_text():
    message = letter(name="<b>Ҷ</b>")

    assert ("&lt;b&gt;Ҷ&lt;/b&gt;" in message.html, "<b>Ҷ</b>" in message.text) == (True, True)


def test_subject_with_a_line_break_in_a_name_stays_one_line():
    assert (
        letter(subject="{имя|коллеги}, заявление", name="Ҷ\r\nBcc: x@evil.test").subject
        == "Ҷ Bcc: x@evil.test, заявление"
    )


def test_html_has_no_remote_image_and_no_script():
    html = letter(body=BODY + '<img src="https://evil.test/x.gif"><script>x</script>').html.lower()

    assert [word for word in ("<img", "<script", "@import", "evil.test") if word in html] == []


def test_letter_stays_under_the_size_that_gmail_clips():
    assert len(letter(body=BODY * 20).html.encode()) < 102 * 1024


def test_lines_are_short_enough_for_smtp_and_end_with_crlf():
    lines = as_bytes(letter()).split(b"\r\n")

    assert (max(map(len, lines)) <= 998, any(b"\n" in line or b"\r" in line for line in lines)) == (True, False)


def test_same_row_gets_the_same_message_id_again():
    assert letter().message_id == letter().message_id


@given(st.text(alphabet="абвғӣқӯҳҷ abc{}|<>&\"'", max_size=40))
def test_any_name_comes_out_of_the_text_part_as_it_went_in(name):
    text = parsed(letter(body="<p>[{имя|—}]</p>", name=name)).get_body(("plain",)).get_content()

    assert f"[{name.strip() or '—'}]" in text


@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_frame_speaks_the_language_of_the_letter(language):
    assert f'lang="{language}"' in letter(language).html


@pytest.mark.parametrize(
    ("language", "day"), [("ru", "9 июня 2026"), ("tg", "9 июни соли 2026"), ("en", "9 June 2026")]
)
def test_date_is_written_as_the_language_writes_it(language, day):
    message = letter(language)

    assert (day in message.html, day in message.text) == (True, True)
