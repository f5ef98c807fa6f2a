import pytest

from crm.actions.inserting import insert
from crm.models import Contact, ImportBatch, ImportRow
from tests.factories.contacts import HEAD
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

ODD = "'; DROP TABLE crm_contact; -- %s «Ҷ»"


def many():
    """More than go into one statement, on either database."""
    return [Contact(name=f"{ODD} {number}", kind=Contact.Kind.PARTNER) for number in range(600)]


def test_every_row_gets_its_own_key():
    rows = many()

    insert(rows)

    assert dict(Contact.objects.values_list("pk", "name")) == {row.pk: row.name for row in rows}


def test_row_is_as_bulk_create_would_have_it():
    one, other = Contact(name=ODD, kind=Contact.Kind.PARTNER), Contact(name=ODD, kind=Contact.Kind.PARTNER)

    insert([one])
    Contact.objects.bulk_create([other])

    def stored(row):
        values = Contact.objects.filter(pk=row.pk).values().get()
        return {name: value for name, value in values.items() if name not in {"id", "created_at", "changed_at"}}

    assert stored(one) == stored(other)


def test_times_and_what_is_no_text_are_kept():
    batch = ImportBatch(file="imports/a.csv", filename="a.csv", found={"rows": 1}, uploaded_by=person(HEAD))
    insert([batch])

    insert([ImportRow(batch=batch, number=7, outcome="created", remarks=[["no-address", ""]])])

    row = ImportRow.objects.select_related("batch").get()
    assert (row.number, row.remarks, row.is_written, row.contact_id) == (7, [["no-address", ""]], False, None)
    assert (row.batch.found, row.batch.uploaded_at) == ({"rows": 1}, batch.uploaded_at)


def test_written_row_can_be_saved_again():
    row = Contact(name="Субҳӣ")
    insert([row])

    row.city = "Хоруғ"
    row.save()

    assert list(Contact.objects.values_list("name", "city")) == [("Субҳӣ", "Хоруғ")]


def test_no_rows_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
