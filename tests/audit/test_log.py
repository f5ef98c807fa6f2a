from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from audit.kinds import KEPT, Kind, kind_of
from audit.log import log
from audit.models import Entry
from crm.models import Contact, Suppression

pytestmark = pytest.mark.django_db


def test_entry_says_who_did_what_to_which_record(author):
    contact = Contact.objects.create(name="Ғайрат Субҳӣ")
    entry = log("crm.contact.changed", contact, by=author, changes={"city": ["Хорог", "Душанбе"]}, letters=2)
    entry.refresh_from_db()

    assert (entry.by, entry.by_id, entry.action, entry.kind) == (
        "Мехрона С.",
        author.pk,
        "crm.contact.changed",
        "write",
    )
    assert (entry.subject_type, entry.subject_id, entry.subject_label) == ("crm.contact", contact.pk, "Ғайрат Субҳӣ")
    assert (entry.changes, entry.details, entry.origin) == ({"city": ["Хорог", "Душанбе"]}, {"letters": 2}, "")


def test_a_word_names_who_has_no_account():
    entry = log("crm.address.suppressed", by="recipient")

    assert (entry.by, entry.by_id) == ("recipient", None)


@pytest.mark.parametrize("kind", list(Kind))
def test_entry_is_kept_as_long_as_its_kind(kind, monkeypatch):
    monkeypatch.setattr("audit.log.kind_of", lambda action: kind)
    entry = log("some.thing.done", by="test")

    assert entry.keep_until == timezone.now().date() + KEPT[kind]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("accounts.sign_in.failed", "sign_in"),
        ("accounts.signed_in", "sign_in"),
        ("accounts.session.ended", "sign_in"),
        ("accounts.user.invited", "account"),
        ("accounts.locked_down", "security"),
        ("accounts.lockdown.lifted", "security"),
        ("accounts.rules.changed", "security"),
        ("audit.entries.forgotten", "security"),
        ("crm.representation.set", "account"),
        ("crm.contact.revealed", "view"),
        ("crm.contacts.exported", "export"),
        ("crm.contact.changed", "write"),
        ("mailings.mailing.approved", "write"),
    ],
)
def test_kind_follows_from_the_action(action, kind):
    assert kind_of(action) == kind


def test_no_address_and_no_number_enters_the_log_in_plain():
    stop = Suppression.objects.create(key="canary@navid.test", reason="manual")
    log(
        "crm.address.suppressed",
        stop,
        by="canary@navid.test",
        changes={"emails": [["canary@navid.test"], []], "phones": ["+992930000047", None]},
        reason="сообщил canary@navid.test, 93 000 00 47",
    )
    stored = str(Entry.objects.values().get())

    assert [plain for plain in ("canary", "930000047", "93 000") if plain in stored] == []
    assert ("c•••y@n•••.test" in stored, "•••47" in stored) == (True, True)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "gossip"},
        {"action": ""},
        {"by": ""},
        {"subject_id": 5},
        {"by": "recipient", "origin": "203.0.113.77"},
        {"keep_until": None},
    ],
    ids=str,
)
def test_database_refuses_an_entry_that_is_not_whole(broken):
    whole = {"action": "a.b.c", "by": "test", "kind": "write", "keep_until": timezone.now() + timedelta(days=1)}

    with pytest.raises(IntegrityError):
        Entry.objects.create(**whole | broken)
