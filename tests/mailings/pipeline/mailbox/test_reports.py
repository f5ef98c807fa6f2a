"""Of whom a server's words are, in reports whole and broken. The letters are our own, written as servers write."""

import pytest

from mailings.pipeline.mailbox.kinds import judge
from mailings.states import IncomingKind
from tests.factories.incoming import report

OURS = "bounce+1@press.coalition.test"
GONE = "gone@navid.test"


def said(raw: str | bytes) -> list[tuple[str, str]]:
    return [
        (one.address, str(one.bounce)) for one in judge(raw if isinstance(raw, bytes) else raw.encode())[1].recipients
    ]


def prose(text: str, *, sender: str = "MAILER-DAEMON@mx.test", subject: str = "failure notice") -> str:
    return f"Return-Path: <>\nFrom: {sender}\nTo: {OURS}\nSubject: {subject}\n\n{text}\n"


@pytest.mark.parametrize(
    "words",
    [
        "host mx.test said: 550 5.1.0 No such user\n    (in reply to MAIL FROM command)",
        f"SMTP error from remote mail server after MAIL FROM:<{OURS}> SIZE=1:\n    550 Unknown user",
        "SMTP error from remote mail server after initial connection:\n    554 mailbox is full",
        "Connected to 192.0.2.1 but sender was rejected.\nRemote host said: 550 No such user",
        "mx.test [192.0.2.1] did not like our EHLO:\n550 unknown user",
    ],
)
def test_what_is_said_before_any_recipient_is_about_us(words):
    assert said(prose(f"Your letter could not be delivered.\n\n{GONE}:\n    {words}")) == [(GONE, "block")]


def test_what_is_said_to_a_recipient_is_about_that_one():
    words = "host mx.test said: 550 5.1.1 No such user\n    (in reply to RCPT TO command)"
    assert said(prose(f"Your letter could not be delivered.\n\n{GONE}:\n    {words}")) == [(GONE, "hard")]


def test_a_link_to_a_list_of_spammers_is_about_us_whatever_the_code():
    diagnostic = "553 http://www.spamhaus.org/query/bl?ip=192.0.2.1"
    assert said(report(to=OURS, address=GONE, status="5.1.3", diagnostic=diagnostic)) == [(GONE, "block")]


def test_the_way_of_a_link_says_nothing():
    diagnostic = "550 5.1.1 User unknown https://navid.test/not-spam"
    assert said(report(to=OURS, address=GONE, diagnostic=diagnostic)) == [(GONE, "hard")]


def test_a_code_that_says_it_all_is_not_outdone_by_the_words_of_a_gateway():
    footer = f"{GONE}\n*** This mail has been scanned for viruses and offensive content ***"
    raw = report(to=OURS, address=GONE, status="5.1.1", diagnostic="").decode()
    raw = raw.replace("This is the mail system at host mx.navid.test.", footer)
    assert said(raw) == [(GONE, "hard")]


def test_server_without_a_name_that_says_why_is_no_robot():
    raw = f"Return-Path: <>\nFrom: <>\nTo: {OURS}\nSubject: Error\nAuto-Submitted: auto-replied\n\n"
    assert said(f"{raw}You sent mail to {GONE}. That's not a valid user here.\n") == [(GONE, "hard")]


def test_a_letter_refused_without_a_reason_when_it_was_read_is_about_us():
    words = "host mx.test said: 550 5.2.0 Mail refused (in reply to end of DATA command)"
    assert said(prose(f"Your letter could not be delivered.\n\n{GONE}:\n    {words}")) == [(GONE, "block")]


def test_a_sender_refused_in_a_transcript_is_about_us():
    transcript = f">>> MAIL From:<{OURS}>\n<<< 550 <{OURS}> user unknown\n554 <{GONE}>... Remote protocol error"
    assert said(prose(f"----- Transcript of session follows -----\n{transcript}")) == [(GONE, "block")]


@pytest.mark.parametrize(
    ("domain", "found"), [("press.coalition.test", "block"), ("navid.test", "hard"), ("xpress.coalition.test", "hard")]
)
def test_a_domain_that_is_not_there_is_about_us_if_it_is_ours(domain, found):
    assert said(report(to=OURS, address=GONE, status="5.1.0", diagnostic=f"553 {domain} does not exist")) == [
        (GONE, found)
    ]


def test_the_words_of_one_recipient_are_not_those_of_the_next():
    listed = "full@navid.test: 550 5.2.2 <full@navid.test>... Mailbox full\n"
    listed += f"{GONE}: 550 5.1.1 <{GONE}>... User unknown"
    assert said(prose(f"For the following list of recipients:\n\n{listed}")) == [
        ("full@navid.test", "full"),
        (GONE, "hard"),
    ]


def test_a_line_that_names_the_sender_is_still_of_the_recipient():
    words = (
        f"From: <{OURS}> RCPT: <{GONE}> 192.0.2.1 does not like recipient.\nRemote host said: 552 5.2.2 Mailbox full"
    )
    assert said(prose(f"I wasn't able to deliver your message.\n\n<{GONE}>:\n{words}")) == [(GONE, "full")]


FIELDS = f"Final-Recipient: rfc822; {GONE}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 User unknown"


def test_report_whose_parts_cannot_be_told_apart_is_read_all_the_same():
    head = f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nTo: {OURS}\nSubject: Returned mail\n"
    mime = 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="a"\n'
    report = f"--b\nThe message could not be delivered.\n\n--b\n\nReporting-MTA: dns; mx.test\n\n{FIELDS}\n\n--b--\n"
    raw = f"{head}{mime}\n{report}"
    assert said(raw) == [(GONE, "hard")]


def test_report_within_a_text_tells_a_delay_from_a_failure():
    late = "Final-Recipient: rfc822; late@navid.test\nAction: delayed\nStatus: 4.4.1"
    assert said(prose(f"Delivery problems\n\nReporting-MTA: dns; mx.test\n\n{FIELDS}\n\n{late}")) == [
        (GONE, "hard"),
        ("late@navid.test", "delay"),
    ]


def test_person_who_passes_on_the_fields_of_a_report_is_a_person():
    raw = f"From: Reader <reader@navid.test>\nTo: {OURS}\nSubject: please look\n\nHello,\n\n{FIELDS}\n"
    assert judge(raw.encode())[1].kind is IncomingKind.REPLY


def test_reason_that_goes_on_without_an_indent_is_read_whole():
    raw = report(
        to=OURS, address=GONE, status="5.0.0", diagnostic="550-Please turn on\n550-mail.test:25 SMTP Authentication"
    )
    assert said(raw) == [(GONE, "block")]


def test_report_within_the_letter_that_is_sent_back_is_not_this_one():
    inner = report(address="first@navid.test").decode()
    raw = report(to=OURS, address=GONE).decode()
    for before, after in [("--b", "--c"), ('"b"', '"c"')]:
        inner = inner.replace(before, after)
    headers = "--b\nContent-Type: text/rfc822-headers\n"
    raw = raw.replace(headers, f"--b\nContent-Type: message/rfc822\n\n{inner}\n{headers}")
    assert said(raw) == [(GONE, "hard")]


def test_local_part_in_quotes_is_whole_with_its_dots():
    assert said(report(to=OURS, address='"gone..x"@navid.test')) == [("gone..x@navid.test", "hard")]


def test_what_a_server_would_deliver_is_no_failure():
    raw = report(to=OURS, action="deliverable", status="2.1.5", diagnostic="250 2.1.5 Ok")
    assert judge(raw)[1].kind is IncomingKind.DELIVERED


def test_complaint_of_outlook_is_one_though_it_has_no_report():
    head = f"From: staff@hotmail.com\nTo: {OURS}\nSubject: complaint about message from 192.0.2.1\n"
    mime = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
    letter = f"X-HmXmrOriginalRecipient: {GONE}\nFrom: {OURS}\nSubject: S\n\nText\n\n--b--\n"
    assert judge(f"{head}{mime}{letter}".encode())[1].kind is IncomingKind.ABUSE


def test_empty_lines_above_the_headers_are_none_of_the_letter():
    assert said(b"\r\n   \r\n" + report(to=OURS, address=GONE)) == [(GONE, "hard")]
