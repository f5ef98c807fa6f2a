"""A real name server on this machine, which knows what a test tells it and answers nothing about the rest."""

import socketserver
import threading

import dns.message
import dns.name
import dns.rcode
import dns.resolver
import dns.rrset

from mailings.pipeline.doctor import Names


class NameServer:
    """`records[("coalition.test", "TXT")] = ['"v=spf1 -all"']`; a name in `silent` gets no answer at all."""

    def __init__(self):
        self.records: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._server = socketserver.UDPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def __enter__(self) -> "NameServer":
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def text(self, name: str, *texts: str) -> None:
        """TXT records, each cut where a zone must cut it."""
        self.records[name, "TXT"] = [
            " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255)) for text in texts
        ]

    def names(self) -> Names:
        """A resolver that asks here."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return Names(resolver)

    def answer(self, wire: bytes) -> bytes | None:
        question = dns.message.from_wire(wire)
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(question)
        if found := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *found))
        elif not any(known == name for known, _kind in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire(max_size=4096)

    def _handler(self):
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                wire, line = self.request
                if (answer := server.answer(wire)) is not None:
                    line.sendto(answer, self.client_address)

        return Handler
