"""What came back on the demo's statement: its letters are opened, scanned, answered and refused, as in life.

Links and pictures are those of the letters in the catcher, letters that come in are read like any other: the product
itself counts, judges and remembers.
"""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

from django.db.models import F

from mailings.actions.incoming import take_in
from mailings.actions.unsubscribing import unsubscribe
from mailings.measuring.agents import Agent
from mailings.measuring.judge import Sort
from mailings.measuring.links import read_token
from mailings.models import Delivery, Mailing
from mailings.pipeline import ledger, marks, spool, visits

from . import catcher

# The statement left so long ago; its report shows the whole first day.
_AGO = timedelta(hours=30)
_TOKEN = re.compile(r"/([lo])/([\w-]{40,})")
_READERS = [Agent.BROWSER, Agent.BROWSER, Agent.MAIL, Agent.GMAIL]
_REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@{domain} (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{number}@{domain}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

This is the mail system at host {domain}. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; {domain}

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {words}

--b--
"""
_GONE = ("5.1.1", "550 5.1.1 User unknown")
_FULL = ("5.2.2", "552 5.2.2 Mailbox full")
# By the language of the letter they answer.
_ANSWERS = {
    "ru": "Спасибо, получили. Можно ли завтра до обеда поговорить с юристом коалиции для эфира?",
    "tg": "Раҳмат. Лутфан матни пурраи пешниҳодҳоро фиристед, мехоҳем нашр кунем.",
    "en": "Thank you. Where does the figure of 26 out of 40 come from? We would like to quote it today.",
}
_LEFT = "Здравствуйте! Я больше не работаю в редакции. По всем вопросам пишите на общий адрес."
_AWAY = "Я в отпуске до 15-го. Отвечу, когда вернусь."


def come_back(statement: Mailing) -> None:
    """Half of the readers open the statement, some follow its link, machines do so, too; some letters come back."""
    chance = Random(2606)  # noqa: S311  Nothing secret hangs on it.
    _put_back(statement)
    statement.refresh_from_db()
    for name in catcher.names():
        if letter := catcher.read(name):
            _visit(_marks_of(letter.html), statement.started_at, chance)
    visits.load()
    _receive(list(statement.deliveries.sent().exclude(address="").order_by("-kind", "pk")))
    ledger.record()


def _put_back(statement: Mailing) -> None:
    """Sent just now, it is put where it belongs: a day back."""
    moments = ("approved_at", "started_at", "finished_at")
    Mailing.objects.filter(pk=statement.pk).update(**{name: F(name) - _AGO for name in moments})
    statement.deliveries.filter(sent_at__isnull=False).update(sent_at=F("sent_at") - _AGO)


def _marks_of(html: str) -> dict[str, list]:
    """What in a letter tells: its picture under "o", its links, the one that nobody sees among them, under "l"."""
    found: dict[str, list] = {"o": [], "l": []}
    for kind, token in _TOKEN.findall(html):
        found[kind].append(read_token(token))
    return found


def _visit(found: dict[str, list], begun: datetime, chance: Random) -> None:
    def see(told, sort: Sort, agent: Agent, seconds: float) -> None:
        mark, url, is_trap = told
        at = (begun + timedelta(seconds=seconds)).timestamp()
        spool.keep(spool.Line(mark, sort, agent, at, url, is_trap))

    if not found["o"]:
        return
    picture, kind = found["o"][0], chance.random()
    if kind < 0.12:
        # Loaded ahead by the mail program, whether anybody looks or not.
        see(picture, Sort.OPEN, Agent.APPLE, chance.uniform(5, 90))
    elif kind < 0.18:
        # A filter follows everything, also what no person sees.
        for number, told in enumerate(found["l"]):
            see(told, Sort.CLICK, Agent.BROWSER, 20 + number / 5)
    if chance.random() < 0.55:
        opened = min(chance.expovariate(1 / 16_000), 86_000) + 120
        see(picture, Sort.OPEN, chance.choice(_READERS), opened)
        seen = [told for told in found["l"] if not told[2]]
        if seen and chance.random() < 0.35:
            see(chance.choice(seen), Sort.CLICK, Agent.BROWSER, opened + chance.uniform(15, 400))


# Letters that come in


def _receive(sent: list[Delivery]) -> None:
    """Reports of dead and full mailboxes, answers, what robots say, and a report that is about no letter of ours."""
    for number, (status, words) in enumerate([_GONE, _GONE, _FULL]):
        _report(sent.pop(), status, words, number)
    for number, (language, text) in enumerate(_ANSWERS.items()):
        _answer(_in(language, sent), text, number)
    _answer(_in("ru", sent), _LEFT, 10, subject="Автоответ: больше здесь не работаю", by_itself=True)
    _answer(_in("ru", sent), _AWAY, 11, subject="Автоответ: в отпуске", by_itself=True)
    take_in(_filled("press@coalition.test", "редакция@mail.test", *_GONE, number=99))
    for delivery in (sent.pop(), sent.pop()):
        unsubscribe(delivery)


def _in(language: str, sent: list[Delivery]) -> Delivery:
    """One of these letters that is in the language, and one no more."""
    chosen = next(delivery for delivery in reversed(sent) if delivery.language == language)
    sent.remove(chosen)
    return chosen


def _report(delivery: Delivery, status: str, words: str, number: int) -> None:
    take_in(_filled(marks.return_path(delivery.pk), delivery.address, status, words, number=number))


def _filled(to: str, address: str, status: str, words: str, *, number: int) -> bytes:
    domain = f"mx.{address.rpartition('@')[2]}"
    text = _REPORT.format(to=to, address=address, status=status, words=words, number=number, domain=domain)
    return text.encode()


def _answer(delivery: Delivery, text: str, number: int, *, subject: str = "", by_itself: bool = False) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = delivery.address, marks.return_path(delivery.pk)
    letter["Subject"] = subject or f"Re: {delivery.mailing.title}"
    letter["Message-ID"] = f"<answer-{number}@{delivery.domain}>"
    letter["In-Reply-To"] = marks.message_id(delivery.pk)
    if by_itself:
        letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(text)
    take_in(letter.as_bytes())
