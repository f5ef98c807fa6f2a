"""Keep the tests on this machine: any other address is refused before a packet or a name query leaves."""

import ipaddress
import socket
import sys

_WITH_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_WITH_NAME = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class Refused(socket.gaierror):
    """Raised where a test would have left this machine; code that can live with an unknown name lives with this."""


def close() -> None:
    """From here on, for the rest of the process. Python offers no way to take an audit hook back."""
    sys.addaudithook(_guard)


def _guard(event: str, details: tuple) -> None:
    if not event.startswith("socket."):
        return
    if event in _WITH_ADDRESS and isinstance(details[-1], tuple):
        _refuse_unless_local(details[-1][0])
    elif event in _WITH_NAME and details[0] is not None:
        _refuse_unless_local(details[0])


def _refuse_unless_local(host: str | bytes) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return
    try:
        local = ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise Refused(f"a test tried to reach {name}")
