"""What is signed inside a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.signing import BadToken
from mailings.measuring.links import Mark, anonymous, make_token, read_token

URL = "https://coalition.example/текст?a=1&b=2"


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1), st.text(max_size=60), st.booleans())
def test_link_gives_back_what_was_put_in(mailing, delivery, path, is_trap):
    mark, url = Mark(mailing, delivery), f"https://coalition.example/{path}"

    assert read_token(make_token(mark, url, is_trap=is_trap)) == (mark, url, is_trap)


def test_who_is_only_counted_gets_another_number_each_time():
    first, second = anonymous(7, "partner", "ru"), anonymous(7, "partner", "ru")

    assert (first.delivery, second.delivery, first.reader == second.reader) == (0, 0, False)


def test_link_of_who_is_only_counted_gives_back_its_group():
    mark = anonymous(7, "journalist", "tg")

    assert read_token(make_token(mark, URL)) == (mark, URL, False)


@given(st.integers(0, 200))
def test_link_changed_anywhere_is_refused(place):
    token = make_token(Mark(7, 9), URL)
    place %= len(token) - 1  # the unused bits of the last sign are no part of what is said
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(BadToken):
        read_token(changed)


@pytest.mark.parametrize("token", ["", "x", "ж", "A" * 40, "A" * 400])
def test_what_is_no_link_of_ours_is_refused(token):
    with pytest.raises(BadToken):
        read_token(token)
