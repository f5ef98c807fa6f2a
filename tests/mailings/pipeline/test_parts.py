"""The letter on the wire: its parts, whole for whoever takes it apart again."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.html import sanitise
from mailings.layouts import Frame, Signature
from mailings.message import Attached, Inline
from mailings.models import MailingVersion
from mailings.pipeline.preview import Sample, page
from mailings.pipeline.render import compile_letter, render
from mailings.pipeline.transport import as_bytes

PICTURE = Inline("abc.5@payom", "image/jpeg", b"\xff\xd8 colours" * 40)
FILE = Attached("Ҳисобот № 3.pdf", "application/pdf", b"%PDF-1.7\r\n" + bytes(range(256)))
SHOWN = '<p>До</p><p><img data-attachment="5" alt="Зал суда"></p><p>После</p>'
KINDS = ["statement", "press_release", "review", "invitation", "official", "greeting"]
FULL = Frame(
    number=7,
    is_urgent=True,
    embargo_until=datetime(2026, 6, 12, 5, 0, tzinfo=UTC),
    contact="Зебо, +992 93 000 00 00",
    about="Кто мы",
    addressee="Министру\nКаримову Умару",
    hotline="+992 93 000 00 00",
    web_url="https://payom.test/w/x/?lang=ru",
    signatures=(Signature("Центр «Паноҳ»", Inline("logo@payom", "image/png", b"logo")),),
    pictures=(("5", PICTURE),),
    attachments=(FILE,),
)


def message(kind="statement", frame=FULL, *, language="ru", subject="Тема", body=SHOWN, **values):
    version = MailingVersion(language=language, subject=subject, preheader="Анонс", body=body)
    letter = compile_letter(kind, version, dated=date(2026, 6, 9), frame=frame)
    return render(letter, Sample(values, pk=5), to="reader@navid.test")


def taken_apart(message):
    return message_from_bytes(as_bytes(message), policy=policy.default)


def shape(part):
    if not part.is_multipart():
        return part.get_content_type()
    return [part.get_content_subtype(), *map(shape, part.iter_parts())]


def test_letter_with_everything_nests_as_mail_programs_expect():
    assert shape(taken_apart(message())) == [
        "mixed",
        ["related", ["alternative", "text/plain", "text/html"], "image/jpeg", "image/png"],
        "application/pdf",
    ]


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        (Frame(), ["alternative", "text/plain", "text/html"]),
        (Frame(attachments=(FILE,)), ["mixed", ["alternative", "text/plain", "text/html"], "application/pdf"]),
        (
            Frame(pictures=(("5", PICTURE),)),
            ["related", ["alternative", "text/plain", "text/html"], "image/jpeg"],
        ),
    ],
    ids=["words", "file", "picture"],
)
def test_letter_has_no_more_layers_than_it_needs(frame, found):
    assert shape(taken_apart(message(frame=frame))) == found


def test_file_comes_out_as_it_went_in():
    *_rest, file = taken_apart(message()).iter_parts()

    assert (file.get_content(), file.get_filename(), file.get_content_disposition()) == (
        FILE.data,
        FILE.name,
        "attachment",
    )


def test_text_names_the_picture_that_comes_with_it():
    letter = taken_apart(message())
    related, _file = letter.iter_parts()
    _words, picture, _logo = related.iter_parts()
    html = letter.get_body(("html",)).get_content()

    assert (picture["Content-ID"], f'src="cid:{PICTURE.cid}"' in html, picture.get_content()) == (
        f"<{PICTURE.cid}>",
        True,
        PICTURE.data,
    )


def test_picture_that_the_text_does_not_show_is_not_sent():
    assert message(body="<p>Слова</p>", frame=Frame(pictures=(("5", PICTURE),))).inline == ()


def test_picture_that_is_gone_leaves_its_description():
    letter = message(frame=Frame())

    assert ("Зал суда" in letter.html, "<img" in letter.html, "data-attachment" in letter.html) == (True, False, False)


def test_text_part_says_what_a_picture_shows():
    assert "[Зал суда]" in message().text


def test_preview_carries_its_pictures_within():
    html = page(message())

    assert ("cid:" in html, html.count("data:image/jpeg;base64,")) == (False, 1)


def test_files_are_encoded_once_for_all_letters():
    version = MailingVersion(language="ru", subject="Тема", body=SHOWN)
    letter = compile_letter("statement", version, dated=date(2026, 6, 9), frame=FULL)
    one, other = (render(letter, Sample({}, pk=pk), to="a@navid.test") for pk in (1, 2))

    assert [first.encoded is second.encoded for first, second in zip(one.inline, other.inline, strict=True)] == [
        True
    ] * 2
    assert one.attachments[0].encoded is other.attachments[0].encoded


def test_card_of_one_reader_takes_the_place_of_the_common_one():
    card = Inline("card@payom", "image/png", b"for everybody")
    version = MailingVersion(language="ru", subject="С Наврузом", body="<p>Мир вам</p>")
    letter = compile_letter("greeting", version, dated=date(2026, 3, 21), frame=Frame(card=card, card_alt="Навруз"))
    own = Inline("card@payom", "image/png", b"for Zebo")
    sent = render(letter, Sample({}, pk=1), to="a@navid.test", card=own)

    assert (sent.inline, 'src="cid:card@payom"' in sent.html, 'alt="Навруз"' in sent.html) == ((own,), True, True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_raw_letter_of_every_kind_is_valid(kind, language):
    raw = as_bytes(message(kind, language=language, subject="Ғайрат ӣ қ ӯ ҳ ҷ " * 5))
    head = raw.partition(b"\r\n\r\n")[0]
    letter = message_from_bytes(raw, policy=policy.default)
    single = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]

    assert (
        max(map(len, raw.split(b"\r\n"))) <= 998,
        b"\n" in raw.replace(b"\r\n", b""),
        head.isascii(),
        [len(letter.get_all(name)) for name in single],
        [defect for part in letter.walk() for defect in part.defects],
        letter["To"],
    ) == (True, False, True, [1] * 7, [], "reader@navid.test")


@pytest.mark.parametrize("kind", KINDS)
def test_letter_of_every_kind_is_short_and_asks_nothing_of_another_server(kind):
    html = message(kind).html

    assert (len(html.encode()) < 40_000, 'src="http' in html, "url(" in html, "prefers-color-scheme: dark" in html) == (
        True,
        False,
        False,
        True,
    )


def test_urgent_letter_is_marked_and_others_are_not():
    letters = [message(), message(frame=Frame())]

    assert [(one.headers.get("Importance"), "СРОЧНО" in one.text, "Срочно" in one.html) for one in letters] == [
        ("high", True, True),
        (None, False, False),
    ]


def test_embargo_stands_on_top_in_dushanbe_s_time():
    letter = message("press_release")
    notice = "Эмбарго: не публиковать до 12 июня 2026, 10:00 (Душанбе, UTC+5)"

    assert (
        letter.text.index(notice) < letter.text.index("Тема"),
        letter.html.index(notice) < letter.html.index("<h1"),
    ) == (
        True,
        True,
    )


def test_statement_names_its_number_and_who_signed_it():
    letter = message()

    assert [("№ 7" in part, "Центр «Паноҳ»" in part) for part in (letter.html, letter.text)] == [(True, True)] * 2


def test_hotline_is_the_reader_s_own_or_the_common_one():
    letters = [message(hotline="Худжанд: +992 92 000 00 02"), message()]

    assert [
        ("Худжанд: +992 92 000 00 02" in one.html, "Худжанд" in one.text, "{hotline" in one.html + one.text)
        for one in letters
    ] == [(True, True, False), (False, False, False)]


def test_hotline_cannot_write_into_the_letter():
    assert "<script" not in message(hotline="<script>alert(1)</script>").html


def read(part):
    """The words of a part, however their lines are broken."""
    return " ".join(unescape(re.sub(r"</?[a-z!][^>]*>", " ", part)).split())


LETTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]), min_size=1, max_size=300
)


@settings(max_examples=60, deadline=None)
@given(said=LETTERS, language=st.sampled_from(["ru", "tg", "en"]), kind=st.sampled_from(KINDS))
@example(said="Ғафуров гуфт: «ҳа» — ӣ қ ӯ ҷ", language="tg", kind="statement")
@example(said="=?utf-8?q?x?= .\r\n.\r\n", language="en", kind="review")
def test_any_text_in_any_language_comes_out_of_the_letter_as_it_was_stored(said, language, kind):
    stored = sanitise(f"<p>{said.replace('&', '&amp;').replace('<', '&lt;').replace('{', '(')}</p>")
    sent = message(kind, Frame(), language=language, body=stored)
    letter = taken_apart(sent)

    parts = [letter.get_body((part,)).get_content() for part in ("plain", "html")]

    assert [read(stored) in read(part) for part in parts] == [True, True]
    assert [part.replace("\r\n", "\n") for part in parts] == [
        one.replace("\r\n", "\n").replace("\r", "\n") + ("" if one.endswith("\n") else "")
        for one in (sent.text, sent.html)
    ]
