"""Which visits of a letter are a person's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.measuring.agents import Agent
from mailings.measuring.judge import AT_ONCE, PEOPLE, Reason, Sort, Visit, judge

ARRIVED = datetime(2026, 6, 8, 5, 30, tzinfo=UTC)


def visit(
    seconds: float, sort: Sort = Sort.CLICK, agent: Agent = Agent.BROWSER, link: str = "a", is_trap=False
) -> Visit:
    return Visit(ARRIVED + timedelta(seconds=seconds), sort, agent, link if sort is Sort.CLICK else "", is_trap)


def opened(seconds: float, agent: Agent = Agent.BROWSER) -> Visit:
    return visit(seconds, Sort.OPEN, agent)


def test_open_and_click_of_a_reader_are_a_persons():
    assert judge([opened(600), visit(640)], ARRIVED) == [Reason.PERSON, Reason.PERSON]


@pytest.mark.parametrize("agent", [Agent.SCRIPT, Agent.PREVIEW, Agent.UNNAMED])
def test_program_that_says_what_it_is_is_a_machine(agent):
    assert judge([visit(6_000, agent=agent)], ARRIVED) == [Reason.KNOWN_AGENT]


def test_pictures_that_apple_loads_are_nobodys_open():
    assert judge([opened(6_000, Agent.APPLE)], ARRIVED) == [Reason.PREFETCH]


def test_picture_loaded_by_gmail_when_it_is_read_is_a_persons():
    assert judge([opened(6_000, Agent.GMAIL)], ARRIVED) == [Reason.THROUGH_PROXY]


def test_picture_loaded_as_the_letter_arrives_is_nobodys_open():
    assert judge([opened(1, Agent.GMAIL)], ARRIVED) == [Reason.PREFETCH]


def test_all_links_within_seconds_are_a_scanners_and_so_is_its_open():
    visits = [opened(8), visit(9, link="a"), visit(9.4, link="b"), visit(10, link="c")]

    assert judge(visits, ARRIVED) == [Reason.BURST] * 4


def test_burst_of_hours_later_is_a_scanners_too():
    visits = [visit(9_000 + number, link=str(number)) for number in range(3)]

    assert judge(visits, ARRIVED) == [Reason.BURST] * 3


def test_two_links_in_a_row_are_a_persons():
    assert judge([opened(600), visit(640, link="a"), visit(641, link="b")], ARRIVED) == [Reason.PERSON] * 3


def test_who_follows_the_trap_is_a_machine_with_all_it_did_then():
    visits = [visit(9_000, link="a"), visit(9_001, link="trap", is_trap=True)]

    assert judge(visits, ARRIVED) == [Reason.BURST, Reason.TRAP]


def test_click_before_the_letter_arrived_is_a_machines():
    assert judge([visit(-60)], ARRIVED) == [Reason.EARLY]


def test_click_right_on_arrival_in_a_letter_nobody_opened_is_a_machines():
    assert judge([visit(40)], ARRIVED) == [Reason.AT_ONCE]


def test_click_right_on_arrival_after_an_open_is_a_persons():
    assert judge([opened(20), visit(40)], ARRIVED) == [Reason.PERSON, Reason.PERSON]


def test_reader_after_a_scanner_is_still_seen():
    scanner = [visit(9 + number / 10, link=str(number)) for number in range(4)]

    assert judge([*scanner, opened(3_000), visit(3_030, link="1")], ARRIVED)[4:] == [Reason.PERSON, Reason.PERSON]


def test_where_nobody_knows_when_the_letter_arrived_a_lone_click_is_a_persons():
    assert judge([visit(40)], None) == [Reason.PERSON]


VISITS = st.lists(
    st.builds(
        visit,
        st.floats(-100, 100_000),
        st.sampled_from(Sort),
        st.sampled_from(Agent),
        st.sampled_from("abcde"),
    ),
    max_size=12,
)


@given(VISITS, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_no_verdict(visits, random):
    order = list(range(len(visits)))
    random.shuffle(order)

    shuffled = judge([visits[number] for number in order], ARRIVED)

    assert shuffled == [judge(visits, ARRIVED)[number] for number in order]


@given(VISITS, VISITS)
def test_another_click_never_makes_a_machine_of_the_past_a_person(visits, more):
    """An open before may: then a click on arrival was read first. So only clicks come."""
    more = [one for one in more if one.sort is Sort.CLICK]
    before, after = judge(visits, ARRIVED), judge([*visits, *more], ARRIVED)

    freed = [(old, new) for old, new in zip(before, after, strict=False) if old not in PEOPLE and new in PEOPLE]

    assert freed == []


@given(st.integers(3, 8), st.floats(0, 100_000), st.floats(0.01, 1.9))
def test_burst_is_seen_whenever_it_comes(links, begun, gap):
    visits = [visit(begun + number * gap, link=str(number)) for number in range(links)]

    assert set(judge(visits, ARRIVED)) == {Reason.BURST}


@given(st.floats(AT_ONCE.total_seconds() + 1, 1_000_000))
def test_lone_click_of_later_is_a_persons(seconds):
    assert judge([visit(seconds)], ARRIVED) == [Reason.PERSON]
