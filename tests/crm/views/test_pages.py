"""Pages of the contact list hold the same contacts whichever way they are found."""

import pytest

from crm.models import Contact
from crm.views import pages
from crm.views.pages import ContactPaginator
from tests.factories.contacts import make_contact, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    """Five in the order of their names, entered in another."""
    for name in ("Ҷамшед", "Аҳмад", "Қодир", "Бахтиёр", "Ғафур"):
        make_contact(name)
    return Contact.objects.order_by("sort_key", "pk")


def shown(paginator):
    return [[contact.name for contact in paginator.page(number)] for number in paginator.page_range]


PAGES = [["Аҳмад", "Бахтиёр"], ["Ғафур", "Қодир"], ["Ҷамшед"]]


def test_few_are_counted_and_shown_in_their_order(found):
    paginator = ContactPaginator(found, 2)

    assert (paginator.count, shown(paginator)) == (5, PAGES)


def test_many_are_counted_and_shown_in_the_same_order(found, monkeypatch):
    monkeypatch.setattr(pages, "_FEW", 4)
    paginator = ContactPaginator(found, 2)

    assert (paginator.few, paginator.count, shown(paginator)) == (None, 5, PAGES)


def test_as_many_as_are_few_are_few(found, monkeypatch):
    monkeypatch.setattr(pages, "_FEW", 5)
    paginator = ContactPaginator(found, 2)

    assert (len(paginator.few), shown(paginator)) == (5, PAGES)


def test_nobody_has_one_empty_page(found):
    paginator = ContactPaginator(found.none(), 2)

    assert (paginator.count, shown(paginator)) == (0, [[]])


@pytest.mark.parametrize("role", ["viewer", "editor", "head"])
def test_kinds_are_counted_as_far_as_a_role_may_know(role):
    user = make_staff(role)
    make_contact("Аҳмад", kind="partner")
    make_contact("Бахтиёр", kind="journalist", sensitivity="internal")
    make_contact("Ғафур", kind="journalist", sensitivity="sealed")
    banned = make_contact("Қодир", kind="partner", organisation="Бонуи манъшуда")
    banned.positions.get().organisation.__class__.objects.update(restricted_on="2026-01-15")

    visible = Contact.objects.visible_to(user).values_list("kind", flat=True)
    counted = Contact.objects.kinds_visible_to(user)

    assert sorted(kind for kind, number in counted.items() for _ in range(number)) == sorted(visible)
