"""Insert the many rows of a list. `bulk_create` takes most of its time for each value of each row; this does not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections, models

MOST = 500
_TEXTS = {models.CharField, models.TextField, models.EmailField}


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
    if type(field) in _TEXTS:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def insert_like(pattern: models.Model, rows: Iterable[Mapping[str, object]]) -> None:
    """Write new rows that are as `pattern` but for the attributes that they name, all of them the same ones.

    No row is an object, and none learns its key: that is a third of the time of `insert`. Sends no signals.
    """
    rows = iter(rows)
    if (first := next(rows, None)) is None:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = {field.attname: field for field in pattern._meta.concrete_fields if not field.primary_key}
    order = [*first, *(name for name in fields if name not in first)]
    own = [(name, _preparation(fields[name], connection)) for name in first]
    same = [_value(fields[name], connection)(pattern) for name in order[len(first) :]]
    values = ([*(prepare(row[name]) for name, prepare in own), *same] for row in chain([first], rows))
    _pour(connection, pattern._meta.db_table, [fields[name].column for name in order], values)


def _pour(connection: object, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Whatever takes many rows in the shortest way: PostgreSQL has one of its own."""
    quoted = connection.ops.quote_name
    place = f"{quoted(table)} ({', '.join(map(quoted, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            one = ", ".join(["%s"] * len(columns))
            cursor.executemany(" ".join(("INSERT INTO", place, f"VALUES ({one})")), rows)
            return
        with connection.wrap_database_errors, cursor.copy(" ".join(("COPY", place, "FROM STDIN"))) as copy:
            for row in rows:
                copy.write_row(row)


def _preparation(field: models.Field, connection: object) -> Callable[[object], object]:
    """How a value is made ready for the database; a text goes as it is."""
    if type(field) in _TEXTS:
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)
