"""A small IMAP server for the tests: one folder, read only, and what a reader asks of it."""

import re
import socketserver
import threading


class ImapServer:
    """`letters` by their number; a new `validity` says that the numbers were given anew."""

    def __init__(self):
        self.letters: dict[int, bytes] = {}
        self.validity = 1
        self.password = "a-password"
        self.asked: list[str] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _space, command = line.decode().strip().partition(" ")
                    outer.asked.append(command)
                    outer.answer(self.wfile, tag, command)
                    if command.upper().startswith("LOGOUT"):
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, out, tag: str, command: str) -> None:
        verb = command.upper()
        status = "OK done"
        if verb.startswith("CAPABILITY"):
            out.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif verb.startswith("LOGIN") and self.password not in command:
            status = "NO wrong"
        elif verb.startswith(("SELECT", "EXAMINE")):
            out.write(f"* {len(self.letters)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] valid\r\n".encode())
        elif verb.startswith("UID SEARCH"):
            first = int(re.search(r"UID (\d+):\*", verb)[1])
            # As the standard has it, “5:*” names the last letter even where there is none from 5 on.
            found = [uid for uid in self.letters if uid >= first] or sorted(self.letters)[-1:]
            out.write(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())
        elif verb.startswith("UID FETCH"):
            uid = int(verb.split()[2])
            raw = self.letters[uid]
            out.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        out.write(f"{tag} {status}\r\n".encode())
        out.flush()
