"""The way to blind indices and back, with people in the tables, on whichever database the tests run."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import append_only
from core.sealing import blind
from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, Suppression
from mailings import actions
from mailings.models import Delivery, Mailing
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_approved, make_reader, make_started

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("crm", "0001_initial"), ("mailings", "0001_initial")]
LONG = f"{'a' * 60}@{'b' * 60}.test"


@pytest.fixture
def back():
    """Take the tables back to before; afterwards, and in any case, forward again."""

    def go(where=BEFORE):
        executor = MigrationExecutor(connection)
        executor.migrate(where)
        return executor.loader.project_state(where).apps

    yield go
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        # Going forward put up again what tests do without (tests/conftest.py).
        append_only.remove("mailings_evidence")


def forward():
    call_command("migrate", verbosity=0)


def test_everything_readable_comes_back_and_goes_again(back, head):
    make_reader(LONG, name="Открытая")
    make_contact("Закрытая", sensitivity="sealed", emails=["s@navid.test"], phones=["+992930001122"], note="тайна",
                 source="сосед", basis_proof="расписка")  # fmt: skip
    mailing = make_started()
    actions.unsubscribe(mailing.deliveries.get(name="Закрытая"))
    keys = {model: sorted(model.objects.values_list("pk", column)) for model, column in keyed()}

    old = back()
    contact, email, phone, stop, delivery = (
        old.get_model(*label.split("."))
        for label in ("crm.Contact", "crm.EmailAddress", "crm.Phone", "crm.Suppression", "mailings.Delivery")
    )
    readable = {
        "notes": sorted(contact.objects.values_list("note", flat=True)),
        "sources": sorted(contact.objects.values_list("source", flat=True)),
        "emails": sorted(email.objects.values_list("address", "key")),
        "phones": list(phone.objects.values_list("number", flat=True)),
        "stops": list(stop.objects.values_list("key", flat=True)),
        "deliveries": sorted(delivery.objects.values_list("address", "address_key")),
    }
    forward()

    addresses = sorted([(LONG, LONG), ("s@navid.test", "s@navid.test")])
    assert readable == {
        "notes": ["", "тайна"],
        "sources": ["", "сосед"],
        "emails": addresses,
        "phones": ["+992930001122"],
        "stops": ["s@navid.test"],
        "deliveries": addresses,
    }
    assert {model: sorted(model.objects.values_list("pk", column)) for model, column in keyed()} == keys
    assert set(Delivery.objects.values_list("domain", flat=True)) == {LONG.partition("@")[2], "navid.test"}


def keyed():
    return [(EmailAddress, "key"), (Suppression, "key"), (Delivery, "address_key")]


def test_the_texts_of_a_sealed_card_are_opened_backwards_and_sealed_again(back):
    texts = {"note": "тайна", "basis_proof": "расписка", "source": "сосед"}
    make_contact("Закрытая", sensitivity="sealed", **texts)

    old = back([("crm", "0013_organisations_in_order")]).get_model("crm", "Contact").objects.get()
    readable = {"note": old.note, "basis_proof": old.basis_proof, "source": old.source}
    forward()

    sealed = Contact.objects.get()
    assert readable == texts | {"note": ""}
    assert (sealed.note, sealed.basis_proof, sealed.source) == ("", "", "")
    assert {name: sealed.reveal()[name] for name in texts} == texts


def test_an_approval_that_waits_still_stands(back, head):
    make_reader("one@navid.test")
    mailing = make_approved()
    back()
    forward()

    assert actions.start(Mailing.objects.get(pk=mailing.pk), by=head) == 1


def test_more_people_than_one_batch(back):
    Contact.objects.bulk_create(Contact(name=f"Человек {number}") for number in range(1100))
    EmailAddress.objects.bulk_create(
        EmailAddress(contact=contact, address=f"p{contact.pk}@navid.test", key=blind(f"p{contact.pk}@navid.test"))
        for contact in Contact.objects.all()
    )
    back()
    forward()

    assert [email.pk for email in EmailAddress.objects.all() if email.key != blind(email.address)] == []


def test_a_stopped_address_that_nobody_has_any_more_comes_through(back):
    suppress("gone@navid.test", "manual", by="test")
    Suppression.objects.create(key=blind("sealed@navid.test"), address="", reason="unsubscribed")
    before = list(Suppression.objects.order_by("pk").values_list("key", "reason"))
    back()
    forward()

    after = list(Suppression.objects.order_by("pk").values_list("key", "reason"))
    assert (after[0], len(after)) == (before[0], 2)


def test_whom_an_approval_stands_for_moves_apart_and_back(back):
    make_reader()
    marks = make_approved().approved_recipients

    old = back([("mailings", "0026_evidence_of_each_answer")])
    [kept] = old.get_model("mailings", "Mailing").objects.values_list("approved_recipients", flat=True)
    forward()

    assert (len(marks), kept, Mailing.objects.get().approved_recipients) == (1, marks, marks)
