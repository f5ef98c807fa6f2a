"""An import is taken back: what it brought goes, what it changed is as before, what people did since stays."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from crm.actions.import_undo import CannotUndo, forget, undo
from crm.actions.imports import commit, decide, receive
from crm.actions.stops import add_rule
from crm.actions.touches import add_touch
from crm.models import Contact, EmailAddress, ImportBatch, ImportChange, Organisation, Position, StopRule
from tests.factories.contacts import make_contact

HEADER = "ФИО;СМИ;Должность;e-mail;Город;Примечание\n"
UMAR = "Каримов Умар;ТВ «Навид»;редактор;umar@navid.test;Душанбе;суды\n"


@pytest.fixture
def written(author):
    """`written(line, line)` is a list that is imported."""

    def imported(*lines: str) -> ImportBatch:
        file = SimpleUploadedFile("l.csv", (HEADER + "".join(lines)).encode())
        batch = receive(file, by=author, kind="journalist", basis="unknown")
        commit(batch, by=author)
        return batch

    return imported


def test_what_a_list_brought_goes(written, author):
    counts = undo(written(UMAR), by=author)

    assert counts == {"removed": 1, "restored": 0, "stayed": 0}
    assert (Contact.objects.count(), Organisation.objects.count(), EmailAddress.objects.count()) == (0, 0, 0)


def test_what_a_list_changed_is_as_before(written, author):
    contact = make_contact("Каримов Умар", organisation="ТВ «Навид»", emails=["umar@navid.test"])
    undo(written(UMAR.replace("umar@navid.test", "umar@navid.test, u@mail.test")), by=author)

    contact.refresh_from_db()
    titles = Position.objects.values_list("title", flat=True)
    assert (contact.city, contact.note, list(titles), contact.emails.count()) == ("", "", [""], 1)


def test_what_somebody_changed_since_stays(written, author):
    contact = make_contact("Каримов Умар", organisation="ТВ «Навид»", emails=["umar@navid.test"])
    batch = written(UMAR)
    Contact.objects.update(city="Куляб")
    undo(batch, by=author)

    contact.refresh_from_db()
    assert (contact.city, contact.note) == ("Куляб", "")


def test_a_contact_that_somebody_worked_with_stays_and_is_named(written, author):
    batch = written(UMAR)
    contact = Contact.objects.get()
    add_touch(contact, kind="call", text="спросили о суде", at=timezone.now(), by=author)
    counts = undo(batch, by=author)

    batch.refresh_from_db()
    assert (counts, batch.found["stayed"]) == ({"removed": 0, "restored": 0, "stayed": 1}, [contact.pk])


def test_a_contact_that_another_list_named_since_stays(written, author):
    batch = written(UMAR)
    written(UMAR)

    assert undo(batch, by=author) == {"removed": 0, "restored": 0, "stayed": 1}


def test_an_organisation_that_somebody_uses_by_now_stays(written, author):
    batch = written(UMAR)
    make_contact("Зарина", organisation="ТВ «Навид»")
    undo(batch, by=author)

    assert [place.name for place in Organisation.objects.all()] == ["ТВ «Навид»"]


def test_an_import_is_taken_back_once(written, author):
    batch = written(UMAR)
    undo(batch, by=author)

    with pytest.raises(CannotUndo):
        undo(batch, by=author)


def test_an_old_import_is_not_taken_back_and_its_record_is_forgotten(written, author):
    make_contact("Каримов Умар", organisation="ТВ «Навид»", emails=["umar@navid.test"])
    batch = written(UMAR)
    ImportBatch.objects.update(committed_at=timezone.now() - ImportBatch.UNDO_FOR)

    with pytest.raises(CannotUndo):
        undo(batch, by=author)
    assert (forget(), ImportChange.objects.count()) == (1, 0)


def test_taking_back_is_in_the_journal_in_numbers(written, author):
    undo(written(UMAR), by=author)

    assert Entry.objects.get(action="crm.import.undone").details == {"removed": 1, "restored": 0, "stayed": 0}


def test_the_record_of_a_change_is_sealed(written):
    make_contact("Каримов Умар", organisation="ТВ «Навид»", emails=["umar@navid.test"], note="секрет")
    written(UMAR)

    assert "секрет" not in ImportChange.objects.get().record


def test_a_stop_rule_that_came_with_a_list_goes_with_who_may_lift_it(written, head):
    batch = written(UMAR.replace("суды", "не писать"))
    before = StopRule.objects.count()
    undo(batch, by=head)

    assert (before, StopRule.objects.count(), Contact.objects.count()) == (1, 0, 0)


def test_a_stop_rule_that_came_with_a_list_stays_with_who_may_not(written, author):
    batch = written(UMAR.replace("суды", "не писать"))

    assert undo(batch, by=author) == {"removed": 0, "restored": 0, "stayed": 1}
    assert StopRule.objects.in_force().count() == 1


def test_a_rule_that_was_there_before_stays(written, author, head):
    contact = make_contact("Каримов Умар", organisation="ТВ «Навид»", emails=["umar@navid.test"])
    add_rule(contact, scope="everything", by=author)
    undo(written(UMAR.replace("суды", "не писать")), by=head)

    assert contact.stop_rules.in_force().count() == 1


def test_a_proposal_that_is_not_ticked_is_not_done(author):
    file = SimpleUploadedFile("l.csv", (HEADER + UMAR.replace("суды", "не писать")).encode())
    batch = receive(file, by=author, kind="journalist", basis="unknown")
    (asked,) = batch.rows.get().proposals
    decide(batch, by=author, pairs={}, proposals={asked["key"]: False})
    commit(batch, by=author)

    assert (asked["take"], StopRule.objects.count()) == (True, 0)
