"""A visit that was noted is never lost, and never counted twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mailings.measuring.agents import Agent
from mailings.measuring.judge import Sort
from mailings.measuring.links import Mark
from mailings.pipeline import spool


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"


def line(number: int) -> spool.Line:
    return spool.Line(Mark(1, delivery=number), Sort.CLICK, Agent.BROWSER, 1.5, "https://navid.test/ҷ")


def test_line_is_read_as_it_was_written():
    kept = spool.Line(Mark(1, reader=2**63 - 1, group=11), Sort.OPEN, Agent.GMAIL, 1781.25)
    spool.keep(kept)

    assert [one for path in spool.taken() for one in spool.lines(path)] == [kept]


def test_nothing_is_lost_while_files_are_taken_away():
    found = []
    with ThreadPoolExecutor(max_workers=4) as writers:
        done = [writers.submit(spool.keep, line(number)) for number in range(400)]
        while not all(one.done() for one in done):
            _read_all(found)
    _read_all(found)

    assert sorted(one.mark.delivery for one in found) == list(range(400))


def _read_all(found):
    for path in spool.taken():
        found += spool.lines(path)
        path.unlink()


def test_file_that_was_taken_and_not_read_is_offered_again():
    spool.keep(line(1))
    first = spool.taken()

    assert spool.taken() == first


def test_line_cut_off_by_a_power_cut_is_left_out():
    spool.keep(line(1))
    [path] = spool.taken()
    with path.open("a") as file:
        file.write('[1, 2, 0, 0, "cli')

    assert list(spool.lines(path)) == [line(1)]


def test_only_its_owner_reads_the_file():
    spool.keep(line(1))

    assert (spool.taken()[0].stat().st_mode & 0o777) == 0o600
