"""A mail server that misbehaves, as a process of its own: `python -m tests.faults.sink --record FILE --seed 1`.

It says its port on the first line, and writes down each letter that it takes before it answers: what stands there was
accepted, whatever the sender heard. After SIGUSR1 it behaves.
"""

import argparse
import asyncio
import json
import random
import re
import signal
import time
from collections import deque
from pathlib import Path

# At which step, what is said instead, and how many of a thousand letters meet it. "drop" hangs up without a word;
# "kept" says whether the letter was taken all the same.
REFUSALS = {
    "MAIL": [("451 4.3.0 Later", 0.4), ("550 5.7.1 Sender rejected", 0.2), ("421 4.3.2 Closing", 0.4), ("drop", 2)],
    "RCPT": [
        ("450 4.2.0 Greylisted", 6),
        ("452 4.2.2 Over quota", 3),
        ("550 5.1.1 No such user", 6),
        ("550 5.7.1 Blocked", 2),
        ("421 4.7.0 Closing", 0.3),
        ("drop", 2),
    ],
    "DATA": [("451 4.3.0 Later", 2), ("554 5.5.1 No", 2), ("drop", 2)],
    "text": [("drop", 2)],
    "end": [("451 4.3.0 Later", 4), ("554 5.7.1 Spam", 4), ("421 4.3.2 Closing", 0.3), ("drop", 3)],
    "kept": [("drop", 4), ("999 What", 1)],
}
SLOW = 5  # of a thousand answers
DEAF = 15  # of a thousand connections lose what comes behind a command
_ID = re.compile(rb"^Message-ID:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    def __init__(self, record: Path, seed: int, latency: float, *, is_good: bool):
        self._file = record.open("a")
        self.random, self.latency, self.is_good = random.Random(seed), latency, is_good

    def behave(self) -> None:
        self.is_good = True

    def keep(self, sender: str, recipient: str, text: bytes) -> None:
        number = _ID.search(text)[1].decode()
        self._file.write(json.dumps({"id": number, "from": sender, "to": recipient, "at": time.time()}) + "\n")
        self._file.flush()

    def chance(self, thousandths: float) -> bool:
        return not self.is_good and self.random.random() * 1000 < thousandths

    def fault(self, step: str) -> str:
        return "" if self.is_good else next((words for words, odds in REFUSALS[step] if self.chance(odds)), "")


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink):
        self._sink, self._buffer = sink, b""
        self._is_deaf = sink.chance(DEAF)
        self._sender = self._recipient = ""
        self._is_gone = False
        self._in_text, self._free_at, self._turns = False, 0.0, deque()

    def connection_made(self, transport):
        self._transport = transport
        self._say("220 sink.test")

    def data_received(self, data):
        self._buffer += data
        while not (self._is_gone or self._transport.is_closing()):
            end = self._buffer.find(b"\r\n.\r\n") if self._in_text else self._buffer.find(b"\r\n")
            if end < 0:
                return
            if self._in_text:
                text, self._buffer = self._buffer[:end], self._buffer[end + 5 :]
                self._take(text)
            else:
                line, self._buffer = self._buffer[:end].decode(), self._buffer[end + 2 :]
                self._obey(line)
            if self._is_deaf:
                self._buffer = b""

    def _obey(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            self._say("250-sink.test", "250-PIPELINING", "250-8BITMIME", "250 STARTTLS")
        elif verb in {"MAIL", "RCPT", "DATA"}:
            if not self._misbehave(verb):
                getattr(self, f"_{verb.lower()}")(line)
        elif verb == "QUIT":
            self._say("221 Bye")
            self._later(self._transport.close)
        elif verb == "STAR":
            self._say("220 Go on")
            self._later(lambda: self._transport.write(b"this is not TLS\r\n"))
            self._later(self._transport.close)
        else:
            self._say("250 OK")

    def _mail(self, line: str) -> None:
        self._sender, self._recipient = line, ""
        self._say("250 2.1.0 OK")

    def _rcpt(self, line: str) -> None:
        if self._sender:
            self._recipient = line
        self._say("250 2.1.5 OK" if self._sender else "503 5.5.1 MAIL first")

    def _data(self, line: str) -> None:
        if not self._recipient:
            self._say("554 5.5.1 No valid recipients")
            return
        self._in_text = True
        self._say("354 Go on")
        if self._sink.fault("text"):
            self._later(self._transport.abort)

    def _take(self, text: bytes) -> None:
        self._in_text = False
        sender, recipient = _address(self._sender), _address(self._recipient)
        self._sender = self._recipient = ""
        if self._misbehave("end"):
            return
        self._sink.keep(sender, recipient, text)
        if not self._misbehave("kept"):
            self._say("250 2.0.0 OK kept")

    def _misbehave(self, step: str) -> bool:
        words = self._sink.fault(step)
        if words == "drop":
            self._is_gone = True
            self._later(self._transport.abort)
        elif words:
            self._say(words)
            if words.startswith("421"):
                self._later(self._transport.close)
        return bool(words)

    def _say(self, *lines: str) -> None:
        answer = "".join(f"{line}\r\n" for line in lines).encode()
        slow = self._sink.random.random() / 2 if self._sink.chance(SLOW) else 0
        self._later(lambda: self._transport.write(answer), self._sink.latency + slow)

    def _later(self, do, seconds: float = 0) -> None:
        """In its turn: nothing overtakes what was said before, since two moments may be one to the loop."""
        loop = asyncio.get_running_loop()
        self._free_at = max(self._free_at, loop.time() + seconds)
        self._turns.append(do)
        loop.call_at(self._free_at, lambda: self._turns.popleft()())


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


async def serve(sink: Sink, port: int) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, sink.behave)
    server = await loop.create_server(lambda: Line(sink), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0, help="seconds before each answer")
    parser.add_argument("--good", action="store_true", help="never misbehave")
    given = parser.parse_args()
    asyncio.run(serve(Sink(given.record, given.seed, given.latency, is_good=given.good), given.port))
