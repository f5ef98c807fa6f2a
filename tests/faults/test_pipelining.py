"""Commands that go together, on one line, with a server that announces it and then does what it likes."""

import asyncio
import json
import threading
from collections import defaultdict

import pytest

from mailings.message import Message, Outcome
from mailings.pipeline.transport import Transport

from .sink import Line, Sink


class Scripted(Sink):
    """Misbehaves as told: at each step the next of its answers, where an empty one is the right one."""

    def __init__(self, record):
        super().__init__(record, seed=1, latency=0, is_good=True)
        self.script = defaultdict(list)
        self.deaf, self.lines, self.together = 0, 0, 0
        self.open, self.is_left = 0, asyncio.Event()
        self.is_left.set()
        self.record = record

    def fault(self, step):
        return self.script[step].pop(0) if self.script[step] else ""

    @property
    def accepted(self):
        return [json.loads(line)["to"].partition("@")[0] for line in self.record.read_text().splitlines()]


class _Line(Line):
    def connection_made(self, transport):
        self._is_deaf = self._sink.lines < self._sink.deaf
        self._sink.lines += 1
        self._sink.open += 1
        self._sink.is_left.clear()
        super().connection_made(transport)

    def connection_lost(self, error):
        self._sink.open -= 1
        if not self._sink.open:
            self._sink.is_left.set()
        super().connection_lost(error)

    def data_received(self, data):
        self._sink.together += data.count(b"DATA\r\n") and b"MAIL FROM" in data
        super().data_received(data)


@pytest.fixture
def sink(tmp_path, settings):
    scripted, loop = Scripted(tmp_path / "record"), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = _within(loop, loop.create_server(lambda: _Line(scripted), "127.0.0.1", 0))
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.sockets[0].getsockname()
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 1
    yield scripted
    _within(loop, _end(server, scripted))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    scripted._file.close()


def _within(loop, coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(5)


async def _end(server, scripted):
    """Once the last line is closed."""
    server.close()
    await scripted.is_left.wait()


def letter(name):
    words = {"sender": "Пресса <press@payom.test>", "subject": "Тема", "html": "<p>.\r\n.Т</p>", "text": "Т"}
    return Message(f"<{name}@payom.test>", "press@payom.test", to=f"{name}@navid.test", **words)


def deliver(*names):
    with Transport() as transport:
        return [receipt.outcome.value for receipt in transport.deliver([letter(name) for name in names])]


def test_letters_of_one_line_follow_each_other_without_waiting(sink):
    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted, sink.lines, sink.together) == (["accepted"] * 3, ["a", "b", "c"], 1, 3)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "end"])
def test_refusal_is_of_one_letter_and_the_next_goes_over_another_line(sink, step):
    sink.script[step] = ["", "550 5.1.1 No such user"]

    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted, sink.lines) == (["accepted", "permanent", "accepted"], ["a", "c"], 2)


@pytest.mark.parametrize(("step", "accepted"), [("kept", ["a", "b", "c"]), ("end", ["a", "c"])])
def test_line_cut_after_the_text_is_in_doubt_for_that_letter_alone(sink, step, accepted):
    sink.script[step] = ["", "drop"]

    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted) == (["accepted", "uncertain", "accepted"], accepted)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_line_cut_before_the_text_costs_nothing(sink, step):
    sink.script[step] = ["", "drop"]

    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted) == (["accepted"] * 3, ["a", "b", "c"])


def test_server_that_loses_commands_gets_them_one_by_one(sink):
    sink.deaf = 1000

    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted, sink.together) == (["accepted"] * 3, ["a", "b", "c"], 1)


def test_server_that_takes_so_many_letters_a_line_is_asked_over_another(sink):
    sink.script["MAIL"] = ["", "421 4.7.0 Too many letters"]

    outcomes = deliver("a", "b")

    assert (outcomes, sink.accepted, sink.lines) == (["accepted"] * 2, ["a", "b"], 2)


def test_after_our_own_fault_the_rest_is_not_tried(sink):
    sink.script["MAIL"] = ["", "421 4.7.0 Closing", "421 4.7.0 Closing"]

    outcomes = deliver("a", "b", "c")

    assert (outcomes, sink.accepted) == (["accepted", "own_fault"], ["a"])


def test_letter_that_may_not_begin_any_more_is_not_begun(sink):
    with Transport() as transport:
        none = transport.deliver([letter("a")], lambda: False)
        some = transport.deliver([letter("b"), letter("c")], lambda: True)
        first = transport.deliver([letter("d"), letter("e")], lambda: "d" not in sink.accepted)

    assert [len(none), len(some), len(first), sink.accepted] == [0, 2, 1, ["b", "c", "d"]]


def test_letter_that_cannot_be_written_leaves_its_neighbours_alone(sink):
    with Transport() as transport:
        bad = Message("<x@payom.test>", "press@payom.test", "p@payom.test", "b@x.test>\r\nDATA", "Т", "Т", "Т")
        receipts = transport.deliver([letter("a"), bad, letter("c")])

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED, Outcome.PERMANENT, Outcome.ACCEPTED]
    assert sink.accepted == ["a", "c"]


def test_server_that_offers_tls_and_does_not_speak_it_is_our_own_fault(sink, settings):
    settings.EMAIL_USE_TLS = True

    assert (deliver("a"), sink.accepted) == (["own_fault"], [])
