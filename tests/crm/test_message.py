"""Messages prepared for the messenger of whoever writes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import message
from crm.states import Messenger

NUMBER = "+992930001122"


@pytest.mark.parametrize(
    ("messenger", "link"),
    [
        ("telegram", "tg://resolve?phone=992930001122&text=%D0%94%D0%B0%3F%20%26"),
        ("whatsapp", "whatsapp://send?phone=992930001122&text=%D0%94%D0%B0%3F%20%26"),
        ("viber", "viber://chat?number=%2B992930001122&draft=%D0%94%D0%B0%3F%20%26"),
        ("imo", ""),
    ],
)
def test_each_messenger_opens_by_its_own_scheme(messenger, link):
    assert message.link(messenger, NUMBER, "Да? &") == link


@given(st.sampled_from(["telegram", "whatsapp", "viber"]), st.text(st.characters(codec="utf-8"), min_size=1))
def test_text_arrives_as_it_was_written_and_changes_nothing_else(messenger, text):
    parts = urlsplit(message.link(messenger, NUMBER, text))
    asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)

    assert (asked.pop("text", None) or asked.pop("draft"), parts.fragment) == ([text], "")
    assert [values[0].lstrip("+") for values in asked.values()] == [NUMBER[1:]]


def test_no_link_leads_to_a_website():
    schemes = {urlsplit(message.link(messenger, NUMBER, "x")).scheme for messenger in Messenger}

    assert schemes == {"tg", "whatsapp", "viber", ""}


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"address": "Уважаемая Парвина Саидовна!", "given_name": "Парвина"}, "Уважаемая Парвина Саидовна!"),
        ({"given_name": "Парвина"}, "Hello, Парвина!"),
        ({}, "Hello!"),
    ],
)
def test_greeting_is_what_somebody_wrote_or_the_given_name(known, words):
    assert message.greeting("en", **known) == words
