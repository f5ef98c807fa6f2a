"""Sending one mailing through the whole pipeline to an SMTP server on this machine."""

from time import perf_counter

from django.conf import settings

from crm.models import Contact, EmailAddress, search_text
from mailings import actions
from mailings.models import Delivery
from mailings.pipeline.render import compile_letter, render
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_approved
from tests.mail_server import MailServer

from . import Result, at_least, at_most

LETTERS = 1_000


def run() -> list[Result]:
    fill()
    mailing = make_approved("ru tg en")
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    frozen = seconds(lambda: start(mailing))
    sent = seconds(lambda: send_due(seconds=300))
    server.stop()
    once = seconds(lambda: compiled(mailing))
    letter, delivery = compiled(mailing), Delivery.objects.first()
    each = seconds(lambda: [render(letter, delivery, to=delivery.reveal()) for _ in range(100)]) / 100
    return [
        at_least("letters through the pipeline", LETTERS / sent, "letters/s", 30),
        at_least("accepted, of those frozen", share(DeliveryStatus.SENT), "share", 1),
        at_most("addresses that got two letters", doubles(server), "addresses", 0),
        at_most("freezing the audience", 1000 * frozen / LETTERS, "ms/recipient", 5),
        at_most("one more letter against compiling it anew", each / once, "times", 0.2),
    ]


def fill() -> None:
    people = [
        Contact(name=f"Читатель {number}", languages=("ru", "tg ru", "en")[number % 3], search_text=search_text("x"))
        for number in range(LETTERS)
    ]
    contacts = Contact.objects.bulk_create(people, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress.of(contact, f"reader{number}@navid.test") for number, contact in enumerate(contacts)],
        batch_size=500,
    )


def start(mailing) -> None:
    actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author)
    if mailing.is_held:
        actions.let_go(mailing, by=mailing.author)


def compiled(mailing):
    return compile_letter(mailing.kind, mailing.versions.get(language="ru"), dated=mailing.dated)


def share(status: str) -> float:
    return Delivery.objects.filter(status=status).count() / LETTERS


def doubles(server: MailServer) -> int:
    return len(server.recipients) - len(set(server.recipients))


def seconds(work) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
