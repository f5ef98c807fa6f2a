"""What a measured letter says that another does not."""

import re
from dataclasses import dataclass, field
from datetime import date

import pytest

from mailings.layouts import Frame
from mailings.measuring.links import Mark, read_token
from mailings.models import MailingVersion
from mailings.pipeline.render import compile_letter, render

BODY = """<p>Здравствуйте, {имя|коллеги}! <a href="https://example.org/full?a=1&amp;b=2">Полный текст</a></p>
<p><a href="mailto:press@coalition.test">Напишите</a>, <a href="https://example.org/ҳуҷҷат">ҳуҷҷат</a></p>"""
PLAIN = ("https://example.org/full?a=1&amp;b=2", "https://example.org/ҳуҷҷат")


@dataclass(frozen=True)
class Row:
    measured_as: str = "person"
    kind: str = "press_service"
    pk: int = 9
    mailing_id: int = 7
    language: str = "ru"
    original_id: None = None
    merge_data: dict = field(default_factory=dict)


def letter(measures="all", row=None, body=BODY, kind="statement"):
    version = MailingVersion(language="ru", subject="Тема", preheader="Анонс", body=body)
    frame = Frame(measures=measures, web_url="http://testserver/w/x/")
    return render(compile_letter(kind, version, dated=date(2026, 6, 9), frame=frame), row or Row(), to="x@navid.test")


def tokens(message) -> list[tuple]:
    return [read_token(token) for token in re.findall(r"http://testserver/[lo]/([\w-]+)", message.html)]


def test_links_lead_through_us_and_say_inside_where_to():
    assert tokens(letter()) == [
        (Mark(7, 9), "https://example.org/full?a=1&b=2", False),
        (Mark(7, 9), "https://example.org/ҳуҷҷат", False),
        (Mark(7, 9), "", True),
        (Mark(7, 9), "", False),
    ]


def test_without_opens_there_is_no_picture():
    assert ("<img" in letter("clicks").html, len(tokens(letter("clicks")))) == (False, 3)


@pytest.mark.parametrize("message", [letter(""), letter(row=Row(measured_as=""))], ids=["of a mailing", "of a reader"])
def test_letter_that_is_not_measured_is_untouched(message):
    links = re.findall(r'href="(https?://[^"]+)"', message.html)

    assert (tokens(message), "<img" in message.html, [link for link in PLAIN if link in links]) == (
        [],
        False,
        list(PLAIN),
    )


def test_who_is_not_measured_gets_the_same_letter_as_in_a_mailing_that_measures_nothing():
    assert letter(row=Row(measured_as="")).html == letter("").html


def test_unsubscribing_and_the_web_copy_never_lead_through_us():
    assert (letter().html.count("http://testserver/u/"), "http://testserver/w/x/" in letter().html) == (
        letter("").html.count("http://testserver/u/"),
        True,
    )


def test_text_without_layout_keeps_its_links():
    assert letter().text == letter("").text


def test_letter_of_who_is_only_counted_names_no_row():
    marks = {mark for mark, _url, _is_trap in tokens(letter(row=Row(measured_as="totals", kind="partner")))}

    assert [(mark.mailing, mark.delivery, mark.reader > 0, mark.group) for mark in marks] == [(7, 0, True, 3)]


def test_letter_of_who_is_only_counted_is_another_one_each_time():
    row = Row(measured_as="totals", kind="partner")

    assert tokens(letter(row=row))[0][0] != tokens(letter(row=row))[0][0]


def test_very_long_link_stays_as_it_is():
    url = "https://example.org/" + "a" * 1_000

    assert f'href="{url}"' in letter(body=f'<p><a href="{url}">Текст</a></p>').html


def test_trap_is_no_word_for_a_reader():
    [trap] = re.findall(r"<a [^>]*aria-hidden[^>]*>.*?</a>", letter().html)

    assert ('tabindex="-1"' in trap, trap.endswith("></a>")) == (True, True)
