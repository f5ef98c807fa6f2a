from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit import guards
from audit.log import log
from audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard(db):
    """The guard, up for this test alone: it goes with the test's transaction."""
    guards.install()


def entry(days: int) -> Entry:
    """One to be kept until so many days from now."""
    made = log("crm.contact.added", by="test")
    return Entry.objects.create(
        action=made.action, by=made.by, kind=made.kind, keep_until=timezone.now() + timedelta(days=days)
    )


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


def test_entry_cannot_be_changed(guard):
    kept = entry(days=-2)

    assert refused(lambda: Entry.objects.update(by="другой")) is True
    assert Entry.objects.get(pk=kept.pk).by == "test"


def test_entry_cannot_be_put_in_the_place_of_another(guard):
    kept = entry(days=2)
    with connection.cursor() as cursor:
        table = Entry._meta.db_table
        columns = ", ".join(connection.ops.quote_name(field.column) for field in Entry._meta.concrete_fields)
        copy = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"
        if connection.vendor == "postgresql":
            copy = copy.replace(" OR REPLACE", "")

        assert refused(lambda: cursor.execute(copy)) is True
    assert Entry.objects.get(pk=kept.pk).at == kept.at


@pytest.mark.parametrize(("days", "stays"), [(-2, False), (2, True)])
def test_entry_can_be_deleted_only_after_its_day(guard, days, stays):
    kept = entry(days)

    assert refused(Entry.objects.filter(pk=kept.pk).delete) is stays
    assert Entry.objects.filter(pk=kept.pk).exists() is stays


def test_many_entries_are_deleted_together_or_not_at_all(guard):
    entry(days=-2)
    entry(days=2)
    before = Entry.objects.count()

    assert refused(Entry.objects.all().delete) is True
    assert Entry.objects.count() == before


def test_without_the_guard_an_entry_could_be_changed():
    guards.remove()
    entry(days=2)

    assert (guards.stands(), refused(lambda: Entry.objects.update(by="другой"))) == (False, False)


def test_installing_twice_is_installing_once(guard):
    guards.install()

    assert guards.stands() is True


def test_emptying_everything_puts_the_guard_back(guard):
    with guards.lifted_to_empty_everything():
        lifted = connection.vendor == "sqlite" and not guards.stands()

    assert (lifted, guards.stands()) == (connection.vendor == "sqlite", True)
