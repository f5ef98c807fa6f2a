"""What a server can carry, and how a letter is signed."""

from base64 import b64encode

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from mailings.message import Dkim, Message, Outcome, Route
from mailings.pipeline.signing import BadKey, check_key, signed
from mailings.pipeline.transport import Transport, as_bytes, prepared
from tests.mail_server import MailServer

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
HEADERS = {
    "List-Unsubscribe": "<https://payom.test/u/x/>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "X-Payom-Delivery": "x",
}


def message(to="reader@navid.test", **fields):
    given = {"message_id": "<x@payom.test>", "envelope_from": "press@payom.test", "subject": "Тема"}
    given |= {"sender": "Пресса <press@payom.test>", "html": "<p>Текст</p>", "text": "Текст", "headers": HEADERS}
    return Message(to=to, **given | fields)


@pytest.fixture
def server():
    """A server whose dialect a test chooses before it is called."""
    mail_server = MailServer()
    yield mail_server
    mail_server.stop()


def route_to(server, **fields):
    return Route("127.0.0.1", server.port, security="none", timeout=5, **fields)


def send(server, *messages, **fields):
    with Transport(route_to(server, **fields)) as transport:
        return [transport.send(one) for one in messages]


def test_address_in_other_letters_goes_where_the_server_speaks_them(server):
    server.takes_utf8 = True
    server.start()

    receipt = send(server, message("зарина@navid.test"))[0]

    assert (receipt.outcome, server.recipients, server.envelopes[0].message["To"]) == (
        Outcome.ACCEPTED,
        ["зарина@navid.test"],
        "зарина@navid.test",
    )


def test_address_in_other_letters_is_not_even_asked_about_elsewhere(server):
    server.start()

    receipt = send(server, message("зарина@navid.test"))[0]

    assert (receipt.outcome, receipt.reply, server.asked) == (Outcome.CANNOT, "SMTPUTF8", {})


def test_domain_is_written_as_the_dns_writes_it(server):
    server.start()

    send(server, message("reader@навид.test"))

    assert server.recipients == ["reader@xn--80aegpw.test"]


def test_letter_above_the_server_s_size_is_held_back_and_blames_nobody(server):
    server.max_size = 500
    server.start()

    receipt = send(server, message(text="Текст " * 200))[0]

    assert (receipt.outcome, receipt.code, server.asked) == (Outcome.OWN_FAULT, 552, {})


def test_what_the_server_said_of_itself_is_known_afterwards(server):
    server.max_size, server.takes_utf8 = 100_000, True
    server.start()
    with Transport(route_to(server)) as transport:
        transport.send(message())

        assert (transport.spoken.max_size, transport.spoken.takes_utf8) == (100_000, True)


def test_after_so_many_letters_a_new_connection_is_made(server):
    server.start()

    send(server, *[message(f"{number}@navid.test") for number in range(5)], letters_per_connection=2)

    assert (server.connections, len(server.envelopes)) == (3, 5)


@pytest.mark.parametrize("host", ["..", "no such host", "x" * 80 + ".test"])
def test_server_name_that_is_none_is_our_own_fault(host):
    with Transport(Route(host, 25, security="none", timeout=2)) as transport:
        assert transport.send(message()).outcome is Outcome.OWN_FAULT


def test_password_that_cannot_be_said_is_our_own_fault(server):
    server.start()

    assert send(server, message(), user="пресса", password="пароль")[0].outcome is Outcome.OWN_FAULT


@pytest.mark.parametrize("sender", ["press@payom.test", "press@эътилоф.test"])
def test_signature_verifies_and_covers_one_click_unsubscribing(server, sender):
    server.start()
    domain = sender.partition("@")[2]
    key = Dkim(domain, "payom", PRIVATE)

    receipt = send(server, message(sender=f"Пресса <{sender}>"), dkim=key)[0]

    raw = server.envelopes[0].data
    named = str(server.envelopes[0].message["DKIM-Signature"]).replace(" ", "").partition("h=")[2].partition(";")[0]
    asked = []
    assert receipt.outcome is Outcome.ACCEPTED
    assert dkim.verify(raw, dnsfunc=lambda name, timeout: asked.append(name) or _dns(name))
    assert asked == [f"payom._domainkey.{domain.encode('idna').decode()}.".encode()]
    assert {"list-unsubscribe", "list-unsubscribe-post", "subject", "to", "date"} <= set(named.lower().split(":"))


def _dns(_name, timeout=5):
    return b"v=DKIM1; k=rsa; p=" + b64encode(PUBLIC)


def test_letter_that_was_changed_on_its_way_does_not_verify():
    letter = signed(as_bytes(message()), Dkim("payom.test", "payom", PRIVATE))
    forged = letter.replace(b"https://payom.test/u/x/", b"https://evil.test/u/x/")

    assert (dkim.verify(letter, dnsfunc=_dns), dkim.verify(forged, dnsfunc=_dns)) == (True, False)


@pytest.mark.parametrize(
    "key", ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "ключ"]
)
def test_what_is_no_key_is_refused(key):
    with pytest.raises(BadKey):
        check_key(Dkim("payom.test", "payom", key))


def test_key_that_signs_nothing_is_our_own_fault(server):
    server.start()

    receipt = send(server, message(), dkim=Dkim("payom.test", "payom", "no key"))[0]

    assert (receipt.outcome, server.envelopes) == (Outcome.OWN_FAULT, [])


NASTY = st.text(st.sampled_from(list('аb @<>,;:"\\=?\r\n\t\x00\x0b\x0c\x1c\x85\u2028\u2029')), min_size=1, max_size=30)


@given(
    NASTY, st.sampled_from(["to", "envelope_from", "sender", "subject", "reply_to", "message_id", "List-Unsubscribe"])
)
def test_no_field_makes_a_header_or_a_recipient(text, field):
    value = f"x{text}\r\nBcc: evil@evil.test"
    headers = HEADERS | ({field: value} if field == "List-Unsubscribe" else {})
    fields = {"headers": headers} if field == "List-Unsubscribe" else {field: value}

    try:
        letter = prepared(message(**fields), Route("127.0.0.1", 25))
    except ValueError:
        return

    head = letter.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert (names.count(b"to"), names.count(b"from"), b"bcc" in names, b"\n" in head.replace(b"\r\n", b"")) == (
        1,
        1,
        False,
        False,
    )
