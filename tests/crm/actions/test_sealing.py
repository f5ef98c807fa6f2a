"""What the verbs themselves refuse, whatever page asked."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Entry
from crm.actions.sealing import kept_sealed, reveal
from crm.models import Contact
from tests.factories.contacts import change, make_contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("before", "after"), [("sealed", "sealed"), ("sealed", "open"), ("internal", "open")])
def test_who_may_not_is_refused_by_the_verb_too(author, before, after):
    contact = make_contact("Марзия", sensitivity=before, note="тайна")

    with pytest.raises(PermissionDenied):
        change(contact, sensitivity=after, by=author)
    assert Contact.objects.get().sensitivity == before


def test_a_word_in_place_of_a_person_sees_nothing_sealed():
    contact = make_contact("Марзия", sensitivity="sealed")

    with pytest.raises(PermissionDenied):
        change(contact, by="test")


def test_a_look_is_written_down_before_it_is_had(head, monkeypatch):
    contact = make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"])
    contact.emails.update(sealed="broken")

    with pytest.raises(ValueError):
        reveal(Contact.objects.get(), by=head)
    assert Entry.objects.filter(action="crm.contact.revealed").count() == 1


def test_what_is_kept_sealed_is_known_without_being_read():
    one = make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"], phones=["+992930001122"])
    make_contact("Другая", emails=["o@navid.test"])
    asked = ["M@tanho.test", "o@navid.test", "+992930001122", "nobody@navid.test"]

    assert sorted(kept_sealed(asked, but_of=None)) == ["+992930001122", "M@tanho.test"]
    assert kept_sealed(asked, but_of=one.pk) == []


def test_the_journal_tells_nothing_of_a_sealed_contacts_ways(head):
    contact = make_contact("Марзия", emails=["m@tanho.test"], phones=["+992930001122"], note="тайна")
    change(contact, sensitivity="sealed", by=head)
    change(contact, emails=["new@tanho.test"], note="другая", city="Хорог", by=head)

    entries = Entry.objects.filter(action="crm.contact.changed").order_by("pk")
    assert [entry.changes for entry in entries] == [{}, {"city": ["", "Хорог"]}]
