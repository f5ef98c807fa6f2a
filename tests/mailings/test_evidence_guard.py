"""The database itself keeps evidence of delivery as it was written."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from audit import append_only
from audit.guards import lifted_to_empty_everything
from crm.actions import erasure
from mailings.models import Evidence
from mailings.pipeline import ledger
from tests.factories.mailings import make_reader, person
from tests.factories.measuring import make_delivered

pytestmark = pytest.mark.django_db

TABLE = Evidence._meta.db_table
GUARD = import_module("mailings.migrations.0022_evidence_is_append_only")
COLUMNS = "number, delivery, at, code, reply, message_id, recipient, hash, mailing_id"


@pytest.fixture
def mailing():
    """One that two readers got; the guard of its evidence stands for this test."""
    for number in range(2):
        make_reader(f"reader{number}@navid.test", name=f"Читатель {number}")
    sent = make_delivered()
    ledger.record()
    append_only.install(TABLE, GUARD.SAME)
    return sent


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


def run(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET code = 550",
        f"UPDATE {TABLE} SET hash = hash WHERE number = 2",
        f"DELETE FROM {TABLE}",
        f"DELETE FROM {TABLE} WHERE number = 2",
    ],
)
def test_what_is_written_stays(mailing, statement):
    before = list(Evidence.objects.values())

    assert refused(lambda: run(statement)) is True
    assert list(Evidence.objects.values()) == before


def test_models_come_no_further_than_sql(mailing):
    attempts = [
        lambda: Evidence.objects.update(reply=""),
        lambda: Evidence.objects.all().delete(),
        lambda: Evidence.objects.filter(number=1)._raw_delete(using="default"),
        lambda: Evidence.objects.bulk_update([Evidence.objects.first()], ["code"]),
    ]

    assert [refused(attempt) for attempt in attempts] == [True, True, True, True]


@pytest.mark.sqlite
@pytest.mark.parametrize("columns", [f"id, {COLUMNS}", COLUMNS])
def test_no_row_is_put_in_the_place_of_another(mailing, columns):
    before = list(Evidence.objects.values())

    assert refused(lambda: run(f"INSERT OR REPLACE INTO {TABLE} ({columns}) SELECT {columns} FROM {TABLE}")) is True
    assert list(Evidence.objects.values()) == before


def test_chains_go_on_under_the_guard(mailing):
    other = make_delivered()

    assert (ledger.record(), other.evidence.count()) == (2, 2)


def test_erasing_a_reader_needs_no_change_of_evidence(mailing):
    before = list(Evidence.objects.values())
    erasure.erase(mailing.deliveries.first().contact, never_again=False, uploads=False, by=person("head@payom.test"))

    assert list(Evidence.objects.values()) == before


def test_without_the_guard_a_row_could_be_changed(mailing):
    append_only.remove(TABLE)

    assert (append_only.tables(), refused(lambda: Evidence.objects.update(code=550))) == ([], False)


def test_guard_that_stands_is_put_up_again_without_harm(mailing):
    append_only.install(TABLE, GUARD.SAME)

    assert append_only.tables() == [TABLE]


def test_emptying_everything_puts_the_guard_back(mailing):
    with lifted_to_empty_everything():
        lifted = append_only.tables()

    assert (lifted, append_only.tables()) == ([] if connection.vendor == "sqlite" else [TABLE], [TABLE])
