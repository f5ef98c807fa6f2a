"""The mail server, the mailbox and a letter looked at: real servers on this machine."""

import socket
import socketserver
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from mailings.message import Security
from mailings.pipeline import doctor
from mailings.pipeline.doctor import wire

OURS = doctor.Sender("coalition.test", "mail.coalition.test", selector="one", is_environment=True)


# The mail server


def certificate(tmp_path, days: int) -> ssl.SSLContext:
    """A server's context with a certificate of its own making; the same file is whom a client may trust."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


@pytest.fixture
def relay(tmp_path):
    """`relay(days)` is a mail server with STARTTLS whose certificate ends in so many days."""
    started = []

    def start(days: int):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(Sink(), hostname="127.0.0.1", port=port, tls_context=certificate(tmp_path, days))
        controller.start()
        started.append(controller)
        return doctor.Sender("coalition.test", "localhost", port)

    yield start
    for controller in started:
        controller.stop()


@pytest.mark.parametrize(
    ("days", "expected", "line"), [(90, "ok", ""), (5, "warning", "certbot renew --cert-name localhost")]
)
def test_certificate_that_ends_soon_is_said(relay, tmp_path, days, expected, line):
    found = wire.tls(relay(days), ssl.create_default_context(cafile=tmp_path / "cert.pem"))

    assert (str(found.state), found.values, found.line) == (expected, {"count": days}, line)


def test_certificate_of_somebody_else_is_an_error(relay):
    found = wire.tls(relay(90))

    assert (found.code, found.line) == ("tls_untrusted", "certbot certonly -d localhost")


@pytest.mark.parametrize(
    ("is_environment", "line"), [(True, "EMAIL_PORT=587"), (False, "smtpd_tls_security_level = may")]
)
def test_mail_server_without_encryption_is_an_error(smtp, settings, is_environment, line):
    here = doctor.Sender("coalition.test", settings.EMAIL_HOST, settings.EMAIL_PORT, is_environment=is_environment)
    found = wire.tls(here)

    assert (found.code, found.line) == ("tls_not_offered", line)


def test_encryption_that_is_switched_off_is_an_error():
    found = wire.tls(replace(OURS, security=Security.NONE))

    assert (found.code, found.line) == ("tls_off", "EMAIL_USE_TLS=1")


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_mail_server_out_of_reach_is_not_looked_at(security):
    assert wire.tls(replace(OURS, security=security)).state == "unseen"


# The mailbox


class Imap(socketserver.StreamRequestHandler):
    """As much of a mailbox as a look at it asks for: the password is “open”, the folder INBOX."""

    def handle(self):
        self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
        while line := self.rfile.readline().decode().split():
            tag, verb, words = line[0], line[1].upper(), " ".join(line[2:])
            if verb == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            is_right = not (verb == "LOGIN" and "open" not in words or verb == "EXAMINE" and "INBOX" not in words)
            self.wfile.write(f"{tag} {'OK' if is_right else 'NO'} {verb}\r\n".encode())


@pytest.fixture
def imap(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = (
            "127.0.0.1",
            server.server_address[1],
            False,
        )
        settings.MAILBOX_USER, settings.MAILBOX_PASSWORD, settings.MAILBOX_FOLDERS = "bounces", "open", ["INBOX"]
        settings.MAIL_BOUNCES_TO = "bounces@coalition.test"
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ("mailbox_ok", "")),
        ({"MAILBOX_PASSWORD": "wrong"}, ("mailbox_refused", "MAILBOX_PASSWORD=…")),
        ({"MAILBOX_FOLDERS": ["INBOX", "Archive"]}, ("mailbox_folder", "MAILBOX_FOLDERS=INBOX")),
        ({"MAILBOX_FOLDERS": ["Archive"]}, ("mailbox_folder", "MAILBOX_FOLDERS=INBOX")),
        ({"MAILBOX_HOST": ""}, ("mailbox_missing", "MAILBOX_HOST=…")),
        ({"MAIL_BOUNCES_TO": ""}, ("mailbox_missing", "MAIL_BOUNCES_TO=…")),
        ({"MAILBOX_HOST": "mail.coalition.test"}, ("mailbox_open", "MAILBOX_TLS=1")),
        ({"MAILBOX_HOST": "mail.coalition.test", "MAILBOX_TLS": True}, ("mailbox_unseen", "")),
    ],
    ids=["in order", "password", "folder", "no folder", "no host", "no address", "in the open", "out of reach"],
)
def test_mailbox_is_opened_and_left_as_it_is(imap, settings, changed, expected):
    for name, value in changed.items():
        setattr(settings, name, value)

    found = wire.mailbox()

    assert (found.code, found.line) == expected


# A letter


def letter(*signatures: str) -> bytes:
    heads = [f"DKIM-Signature: {signature}" for signature in signatures]
    return "\r\n".join([*heads, "Subject: x", "", "DKIM-Signature: d=coalition.test; h=none"]).encode()


SIGNED = "v=1; a=rsa-sha256; d={domain}; s=one;\r\n h=from:subject:{headers}; bh=x; b=y"
BOTH = "List-Unsubscribe:\r\n\tList-Unsubscribe-Post"
SIGNERS_LINES = {
    "signed_ok": "",
    "signed_lacks": "SignHeaders",
    "signed_by_others": "openssl",
    "signed_not": "openssl",
}


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([("coalition.test", BOTH)], "signed_ok"),
        ([("mail.coalition.test", BOTH)], "signed_ok"),
        ([("relay.test", BOTH), ("coalition.test", BOTH)], "signed_ok"),
        ([("coalition.test", "list-unsubscribe")], "signed_lacks"),
        ([("coalition.test", "to"), ("relay.test", BOTH)], "signed_lacks"),
        ([("relay.test", BOTH)], "signed_by_others"),
        ([("notcoalition.test", BOTH)], "signed_by_others"),
        ([], "signed_not"),
    ],
)
def test_way_out_must_be_under_our_own_signature(signatures, expected):
    heads = [SIGNED.format(domain=signer, headers=headers) for signer, headers in signatures]

    found = doctor.look_at_letter(letter(*heads), ["coalition.test"])

    assert (found.code, found.line.split(" ")[0]) == (expected, SIGNERS_LINES[expected])


def test_letter_is_looked_at_as_one_of_the_domain_it_comes_from():
    source = b"From: P <press@office.test>\r\nDKIM-Signature: d=coalition.test; h=list-unsubscribe\r\n\r\n"
    found = doctor.look_at_letter(source, ["coalition.test", "office.test"])

    assert (found.code, found.of) == ("signed_by_others", "office.test")


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"DKIM-Signature: =;=;h\n\nx", b"DKIM-Signature: " + b"d=a;" * 9999]
)
def test_what_is_no_letter_is_answered_all_the_same(raw):
    assert doctor.look_at_letter(raw, ["coalition.test"]).state == "error"
