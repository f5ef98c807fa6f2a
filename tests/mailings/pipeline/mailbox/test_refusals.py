"""What hurts: a living mailbox that is stopped for our own fault or for an hour, a person taken for a server."""

from time import process_time

import pytest

from mailings.pipeline.bounces import BounceClass, classify
from mailings.pipeline.mailbox.kinds import judge
from mailings.states import IncomingKind
from tests.factories.incoming import report

OURS = "bounce+1@press.coalition.test"
GONE = "gone@navid.test"
LATE = "late@other.test"


def said(raw: str | bytes) -> list[tuple[str, str]]:
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return [(one.address, str(one.bounce)) for one in judge(raw)[1].recipients]


def kind(raw: str) -> IncomingKind:
    return judge(raw.encode())[1].kind


def prose(
    text: str, *, sender: str = "MAILER-DAEMON@mx.test", subject: str = "failure notice", headers: str = ""
) -> str:
    head = f"Return-Path: <>\nFrom: {sender}\nTo: {OURS}\nSubject: {subject}\n{headers}"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n"


@pytest.mark.parametrize(
    "words",
    [
        "We do not accept mail from hosts with dynamic IP addresses",
        "mx.navid.test: this server does not accept mail from your country",
        "The recipient does not accept mail from your address",
        "Domain of sender address does not exist",
        "Envelope sender domain does not exist",
        "Sender unknown, sender address does not exist",
        "Your domain has no MX record",
        "Your account has been suspended",
        "Invalid host name in HELO",
        "5.5.2 <mail>: Helo command rejected: Host not found",
        "Header From address is invalid",
        "Message-ID is invalid",
        "5.4.1 Recipient address rejected: Access denied from your IP",
        "Access denied: unknown host",
        "Domain [press.coalition.test] mismatches client ip 192.0.2.1",
        "No MX record for sender domain",
        "Host name unknown, fix your HELO",
        "Client host: cannot find your hostname, host not found",
        "5.1.1 unknown sender",
        "Message to user removed by filter",
        "Домен отправителя не существует",
        "Адрес отправителя не найден",
        "Обратная запись DNS для вашего сервера не найдена",
    ],
)
def test_fault_of_the_sender_is_about_us(words):
    assert classify(550, words) is BounceClass.BLOCK


@pytest.mark.parametrize("words", ["press.coalition.test", f"<{OURS}>:", f"sender {OURS}:", "coalition.test"])
def test_name_of_ours_in_the_line_that_says_so_is_about_us(words):
    raw = report(to=OURS, address=GONE, status="5.1.0", diagnostic=f"550 {words} domain not found")
    returned = "\n--b\nContent-Type: text/rfc822-headers\n\nFrom: Press <press@coalition.test>\n"
    assert said(raw.decode().replace("\n--b\nContent-Type: text/rfc822-headers\n", returned)) == [(GONE, "block")]


@pytest.mark.parametrize(
    "words",
    [
        "mailbox temporarily unavailable, try again later",
        "Account temporarily locked",
        "mailbox is locked by another process",
        "The recipient's mail server is unavailable",
        "connection closed by remote host while talking to this user",
        "Почтовый ящик временно недоступен, попробуйте позже",
        "Ящик временно заблокирован",
        "said: 554 Service unavailable",
    ],
)
def test_what_passes_stops_nobody(words):
    assert classify(550, words) is BounceClass.SOFT


@pytest.mark.parametrize(
    "words",
    [
        "Не удалось доставить письмо пользователю: удалённый сервер не отвечает",
        "said: 554 Transaction failed, unknown reason",
        "said: 550 unknown error",
        "TLS to the recipient's server failed, certificate has expired",
        "Mail for this user has expired in the queue",
        "No SMTP service for 192.0.2.1",
    ],
)
def test_words_of_the_dead_about_something_else_stop_nobody(words):
    assert classify(550, words) not in {BounceClass.HARD}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("5.0.0 Deferred: navid.test.: host name lookup failure", BounceClass.SOFT),
        ("5.4.4 host unknown, delivery time expired", BounceClass.SOFT),
        ("5.1.1 User unknown", BounceClass.HARD),
    ],
)
def test_letter_that_was_given_up_is_dead_only_by_a_code_that_says_so(words, found):
    assert classify(554, words, "4.4.7") is found


@pytest.mark.parametrize("reason", ["host lookup failed", "mailbox is locked by another process", "unknown user"])
def test_what_is_still_tried_is_a_delay_whatever_the_reason(reason):
    text = f"A message that you sent has not yet been delivered to:\n\n  {GONE}\n    Delay reason: {reason}\n"
    assert said(prose(text, subject="Warning: message delayed")) == [(GONE, "delay")]


@pytest.mark.parametrize(
    "text",
    [
        f"<{GONE}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<{LATE}>:\nConnection timed out.",
        f"  {GONE}\n    550 User unknown\n  {LATE}\n    retry timeout exceeded",
        f"<x{LATE}>: User unknown\n<{LATE}>: connection timed out",
    ],
)
def test_words_on_the_one_above_are_not_on_the_one_below(text):
    assert said(prose(f"I was not able to deliver your message.\n\n{text}"))[-1] == (LATE, "soft")


def test_reason_of_one_is_not_that_of_another_who_has_none():
    text = f"{GONE}\n   550 5.1.1 User unknown\n{LATE}\n   550 rejected"
    assert said(prose(f"The following addresses failed:\n\n{text}")) == [(GONE, "hard"), (LATE, "unknown")]


MOVED = "I have moved. This is not a valid address any longer. My new address: farrukh.new@other.test"


def test_auto_reply_that_tells_a_new_address_is_one():
    raw = prose(
        MOVED,
        sender="Farrukh <farrukh@navid.test>",
        subject="Change of address",
        headers="Auto-Submitted: auto-replied\n",
    )
    assert kind(raw) is IncomingKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ('"Farrukh, System Administrator" <farrukh@navid.test>', "Re: Заявление", "Спасибо, получил."),
        (
            "Madina <madina@navid.test>",
            "Re: Delivery of aid: delivery problems in GBAO",
            "Where did the trucks stop?\n\n> The aid was not delivered to the district.",
        ),
        (
            "Zarina <zarina@navid.test>",
            "Письмо не доставлено",
            "Здравствуйте! Ваше письмо не было доставлено моей коллеге madina@navid.test: старый адрес не существует.",
        ),
    ],
)
def test_person_who_writes_of_deliveries_is_a_person(sender, subject, text):
    raw = f"Return-Path: <farrukh@navid.test>\nFrom: {sender}\nTo: {OURS}\nSubject: {subject}\n"
    assert kind(f"{raw}Content-Type: text/plain; charset=utf-8\n\n{text}\n") is IncomingKind.REPLY


def passed_on(sender: str) -> str:
    head = f"Return-Path: <x@navid.test>\nFrom: {sender}\nTo: {OURS}\nSubject: look\nMIME-Version: 1.0\n"
    mime = 'Content-Type: multipart/mixed; boundary="a"\n\n--a\nContent-Type: text/plain\n\nPlease look.\n\n'
    return f"{head}{mime}--a\nContent-Type: message/rfc822\n\n{report(address=GONE).decode()}\n--a--\n"


def test_report_that_a_person_passes_on_is_a_person_s_letter():
    assert kind(passed_on("Zarina <zarina@navid.test>")) is IncomingKind.REPLY


def test_report_that_a_gateway_wraps_is_one():
    assert kind(passed_on("postmaster@navid.test")) is IncomingKind.BOUNCE


def test_domains_of_ours_are_looked_at_in_the_order_of_the_letter():
    more = ", ".join(f"a@{number}.test" for number in range(9))
    raw = report(
        to=f"{OURS}, {more}", address=GONE, status="5.1.0", diagnostic="553 press.coalition.test does not exist"
    )
    assert said(raw) == [(GONE, "block")]


@pytest.mark.parametrize("number", ["FFFFFF", "D800"])
def test_letter_of_no_alphabet_in_an_address_is_left_as_it_is(number):
    address = rf"\x{{{number}}}@navid.test"
    assert said(report(to=OURS, address=address)) == [(address, "hard")]


@pytest.mark.parametrize(
    "header",
    [
        "Content-Disposition: attachment; filename*=undefined''x",
        "Content-Disposition: attachment; filename*=a\0b''x",
        "Content-Type: text/plain; charset*=a\0b''x",
        "Content-Type: text/plain; report-type*=undefined''x; name*0*=undefined''x",
    ],
)
def test_header_that_the_parser_stumbles_over_is_put_aside(header):
    assert kind(f"From: a@navid.test\nTo: {OURS}\nSubject: x\n{header}\n\ntext\n") in {
        IncomingKind.POISON,
        IncomingKind.REPLY,
    }


def blocks(count: int, *, to: str = OURS, text: str = "text") -> bytes:
    people = "\n".join(f"Final-Recipient: rfc822; r{number}@a.test\nAction: failed\n" for number in range(count))
    raw = report(to=to, address=GONE).decode().replace("This is the mail system at host mx.navid.test.", text)
    return raw.replace("Final-Recipient: rfc822; gone", f"{people}\nFinal-Recipient: rfc822; gone").encode()


@pytest.mark.parametrize(
    "raw",
    [
        blocks(1000, to=", ".join(f"a{number}@b{number}.test" for number in range(4000))),
        blocks(100, text=f"{' '.join(f'r{number}@a.test' for number in range(100))}{' user address ' * 4300}"),
        blocks(1000, text="a\n" * 32_000),
        prose(f"unable to deliver x@a.test {'exceed' * 10_000}").encode(),
        prose("неизвестна" * 6400).encode(),
        prose("\n".join(f"to: r{number}@a.test" for number in range(60)) + "exceed" * 10_000).encode(),
    ],
    ids=["many of ours", "one line for all", "many lines", "exceed", "неизвестна", "sixty and exceed"],
)
def test_report_that_means_harm_costs_little(raw):
    begun = process_time()
    judge(raw)

    assert process_time() - begun < 5
