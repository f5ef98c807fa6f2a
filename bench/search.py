"""Searching 20,000 contacts: what a folded search column finds and costs, against `icontains` on the name."""

from statistics import median
from time import perf_counter

from django.db.models import Q, QuerySet

from core.text import sort_key
from crm.models import Contact, search_text
from demo.names import MEN, STEMS

from . import Result, at_least, at_most

CONTACTS = 20_000
TYPED = ["рахмонов", "Раҳмонов", "rahmonov", "РАҲМОНОВ"]
PAGE = 50


def run() -> list[Result]:
    fill()
    folded = [Contact.objects.search(text) for text in TYPED]
    plain = [Contact.objects.filter(name__icontains=text) for text in TYPED]
    slow, quick = (median(seconds(query) for query in queries) for queries in (plain, folded))
    least_found = min(query.count() for query in folded)
    return [
        at_most("folded search, one page of the list", quick * 1000, "ms", 100),
        at_most("folded search against icontains on the name", quick / slow, "times", 3),
        at_least("found by every spelling, of those there are", least_found / expected(), "share", 1),
        Result(
            "found by icontains, of those there are",
            round(min(query.count() for query in plain) / expected(), 3),
            "share",
            "for comparison",
            True,
        ),
    ]


def fill() -> None:
    """Every name in the list, half of them as Russian documents spell them."""
    in_russian = str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухжГИКУХЖ")
    contacts = []
    for number in range(CONTACTS):
        name = f"{MEN[number % len(MEN)]} {STEMS[number % len(STEMS)]}ов"
        name = name.translate(in_russian) if number % 2 else name
        address = f"reader{number}@outlet{number % 200}.test"
        contacts.append(Contact(name=name, search_text=search_text(name, address), sort_key=sort_key(name)))
    Contact.objects.bulk_create(contacts, batch_size=2000)


def expected() -> int:
    return Contact.objects.filter(Q(name__contains="Раҳмонов") | Q(name__contains="Рахмонов")).count()


def seconds(query: QuerySet) -> float:
    """The median of seven readings of a page, each by a query of its own."""
    readings = []
    for _ in range(7):
        begun = perf_counter()
        list(query.all()[:PAGE])
        readings.append(perf_counter() - begun)
    return median(readings)
