"""Insert the many rows of a list. `bulk_create` takes most of its time for each value of each row; this does not."""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import Field, Model

MOST = 500


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, whose values are no expressions, and give them their keys. Sends no signals."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    # Names of our tables and columns; the values are parameters.
    begin = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({names}) VALUES "  # noqa: S608
    end = f" RETURNING {connection.ops.quote_name(meta.pk.column)}"
    one = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for some in _portions(rows, fields):
            values = [_value(field, row) for row in some for field in fields]
            cursor.execute(begin + ", ".join([one] * len(some)) + end, values)
            for row, (pk,) in zip(some, cursor.fetchall(), strict=True):
                row.pk, row._state.adding, row._state.db = pk, False, connection.alias


def _portions(rows: Sequence[Model], fields: Sequence[Field]) -> Iterator[Sequence[Model]]:
    """As many at once as the database takes."""
    most = max(1, min(MOST, connection.ops.bulk_batch_size(fields, rows)))
    return (rows[start : start + most] for start in range(0, len(rows), most))


def _value(field: Field, row: Model) -> object:
    return field.get_db_prep_save(field.pre_save(row, True), connection)
