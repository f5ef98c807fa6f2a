import socket

import pytest

from tests.network import Refused

ELSEWHERE = "203.0.113.77"


def test_tcp_to_another_machine_is_refused():
    with socket.socket() as line, pytest.raises(Refused):
        line.connect((ELSEWHERE, 80))


def test_tcp6_to_another_machine_is_refused():
    with socket.socket(socket.AF_INET6) as line, pytest.raises(Refused):
        line.connect(("2001:db8::77", 80))


def test_udp_to_another_machine_is_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as line, pytest.raises(Refused):
        line.sendto(b"", (ELSEWHERE, 53))


def test_looking_up_a_name_is_refused():
    with pytest.raises(Refused):
        socket.create_connection(("example.org", 80))


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as line:
        assert line.getpeername() == server.getsockname()
