"""Senders, each a process of its own that is told when to go: `python -m bench._sending WAY`, a JSON of numbers a line.

`ours` on the database that TEST_DATABASE_URL names, `post_office` (django-post-office) and `plain` (Django's own
backend on one kept connection) on letters of the same size.
"""

import json
import os
import resource
import sys
from importlib.util import find_spec
from multiprocessing import get_context
from time import perf_counter

# About 20 KB on the wire: a short letter in the dress that all of them wear.
SENTENCE = "Суд в Душанбе рассмотрел жалобу о пытках; адвокат заявил, что доказательства изъяты незаконно."
BODY = (
    "<p>Здравствуйте, {имя|коллеги}!</p>"
    + f"<p>{SENTENCE}</p>" * 2
    + "<p><a href='https://example.org/text'>Текст</a></p>"
)


class Ours:
    def __init__(self):
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

    def go(self, port: int, letters: int, lines: int | None = None, workers: int = 1) -> dict[str, float]:
        from django.conf import settings
        from django.db import connections

        from mailings import actions
        from mailings.models import Delivery
        from mailings.pipeline.encoding import as_bytes
        from mailings.pipeline.render import compile_letter, render
        from tests.factories import mailings as factories

        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        fill(letters)
        factories.BODY = BODY
        mailing = factories.make_approved()
        begun = perf_counter()
        actions.start(mailing, typed=letters, by=mailing.author)
        frozen = perf_counter() - begun
        row = mailing.deliveries.first()
        compiled = compile_letter(mailing.kind, mailing.versions.get(), dated=mailing.dated)
        size = len(as_bytes(render(compiled, row, to=row.address)))
        connections.close_all()
        spent = measured(lambda: send_all(lines, workers))
        sent = Delivery.objects.filter(mailing=mailing).sent().count()
        return spent | {"letters": sent, "size": size, "frozen": frozen}


def fill(count: int) -> None:
    """Exactly so many readers; those of an earlier round stay."""
    from crm.models import Contact, EmailAddress, search_text

    first = Contact.objects.count()
    people = [Contact(name=f"Читатель {n}", languages="ru", search_text=search_text("x")) for n in range(first, count)]
    contacts = Contact.objects.bulk_create(people, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress.of(contact, f"reader{first + n}@navid.test") for n, contact in enumerate(contacts)],
        batch_size=500,
    )
    Contact.objects.filter(pk__in=Contact.objects.order_by("pk").values("pk")[count:]).update(
        archived_at="2026-01-01T00Z"
    )
    Contact.objects.filter(pk__in=Contact.objects.order_by("pk").values("pk")[:count]).update(archived_at=None)


def send_all(lines: int | None, workers: int) -> None:
    """One worker is this process, which has been running for a while as a worker has; several are children of it."""
    if workers == 1:
        _send(lines)
    else:
        forked(_send, [lines] * workers)


def _send(lines: int | None) -> None:
    from mailings.pipeline.send import send_due

    send_due(seconds=600, connections=lines)


class PostOffice:
    def __init__(self):
        if find_spec("post_office") is None:
            raise ImportError
        from django.conf import settings

        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
            DATABASES={
                "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{os.environ['BENCH_FOLDER']}/po.db"}
            },
            EMAIL_HOST="127.0.0.1",
            POST_OFFICE={"BATCH_SIZE": 500, "THREADS_PER_PROCESS": 5, "DEFAULT_PRIORITY": "medium"},
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

    def go(self, port: int, letters: int, size: int) -> dict[str, float]:
        from django.conf import settings
        from django.db import connections
        from post_office import mail

        settings.EMAIL_PORT = port
        mail.send_many(
            [
                {"recipients": [f"reader{n}@navid.test"], "sender": "press@payom.test", **words(size)}
                for n in range(letters)
            ]
        )
        connections.close_all()
        return measured(lambda: mail.send_queued_mail_until_done(processes=1)) | {"letters": letters}


class Plain:
    def __init__(self):
        from django.conf import settings

        settings.configure(EMAIL_HOST="127.0.0.1")
        import django

        django.setup()

    def go(self, port: int, letters: int, size: int) -> dict[str, float]:
        from django.core.mail import EmailMultiAlternatives, get_connection

        def send():
            with get_connection(port=port) as connection:
                for number in range(letters):
                    text = words(size)
                    letter = EmailMultiAlternatives(
                        text["subject"], text["message"], "press@payom.test", [f"reader{number}@navid.test"]
                    )
                    letter.attach_alternative(text["html_message"], "text/html")
                    connection.send_messages([letter])

        return measured(send) | {"letters": letters}


def words(size: int) -> dict[str, str]:
    """A letter of about so many bytes on the wire: Cyrillic in eight bits takes two a sign."""
    text = SENTENCE * max(1, size // 5 // len(SENTENCE.encode()))
    return {"subject": "Заявление", "message": text, "html_message": f"<p>{text}</p>" * 4}


def forked(work, arguments: list) -> None:
    processes = [get_context("fork").Process(target=work, args=(argument,)) for argument in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def measured(work) -> dict[str, float]:
    """Seconds by the clock, and of the processor with children."""
    begun, spent = perf_counter(), processor()
    work()
    return {"seconds": perf_counter() - begun, "processor": processor() - spent}


def processor() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


WAYS = {"ours": Ours, "post_office": PostOffice, "plain": Plain}


def main(way: str) -> None:
    try:
        sender = WAYS[way]()
    except ImportError:
        print("null", flush=True)
        return
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(sender.go(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
