"""The way to blind indices and back, with people in the tables, on whichever database the tests run.

One walk takes longer than a thousand other tests: it is gone once, and the tests compare what it saw on its way.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import append_only
from core.sealing import blind, unseal
from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, Suppression
from mailings import actions
from mailings.models import Delivery, Mailing
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_approved, make_reader, make_started, person

pytestmark = pytest.mark.django_db

LONG = f"{'a' * 60}@{'b' * 60}.test"
SEALED, BATCH = "s@navid.test", 1100
TEXTS = {"note": "тайна", "basis_proof": "расписка", "source": "сосед"}
KEYED = [(EmailAddress, "key"), (Suppression, "key"), (Delivery, "address_key")]


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker):
    """By a name of its own, what stood in the tables before, at each halt on the way back, and afterwards."""
    with django_db_blocker.unblock():
        try:
            waits, there = _fill(), {}
            there["before"] = _now(waits)
            old = _to(("mailings", "0026_evidence_of_each_answer"))
            there["approved"] = old.get_model("mailings", "Mailing").objects.get(pk=waits).approved_recipients
            old = _to(("crm", "0013_organisations_in_order"))
            there["opened"] = old.get_model("crm", "Contact").objects.filter(name="Закрытая").values(*TEXTS).get()
            there["sealed"] = _texts_of(_to(("crm", "0015_proof_and_source_are_sealed")))
            there["readable"] = _readable(_to(("crm", "0001_initial"), ("mailings", "0001_initial")))
            _forward()
            there["after"] = _now(waits)
            there["started"] = actions.start(
                Mailing.objects.get(pk=waits), typed=BATCH + 1, by=person("head@payom.test")
            )
            yield there
        finally:
            _forward()
            call_command("flush", interactive=False, verbosity=0)
            connection.close()


def _fill() -> int:
    """People of each care, stopped addresses and two mailings; the key of the one that is approved and waits."""
    make_reader(LONG, name="Открытая")
    make_contact("Закрытая", sensitivity="sealed", emails=[SEALED], phones=["+992930001122"], **TEXTS)
    actions.unsubscribe(make_started().deliveries.get(name="Закрытая"))
    suppress("gone@navid.test", "manual", by="test")
    Suppression.objects.create(key=blind("sealed@navid.test"), address="", reason="unsubscribed")
    many = Contact.objects.bulk_create(Contact(name=f"Человек {number}") for number in range(BATCH))
    EmailAddress.objects.bulk_create(
        EmailAddress(contact=contact, address=f"p{contact.pk}@navid.test", key=blind(f"p{contact.pk}@navid.test"))
        for contact in many
    )
    return make_approved().pk


def _now(waits: int) -> dict:
    return {
        "keys": {model: sorted(model.objects.values_list("pk", column)) for model, column in KEYED},
        "approved": Mailing.objects.get(pk=waits).approved_recipients,
        "domains": set(Delivery.objects.values_list("domain", flat=True)),
        "reasons": list(Suppression.objects.order_by("pk").values_list("reason", flat=True)),
    }


def _to(*where: tuple[str, str]):
    executor = MigrationExecutor(connection)
    executor.migrate(list(where))
    return executor.loader.project_state(list(where)).apps


def _forward() -> None:
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        # Going forward put up again what tests do without (tests/conftest.py).
        append_only.remove("mailings_evidence")


def _texts_of(old) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the sealed card as they stand, and as who may see them reads them."""
    card = old.get_model("crm", "Contact").objects.get(name="Закрытая")
    return {name: getattr(card, name) for name in TEXTS}, {
        name: unseal(getattr(card, f"sealed_{name}")) for name in TEXTS
    }


def _readable(old) -> dict:
    def of(label: str, *columns: str) -> list:
        rows = old.get_model(label).objects.exclude(**{f"{columns[0]}__startswith": "p"})
        return sorted(rows.values_list(*columns, flat=len(columns) == 1))

    return {
        "notes": of("crm.Contact", "note")[-2:],
        "sources": of("crm.Contact", "source")[-2:],
        "emails": of("crm.EmailAddress", "address", "key"),
        "phones": of("crm.Phone", "number"),
        "stops": [key for key in of("crm.Suppression", "key") if "@" in key],
        "deliveries": of("mailings.Delivery", "address", "address_key"),
    }


def test_everything_is_readable_before_the_blind_indices(seen):
    addresses = sorted([(LONG, LONG), (SEALED, SEALED)])
    assert seen["readable"] == {
        "notes": ["", "тайна"],
        "sources": ["", "сосед"],
        "emails": addresses,
        "phones": ["+992930001122"],
        "stops": ["gone@navid.test", SEALED],
        "deliveries": addresses,
    }


def test_the_same_keys_of_every_batch_come_back_but_of_a_stop_that_nobody_can_read(seen):
    before, after = seen["before"]["keys"], seen["after"]["keys"]
    unread = [(pk, key) for pk, key in before[Suppression] if key == blind("sealed@navid.test")]

    assert len(before[EmailAddress]) == BATCH + 2
    assert {model: after[model] for model in (EmailAddress, Delivery)} == {
        model: before[model] for model in (EmailAddress, Delivery)
    }
    assert [row for row in before[Suppression] if row not in after[Suppression]] == unread


def test_a_stop_that_nobody_can_read_stays_a_stop(seen):
    assert seen["after"]["reasons"] == seen["before"]["reasons"] == ["unsubscribed", "manual", "unsubscribed"]


def test_the_provider_of_each_letter_is_found_again(seen):
    assert seen["after"]["domains"] == {LONG.partition("@")[2], "navid.test"}


def test_the_texts_of_a_sealed_card_are_opened_backwards(seen):
    assert seen["opened"] == TEXTS | {"note": ""}


def test_the_texts_of_a_sealed_card_are_sealed_again(seen):
    assert seen["sealed"] == (dict.fromkeys(TEXTS, ""), TEXTS)


def test_whom_an_approval_stands_for_moves_apart_and_back(seen):
    approved = seen["before"]["approved"]
    assert (len(approved), seen["approved"], seen["after"]["approved"]) == (BATCH + 1, approved, approved)


def test_an_approval_that_waits_still_stands(seen):
    assert seen["started"] == BATCH + 1
