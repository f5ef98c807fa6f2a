"""The whole way on a list that knows its own truth."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import addresses
from core.sealing import blind
from crm.actions.imports import commit, receive
from crm.models import Contact, EmailAddress, ImportRow
from demo.press_list import write_press_list


@pytest.fixture
def imported(db, tmp_path, author):
    path = tmp_path / "Журналисты.xlsx"
    truth = write_press_list(path, rows=300, seed=26)
    batch = receive(SimpleUploadedFile(path.name, path.read_bytes()), by=author, kind="journalist", basis="unknown")
    return truth, batch, commit(batch, by=author)


def test_every_row_has_one_outcome(imported):
    truth, batch, plan = imported

    assert sum(plan.tally.values()) == batch.rows.count() == truth.rows


def test_each_person_becomes_one_contact(imported):
    truth, _batch, _plan = imported

    assert Contact.objects.count() == truth.people


def test_the_refused_rows_are_those_about_nobody(imported):
    truth, batch, _plan = imported
    refused = batch.rows.filter(outcome=ImportRow.Outcome.REFUSED).values_list("sheet", "number")

    assert set(refused) == truth.refused


def test_every_readable_address_is_kept_and_no_other(imported):
    truth, _batch, _plan = imported

    assert set(map(addresses.key, EmailAddress.objects.values_list("address", flat=True))) == truth.addresses


def test_shared_mailboxes_belong_to_each_of_their_readers(imported):
    truth, _batch, _plan = imported
    shared = {key for key in truth.addresses if EmailAddress.objects.filter(key=blind(key)).count() > 1}

    assert shared == truth.shared


def test_people_without_an_address_are_kept(imported):
    truth, _batch, _plan = imported

    assert Contact.objects.filter(emails__isnull=True).count() == truth.without_address
