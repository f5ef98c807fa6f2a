"""What the database itself refuses, and how rows keep what they keep."""

import pytest
from django.db import IntegrityError, transaction

from core.sealing import blind, seal
from crm.models import Contact, EmailAddress, Organisation, Phone
from crm.permissions import levels_for
from tests.factories.contacts import change, make_contact

pytestmark = pytest.mark.django_db


def refused(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()
    return True


def test_addresses_and_telephones_follow_their_contact():
    sealed, plain = (make_contact(level, sensitivity=level) for level in ("sealed", "internal"))
    kept = [
        EmailAddress.objects.create(contact=sealed, address="a@b.test"),
        EmailAddress.objects.create(contact=plain, address="a@b.test"),
        Phone.objects.create(contact=sealed, number="+992930001122"),
    ]

    assert [(str(way), bool(way.sealed), way.reveal()) for way in kept] == [
        ("", True, "a@b.test"),
        ("a@b.test", False, "a@b.test"),
        ("", True, "+992930001122"),
    ]
    assert (kept[0].key, kept[1].key) == (blind("A@b.test"), blind("a@b.test"))


@pytest.mark.parametrize("columns", [{"address": "", "sealed": ""}, {"address": "a@b.test", "sealed": "x"}])
def test_an_address_is_plain_or_sealed(columns):
    contact = make_contact("Кто-то", emails=["a@b.test"])

    assert refused(lambda: contact.emails.update(**columns))


def test_a_telephone_is_plain_or_sealed():
    contact = make_contact("Кто-то", phones=["+992930001122"])

    assert refused(lambda: contact.phones.update(number=""))


@pytest.mark.parametrize(
    ("level", "columns"),
    [
        ("sealed", {"note": "тайна"}),
        pytest.param("open", {"sealed_note": seal("тайна")}, id="open-sealed note"),
        ("sealed", {"basis_proof": "тайна"}),
        ("sealed", {"postal_address": "тайна"}),
        pytest.param("open", {"sealed_postal_address": seal("тайна")}, id="open-sealed postal address"),
        pytest.param("open", {"sealed_source": seal("тайна")}, id="open-sealed source"),
        ("open", {"sensitivity": "secret"}),
        ("open", {"note": "тайна", "sensitivity": "sealed"}),
    ],
    ids=str,
)
def test_a_note_is_kept_as_its_contact(level, columns):
    contact = make_contact("Кто-то", sensitivity=level)

    assert refused(lambda: Contact.objects.filter(pk=contact.pk).update(**columns))


def test_a_note_on_a_ban_needs_a_ban():
    assert refused(lambda: Organisation.objects.create(name="Навид", restricted_note="суд"))


def test_one_contact_has_an_address_once_sealed_or_not():
    contact = make_contact("Кто-то", sensitivity="sealed", emails=["a@b.test"])

    assert refused(lambda: EmailAddress.objects.create(contact=contact, address="A@B.test"))


def test_saving_a_sealed_contact_twice_keeps_what_it_has():
    contact = make_contact("Кто-то", sensitivity="sealed", emails=["a@b.test"], phones=["+992930001122"], note="тайна")
    contact = change(contact, city="Хорог")

    assert (contact.city, contact.emails.get().reveal(), contact.phones.get().reveal(), contact.reveal()["note"]) == (
        "Хорог",
        "a@b.test",
        "+992930001122",
        "тайна",
    )


@pytest.mark.parametrize(
    ("present", "sees_sealed", "levels"),
    [
        (None, False, ["open", "internal", "sealed"]),
        ("open", False, ["open", "internal", "sealed"]),
        ("internal", False, ["internal", "sealed"]),
        ("sealed", False, []),
        ("sealed", True, ["open", "internal", "sealed"]),
    ],
)
def test_levels_one_may_choose(present, sees_sealed, levels):
    assert levels_for(present, sees_sealed=sees_sealed) == levels
