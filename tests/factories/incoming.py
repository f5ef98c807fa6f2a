"""Letters as servers, robots and people write them, about a letter of ours or about none."""

from email.message import EmailMessage

from mailings.models import Delivery
from mailings.pipeline import marks
from mailings.pipeline.send import send_due
from tests.factories.mailings import make_reader, make_started

READER = "reader@navid.test"


def make_sent(smtp, address: str = READER, **fields) -> Delivery:
    """A letter that has left to a reader."""
    reader = make_reader(address, **fields)
    make_started()
    send_due()
    return Delivery.objects.get(contact=reader)


def report(
    delivery: Delivery | None = None,
    *,
    address: str = READER,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 User unknown",
    to: str = "",
    returned: str = "",
    number: str = "report-1",
) -> bytes:
    """A report by RFC 3464; of a delivery it comes to the return path of that letter."""
    to = to or (delivery and marks.return_path(delivery.pk)) or "press@coalition.test"
    diagnostic = f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.navid.test (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.navid.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.navid.test.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.navid.test

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
{diagnostic}
--b
Content-Type: text/rfc822-headers

{returned or "Subject: ours"}

--b--
""".encode()


def written(
    text: str = "Спасибо, пришлите полный текст.",
    *,
    sender: str = READER,
    subject: str = "Re: Тема",
    to: str = "press@coalition.test",
    answers: Delivery | None = None,
    number: str = "letter-1",
    **headers: str,
) -> bytes:
    """A letter as a mail program writes it; `answers` puts it under one of ours."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Message-ID"] = f"<{number}@navid.test>"
    if answers:
        letter["In-Reply-To"] = letter["References"] = marks.message_id(answers.pk)
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


def complaint(delivery: Delivery, kind: str = "abuse") -> bytes:
    """A report by RFC 5965, with the headers of our letter in it."""
    return f"""From: fbl@mail.test
To: press@coalition.test
Subject: complaint
Message-ID: <fbl-{kind}@mail.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: message/rfc822

From: press@coalition.test
{marks.HEADER}: {marks.header(delivery.pk)}
Subject: ours

text
--b--
""".encode()
