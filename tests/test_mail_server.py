"""The fake must behave as it says, or the tests that lean on it prove nothing."""

import smtplib

import pytest

LETTER = b"From: a@payom.test\r\nTo: b@news.test\r\nSubject: =?utf-8?b?0J/QsNGR0Lw=?=\r\n\r\nText\r\n"


@pytest.fixture
def line(smtp):
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=5) as connection:
        yield connection


def test_keeps_envelope_and_bytes(smtp, line):
    line.sendmail("bounce@payom.test", ["b@news.test"], LETTER)

    assert [(e.sender, e.recipients, e.data) for e in smtp.envelopes] == [
        ("bounce@payom.test", ["b@news.test"], LETTER)
    ]
    assert smtp.envelopes[0].message["Subject"] == "Паём"


def test_refuses_a_recipient(smtp, line):
    smtp.refuse["@gone.test"] = "550 5.1.1 no such user"

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        line.sendmail("a@payom.test", ["b@gone.test"], LETTER)

    assert refused.value.recipients == {"b@gone.test": (550, b"5.1.1 no such user")}
    assert smtp.envelopes == []


def test_a_list_of_replies_is_used_up(smtp, line):
    smtp.refuse["b@news.test"] = ["451 4.7.1 later"]

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        line.sendmail("a@payom.test", ["b@news.test"], LETTER)
    line.sendmail("a@payom.test", ["b@news.test"], LETTER)

    assert smtp.recipients == ["b@news.test"]
    assert smtp.asked == {"b@news.test": 2}


def test_refuses_after_data(smtp, line):
    smtp.refuse_data["b@news.test"] = "554 5.7.1 spam"

    with pytest.raises(smtplib.SMTPDataError):
        line.sendmail("a@payom.test", ["b@news.test"], LETTER)

    assert smtp.envelopes == []


def test_hangs_up_after_data(smtp):
    smtp.hang_up.add("b@news.test")

    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=5) as line, pytest.raises(smtplib.SMTPServerDisconnected):
        line.sendmail("a@payom.test", ["b@news.test"], LETTER)

    assert smtp.recipients == ["b@news.test"]


def test_a_stopped_server_refuses_the_connection(smtp):
    port = smtp.port
    smtp.stop()

    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, timeout=5)


def test_counts_connections(smtp, line):
    line.noop()

    assert smtp.connections == 1
