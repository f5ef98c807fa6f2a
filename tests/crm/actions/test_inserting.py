import pytest
from django.db import IntegrityError, transaction

from crm.actions.inserting import insert, insert_like
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


def test_rows_like_another_are_as_if_each_had_been_saved():
    batch = ImportBatch(file="imports/a.csv", filename="a.csv", found={"rows": 1}, uploaded_by=person(HEAD))
    insert([batch])
    values = [
        {"outcome": "created", "number": 7, "remarks": [["no-address", ODD]]},
        {"outcome": "unchanged", "number": 8, "remarks": []},
    ]

    insert_like(ImportRow(batch=batch), values)
    written = list(ImportRow.objects.order_by("number").values())
    ImportRow.objects.all().delete()
    for value in values:
        ImportRow(batch=batch, **value).save()

    saved = ImportRow.objects.order_by("number").values()
    assert [row | {"id": 0} for row in written] == [row | {"id": 0} for row in saved]


def test_rows_like_another_may_come_one_after_the_other():
    names = [f"{ODD} {number}" for number in range(600)]

    insert_like(Contact(kind=Contact.Kind.PARTNER), ({"name": name} for name in names))

    assert list(Contact.objects.order_by("pk").values_list("name", "kind")) == [(name, "partner") for name in names]


def test_what_the_database_refuses_is_told_as_by_every_other_way():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_like(Contact(), [{"name": "Субҳӣ"}, {"name": ""}])

    assert Contact.objects.count() == 0


def test_no_rows_like_another_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_like(Contact(), iter([]))
