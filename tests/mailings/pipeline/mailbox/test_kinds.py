"""What a letter is, and whom a bounce is about. The letters are of our own making, as the servers write them."""

from email.message import EmailMessage
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.pipeline.mailbox.kinds import judge
from mailings.pipeline.mailbox.letter import Letter
from tests.factories.incoming import report, written

OURS = "press@coalition.test"


def verdict(raw):
    return judge(raw if isinstance(raw, bytes) else raw.encode())[1]


def said(raw):
    found = verdict(raw)
    return str(found.kind), [(one.address, str(one.bounce)) for one in found.recipients]


def prose(text, *, sender="MAILER-DAEMON@mx.test", subject="failure notice", headers=""):
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: {OURS}\nSubject: {subject}\n{headers}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


QMAIL = """Hi. This is the qmail-send program at mx.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@navid.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <press@coalition.test>
To: gone@navid.test
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@navid.test
    host mx.navid.test [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<gone@navid.test>:
    550 No such user here

------ This is a copy of the message, including all the headers. ------
From: press@coalition.test
"""
MAIL_RU = """Это письмо создано автоматически сервером Mail.ru, отвечать на него не нужно.

К сожалению, ваше письмо не может быть доставлено одному или нескольким получателям:

gone@mail.test
    SMTP error from remote mail server after RCPT TO:<gone@mail.test>:
    550 Message was not accepted -- invalid mailbox.  Local mailbox gone@mail.test is unavailable: user not found

**********************
"""
YANDEX = """Это письмо отправлено почтовым сервером yandex.ru.

К сожалению, мы вынуждены сообщить вам о том, что ваше письмо не может быть отправлено одному адресату.

<gone@yandex.test>: host mx.yandex.test[192.0.2.2] said: 550 5.7.1 No such user! (in reply to RCPT TO command)
"""
EXCHANGE = """Delivery has failed to these recipients or groups:

gone@navid.test
The e-mail address you entered couldn't be found. Please check the recipient's e-mail address and try to resend.

Diagnostic information for administrators:

Generating server: mx.navid.test

gone@navid.test
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##rfc822;gone@navid.test
"""
GMAIL = """** Address not found **

Your message wasn't delivered to gone@gmail.test because the address couldn't be found, or is unable to receive mail.

The response from the remote server was:
550 5.1.1 The email account that you tried to reach does not exist.
"""
RUSSIAN = """Ваше письмо не доставлено следующим получателям:

gone@rambler.test: пользователь не найден
"""
FULL_RU = """Ваше письмо не доставлено:

full@rambler.test
Почтовый ящик переполнен, превышен лимит.
"""


@pytest.mark.parametrize(
    ("raw", "address", "found"),
    [
        (prose(QMAIL), "gone@navid.test", "hard"),
        (prose(EXIM, subject="Mail delivery failed: returning message to sender"), "gone@navid.test", "hard"),
        (prose(MAIL_RU, subject="Ваше сообщение не доставлено. Mail failure."), "gone@mail.test", "hard"),
        (prose(EXCHANGE, sender="postmaster@navid.test", subject="Undeliverable: Тема"), "gone@navid.test", "hard"),
        (
            prose(GMAIL, sender="mailer-daemon@gmail.test", subject="Delivery Status Notification"),
            "gone@gmail.test",
            "hard",
        ),
        (prose(RUSSIAN, subject="Недоставленное сообщение"), "gone@rambler.test", "hard"),
        (prose(FULL_RU, subject="Недоставленное сообщение"), "full@rambler.test", "full"),
        # What says 5.7.1 is about us, whatever it says beside.
        (prose(YANDEX, subject="Недоставленное сообщение"), "gone@yandex.test", "block"),
    ],
)
def test_bounce_in_prose_names_the_address_and_the_reason(raw, address, found):
    assert said(raw) == ("bounce", [(address, found)])


def test_a_bare_name_is_a_mailbox_of_the_server_that_says_so():
    text = """What you wrote to these people could not be delivered because they take no mail from us@payom.test:

\tscreenname
"""

    kind, recipients = said(prose(text, sender="mailer-daemon@navid.test", subject="Mail Delivery Problem"))

    assert (kind, [address for address, _found in recipients]) == ("bounce", ["screenname@navid.test"])


NAMELESS = """From: mailer-daemon@navid.test
To: bounces@payom.test
Subject: Mail delivery failed
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

A message that you sent could not be delivered: a recipient is not a valid user of the system.
--b
Content-Type: message/rfc822

From: press@payom.test
To: reader@navid.test
{more}Subject: Statement

Text
--b--
"""


@pytest.mark.parametrize(
    ("more", "named"), [("", ["reader@navid.test"]), ("List-Post: <mailto:reader@navid.test>\n", [])]
)
def test_where_nobody_is_named_it_is_whom_the_letter_was_to_unless_that_is_a_list(more, named):
    kind, recipients = said(NAMELESS.format(more=more).encode())

    assert (kind, [address for address, _found in recipients]) == ("bounce", named)


@pytest.mark.parametrize("cut", ["gon...@navid.test", "gone@navid..."])
def test_an_address_with_letters_left_out_names_nobody(cut):
    text = f"The following address(es) failed:\n\n  {cut}\n    550 5.1.1 No such user\n"

    assert said(prose(text, subject="Mail delivery failed: returning message to sender")) == ("bounce", [])


def test_report_with_addresses_beyond_ascii():
    raw = report(address=r"x").replace(b"rfc822; x", rb"utf-8; \x{439}\x{446}@\x{43F}.test")

    assert said(raw.replace(b"message/delivery-status", b"message/global-delivery-status")) == (
        "bounce",
        [("йц@п.test", "hard")],
    )


def test_report_prefers_whom_we_wrote_to_over_whom_it_was_handed_on_to():
    raw = report(address="handed@on.test").replace(b"Action:", b"Original-Recipient: rfc822;reader@navid.test\nAction:")

    assert said(raw) == ("bounce", [("reader@navid.test", "hard")])


def test_report_on_several_recipients_tells_each():
    second = (
        b"\nFinal-Recipient: rfc822; two@navid.test\nAction: failed\nStatus: 5.2.2\n\n--b\nContent-Type: text/rfc822"
    )
    raw = report(address="one@navid.test").replace(b"\n--b\nContent-Type: text/rfc822", second)

    assert said(raw) == ("bounce", [("one@navid.test", "hard"), ("two@navid.test", "full")])


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "Your message to one@navid.test has been delayed. Delivery attempts will continue to be made.",
            "Warning: delayed",
        ),
        ("Письмо для one@navid.test пока не доставлено. Попытки доставки будут продолжены.", "Задержка доставки"),
    ],
)
def test_delay_in_prose_is_no_bounce(text, subject):
    assert said(prose(text, subject=subject)) == ("delay", [("one@navid.test", "delay")])


@pytest.mark.parametrize(
    "raw",
    [
        written("Я в отпуске.", Auto_Submitted="auto-replied"),
        written("Спасибо!", Precedence="bulk"),
        written("Меня нет.", subject="Автоответ: Тема"),
        written("I am away.", subject="Automatic reply: Тема"),
        written("Ин ҷавоби худкор аст.", subject="Re: Тема"),
        written("Получено.", Return_Path="<>"),
        written("Рассылка", List_Id="<news.other.test>"),
        written("Отвечу позже.", subject="В отпуске до 5 января"),
        written("Я в отпуске до пятницы.", subject="Отпуск"),
        written("По срочным вопросам пишите коллегам.", subject="Отсутствие в офисе"),
    ],
)
def test_robot_is_told_from_a_person(raw):
    assert said(raw) == ("auto_reply", [])


@pytest.mark.parametrize(
    "raw",
    [
        written("Спасибо, пришлите фото."),
        written("Здравствуйте", Auto_Submitted="no"),
        written("Ваше письмо коллеге не доставлено, пришлите ещё раз на x@navid.test.", subject="Re: Тема"),
        written("Смотрите, что пришло: could not be delivered", subject="Fwd: Undelivered Mail Returned to Sender"),
        written("Человек больше не работает у нас, пишите мне."),
        written("Здравствуйте! Прокомментируйте?", subject="Отпуск без содержания: вопрос к заявлению"),
        written("Коллеги, пришлите имя.", subject="Отсутствует имя адвоката в заявлении"),
        written("Нужен комментарий.", subject="В отпуске погиб солдат — просим комментарий"),
        written("Can we talk?", subject="Vacation of judges – question"),
        written("Письмо не было доставлено родственникам.", subject="Возврат письма из колонии"),
        written("Опубликуем завтра.\n\n> Это письмо отправлено автоматически"),
        written("Это автоматический перевод? Пришлите, пожалуйста, оригинал."),
    ],
)
def test_person_is_told_from_a_robot(raw):
    assert said(raw) == ("reply", [])


QUOTED = "\n\nOn Fri, Nov 27, 2026 at 10:00 Coalition <press@coalition.test>\nwrote:\n\n> Заявление\n"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Unsubscribe", "Thank you. Anna Ivanova, Navid"),
        ("Прошу отписать меня от рассылки, спасибо!", ""),
        ("Обунаро бекор кунед", ""),
        ("Re: Отписка", QUOTED),
        ("RE: Отписаться", "Отпишите меня, пожалуйста.\n\nОтправлено с iPhone" + QUOTED),
    ],
)
def test_subject_that_is_nothing_but_the_wish_to_leave_is_one(subject, text):
    assert said(written(text, subject=subject)) == ("unsubscribe", [])


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Отписка прокуратуры на жалобу", "Можно интервью сегодня в 15:00?"),
        ("Re: Отписать землю", ""),
        ("Отписка от прокуратуры", ""),
        ("Unsubscribed readers question", ""),
        ("Re: Отписка", "Можно интервью сегодня в 15:00?" + QUOTED),
        ("Re: Отписка", "По этому абзацу:\n> Заявление\n"),
    ],
)
def test_subject_that_only_begins_like_the_wish_to_leave_or_is_ours_is_an_answer(subject, text):
    assert said(written(text, subject=subject)) == ("reply", [])


def test_report_on_our_domain_is_not_taken_apart():
    raw = written(
        "", sender="noreply-dmarc@google.test", subject="Report Domain: coalition.test Submitter: google.test"
    )

    assert said(raw) == ("dmarc", [])


def test_answer_of_a_calendar_is_one():
    calendar = b"BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
    raw = b"From: x@navid.test\nContent-Type: text/calendar; method=REPLY\n\n" + calendar

    assert said(raw) == ("calendar", [])


@pytest.mark.parametrize("kind", ["application/ics", "application/octet-stream"])
def test_answer_of_a_calendar_is_one_as_a_file_too(kind):
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "x@navid.test", "Принято"
    letter.set_content("Буду")
    main, _slash, sub = kind.partition("/")
    letter.add_attachment(b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n", maintype=main, subtype=sub, filename="reply.ics")

    assert said(letter.as_bytes()) == ("calendar", [])


def test_answer_of_a_calendar_that_somebody_passes_on_is_a_letter_of_theirs():
    answer, letter = EmailMessage(), EmailMessage()
    answer["From"] = "x@navid.test"
    answer.set_content("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", subtype="calendar")
    letter["From"], letter["Subject"] = "other@navid.test", "Ответ коллеги"
    letter.set_content("Смотрите")
    letter.add_attachment(answer)

    assert said(letter.as_bytes()) == ("reply", [])


def test_same_letter_has_one_mark_by_whatever_way_it_came():
    raw = written("Текст")
    again = b"Received: from a relay\nX-Spam: no\n" + raw.replace(b"\n", b"\r\n")

    assert Letter.of(raw).mark == Letter.of(again).mark


def test_other_letter_of_the_same_number_has_another_mark():
    assert Letter.of(written("Один")).mark != Letter.of(written("Другой")).mark


# Bounds


def nested(depth):
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n" for number in range(depth))
    return b"From: x@a.test\n" + head.encode() + b"\n\ntext"


def many_recipients(count):
    blocks = "".join(
        f"Final-Recipient: rfc822; r{one}@a.test\nAction: failed\nStatus: 5.1.1\n\n" for one in range(count)
    )
    return report().replace(b"Final-Recipient: rfc822; reader@navid.test\n", blocks.encode())


def in_prose(text, subject="failure notice"):
    return f"Return-Path: <>\nFrom: mailer-daemon@a.test\nSubject: {subject}\n\nunable to deliver {text}\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        nested(400),
        nested(5000),
        b"From: x@a.test\n" + b"X: y\n" * 200_000 + b"\ntext",
        b"From: x@a.test\nSubject: " + b"=?utf-8?b?" * 20_000 + b"\n\ntext",
        b"From: x@a.test\n\n" + b"a" * 26_000_000,
        many_recipients(20_000),
        b"From: mailer-daemon@a.test\nSubject: failure notice\n\n" + b"<" * 60_000 + b"@" * 60_000,
        b"From: mailer-daemon@a.test\nSubject: failure notice\n\n" + b"user unknown address " * 3_000,
        b"From: mailer-daemon@a.test\nContent-Type: text/html\n\n" + b"<div>" * 12_000,
        report(diagnostic="a" * 1_000_000),
        in_prose("x@a.test " + "a" * 60_000),
        in_prose("a@" * 30_000),
        in_prose("x@a.test " * 7_000),
        in_prose("\n".join(f"to: <r{number}@a.test>" for number in range(5_000))),
        in_prose("x@a.test" + " " * 60_000 + "x"),
        in_prose("x@a.test\n" + "= " * 30_000),
        in_prose("x@a.test\n original message" + " :=*_" * 10_000 + "x"),
        b"From: x@a.test\n\n" + b"a\n" * 10_000_000,
        b"From: x@a.test\nTo: " + b"a," * 1_000_000 + b"\n\ntext",
        b"From: x@a.test\nSubject: " + b"=?utf-8?q?a?= " * 130_000 + b"\n\ntext",
        b'From: x@a.test\nContent-Type: text/plain; a="' + b";" * 100_000 + b"\n\ntext",
        b"From: x@a.test\nContent-Type: text/plain;" + b"\n a=b;" * 30_000 + b"\n\ntext",
    ],
    ids=[
        *["nested", "nested deep", "headers", "subject", "big", "recipients", "brackets", "words", "html", "reason"],
        *["no address", "at", "one line", "many names", "spaces", "rule", "end", "lines"],
        *["names in a header", "words of a subject", "kind", "folds of a kind"],
    ],
)
def test_hostile_letter_costs_little(raw):
    begun = process_time()
    found = judge(raw)[1]

    assert process_time() - begun < 2
    assert len(found.recipients) <= 1000


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(raw):
    judge(raw)
    judge(
        b"From: mailer-daemon@a.test\nSubject: failure notice\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        + raw
    )


@pytest.mark.parametrize("charset", ["punycode", "undefined", "zlib_codec", "no-such", "idna"])
def test_text_in_a_charset_that_says_nothing_is_read_all_the_same(charset):
    head = f"From: x@a.test\nSubject: =?{charset}?q?caf-99999?=\nContent-Type: text/plain; charset={charset}\n\n"
    letter = Letter.of(head.encode() + "Привет-99999".encode())

    assert (letter.text, letter.subject.endswith("-99999")) == ("Привет-99999", True)
