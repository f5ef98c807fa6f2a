"""100,000 contacts with 150,000 positions, on SQLite and on PostgreSQL: what the server takes for a page of the list.

Pages go through the whole of Django and are drawn, for an editor, who may not see everybody; segments are counted as
the list counts them.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from . import Result, at_most

CONTACTS, POSITIONS, ORGANISATIONS = 100_000, 150_000, 600
MEDIAN, P95 = 100, 250
READINGS = 40

# Several scripts, an organisation, an address, digits of a telephone, and what is not there.
TYPED = [
    "рахмонов", "Раҳмонов", "rahmonov", "чамшед", "Ҷамшед", "джамшед каримов", "jamshed karimov", "навиди", "outlet17",
    "reader99999@outlet99.test", "93 000 00 77", "неттакого", "ли", "ё",
]  # fmt: skip
ADDRESSES = [
    "/contacts/", "/contacts/?page=2", "/contacts/?page=1000", "/contacts/?page=2000", "/contacts/?kind=partner",
    "/contacts/?city=Хорог&language=en", "/contacts/?sort=-name", "/contacts/?sort=city",
]  # fmt: skip
RULES = [
    {"kind": ["journalist"]},
    {"kind": ["partner"], "language": ["tg"], "region": ["sughd", "khatlon"]},
    {"topic": ["3", "5"], "language": ["ru"]},
    {"organisation_kind": ["newspaper", "radio"], "city": ["Хорог"]},
    {"letters": ["yes"], "not_tag": ["2"]},
    {"q": ["рахмонов"]},
    {"active": ["year"]},
]


def run() -> list[Result]:
    return [*measure("SQLite"), *elsewhere()]


def elsewhere() -> list[Result]:
    """The same in a process of its own, whose settings name a PostgreSQL started for it."""
    from tests.grown import postgresql

    with tempfile.TemporaryDirectory(prefix="payom-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with postgresql(folder) as url:
            command = [sys.executable, "-m", "bench.contacts"]
            room = os.environ | {"TEST_DATABASE_URL": url}
            told = subprocess.run(command, env=room, check=True, stdout=subprocess.PIPE)
    return [Result(**row) for row in json.loads(told.stdout)]


def measure(engine: str) -> list[Result]:
    from django.conf import settings
    from django.test import Client

    import_module("config.wsgi")  # what a web process does when it starts
    settings.ALLOWED_HOSTS = ["testserver"]
    table = Table()
    client = Client()
    client.force_login(table.user)
    table.add(range(CONTACTS // 100))
    small = peak(lambda: page(client, "/contacts/"))
    table.add(range(CONTACTS // 100, CONTACTS))
    whole = peak(lambda: page(client, "/contacts/"))
    return [
        *times(f"{engine}: list page", [lambda address=address: page(client, address) for address in ADDRESSES]),
        *times(f"{engine}: search", [lambda text=text: part(client, text) for text in TYPED]),
        *times(f"{engine}: count of a segment", [lambda rule=rule: count(table.user, rule) for rule in RULES]),
        at_most(f"{engine}: memory of a page, 100,000 against 1,000 contacts", whole / small, "times", 1.5),
    ]


def page(client, address: str) -> None:
    _answered(client.get(address))


# What the browser tells beside the words.
TYPING = {"HX-Request": "true", "HX-Current-URL": "http://testserver/contacts/"}


def part(client, text: str) -> None:
    """What the browser asks for while somebody types: everything but the frame of the page."""
    _answered(client.get("/contacts/", {"q": text}, headers=TYPING))


def _answered(answer) -> None:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request}: {answer.status_code}")


def count(user, rule: dict[str, list[str]]) -> None:
    from crm.models import Contact, condition

    Contact.objects.visible_to(user).active().filter(condition(rule)).count()


def times(name: str, asked: list[Callable[[], None]], median_goal: int = MEDIAN) -> list[Result]:
    """Each of these in turn, over and over, after one round that nobody counts."""
    for ask in asked:
        ask()
    if os.environ.get("BENCH_VERBOSE"):
        for number, ask in enumerate(asked):
            print(name, number, round(1000 * min(map(seconds, [ask] * 3)), 1), file=sys.stderr)
    readings = [1000 * seconds(ask) for _round in range(READINGS // 4) for ask in asked]
    return [
        at_most(f"{name}, median", median(readings), "ms", median_goal),
        at_most(f"{name}, 95 of 100", quantiles(readings, n=20)[-1], "ms", P95),
    ]


def seconds(ask: Callable[[], None]) -> float:
    begun = perf_counter()
    ask()
    return perf_counter() - begun


def chunks(rows, size: int = 5_000):
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def peak(ask: Callable[[], None]) -> int:
    ask()
    tracemalloc.start()
    ask()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


class Table:
    """People with everything a list shows: one work for all and a second one for half, addresses, labels."""

    def __init__(self):
        from accounts.models import User
        from crm.models import Organisation, Tag, Topic
        from crm.states import OrganisationKind

        self.chance = random.Random(4)
        self.user = User.objects.create_user("bench@payom.test", "a-long-password", name="Bench", role="editor")
        self.houses = [
            Organisation.objects.create(name=f"Навиди {number}", kind=self.chance.choice(OrganisationKind.values))
            for number in range(ORGANISATIONS)
        ]
        Organisation.objects.filter(pk=self.houses[0].pk).update(restricted_on=date(2026, 1, 15))
        self.topics = [Topic.objects.create(name=f"Тема {number}") for number in range(12)]
        self.tags = [Tag.objects.create(name=f"Метка {number}") for number in range(12)]

    def add(self, numbers: range) -> None:
        from django.db import connection

        for some in chunks(numbers):
            self._add(some)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def _add(self, numbers: range) -> None:
        from core.sealing import blind
        from core.text import sort_key
        from crm.models import Contact, EmailAddress, Phone, Position, Touch, search_text
        from crm.states import Region
        from demo.names import MEN, STEMS

        cities, kinds = (
            ["Душанбе", "Хуҷанд", "Бохтар", "Хорог", "Кӯлоб", ""],
            ["journalist", "partner", "press_service"],
        )
        chance, houses, people, works = self.chance, self.houses, [], []
        for number in numbers:
            name = f"{MEN[number % len(MEN)]} {STEMS[number * 7 % len(STEMS)]}ов"
            work = [houses[number % ORGANISATIONS], *([houses[number * 3 % ORGANISATIONS]] if number % 2 else [])]
            work = list(dict.fromkeys(work))
            city, address = chance.choice(cities), f"reader{number}@outlet{number % 200}.test"
            phone = f"+99293{number % 10_000_000:07}"
            person = Contact(
                name=name, kind=chance.choice(kinds), city=city, region=chance.choice(Region.values),
                languages=chance.choice(["ru", "tg ru", "ru tg", "en ru"]), sort_key=sort_key(name),
                search_text=search_text(name, city, address, phone, *(house.name for house in work)),
            )  # fmt: skip
            people.append(person)
            works.append((work, address, phone))
        Contact.objects.bulk_create(people)
        pairs = list(zip(people, works, strict=True))
        Position.objects.bulk_create(
            Position(contact=person, organisation=house, title="корреспондент")
            for person, (work, *_) in pairs
            for house in work
        )
        EmailAddress.objects.bulk_create(
            EmailAddress(contact=person, address=address, key=blind(address)) for person, (_, address, _phone) in pairs
        )
        Phone.objects.bulk_create(
            Phone(contact=person, number=phone, key=blind(phone)) for person, (*_, phone) in pairs
        )
        for labels, field in ((self.topics, "topic"), (self.tags, "tag")):
            model = getattr(Contact, f"{field}s").through
            model.objects.bulk_create(
                model(**{"contact_id": person.pk, f"{field}_id": chance.choice(labels).pk}) for person in people
            )
        Touch.objects.bulk_create(Touch(contact=person, kind="note", text="…", by=self.user) for person in people[::3])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps([asdict(result) for result in measure("PostgreSQL")]))
