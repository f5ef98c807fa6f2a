"""Insert the many rows of a list. `bulk_create` takes most of its time for each value of each row; this does not."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections, models

MOST = 500


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, no value of which is an expression, and give them their keys. Sends no signals."""
    if not rows:
        return
    # Asked for once: the usual name finds the connection of its thread anew for each value.
    connection = connections[DEFAULT_DB_ALIAS]
    quoted, meta = connection.ops.quote_name, rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = [_value(field, connection) for field in fields]
    # Names of our tables and columns alone; what anybody typed is a parameter.
    columns = ", ".join(quoted(field.column) for field in fields)
    begin = " ".join(("INSERT INTO", quoted(meta.db_table), f"({columns})", "VALUES "))
    one, end = f"({', '.join(['%s'] * len(fields))})", f" RETURNING {quoted(meta.pk.column)}"
    with connection.cursor() as cursor:
        for some in _portions(rows, min(MOST, connection.ops.bulk_batch_size(fields, rows))):
            cursor.execute(begin + ", ".join([one] * len(some)) + end, [value(row) for row in some for value in values])
            for row, (pk,) in zip(some, cursor.fetchall(), strict=True):
                row.pk, row._state.adding, row._state.db = pk, False, connection.alias


def _portions(rows: Sequence[models.Model], most: int) -> Iterator[Sequence[models.Model]]:
    return (rows[start : start + most] for start in range(0, len(rows), most))


def _value(field: models.Field, connection: object) -> Callable[[models.Model], object]:
    """How the value of a field is found in a row; a text goes as it is."""
    if type(field) in {models.CharField, models.TextField}:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
