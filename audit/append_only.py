"""Keep every row of a table as it was written: triggers refuse to change or to delete one, on both databases.

The journal forgets by the calendar and has a guard of its own. On PostgreSQL `audit_grants` takes the rights as well.
"""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_NAME = "append_only"
_SQLITE = {
    "no_update": "BEFORE UPDATE ON {table}",
    "no_delete": "BEFORE DELETE ON {table}",
    # REPLACE takes a row away without a word to the trigger above.
    "no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",
}
_POSTGRESQL = """
    CREATE OR REPLACE FUNCTION public.append_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: no %', TG_TABLE_NAME, TG_OP;
    END $$
"""


def install(table: str, same: list[list[str]], database: BaseDatabaseWrapper = connection) -> None:
    """Put the guard in place; harmless where it stands. `same` are the sets of columns that make a row the same one."""
    remove(table, database)
    if database.vendor == "postgresql":
        each = f"CREATE TRIGGER {_NAME} BEFORE UPDATE OR DELETE ON public.{table} FOR EACH ROW"
        _run(database, [_POSTGRESQL, f"{each} EXECUTE FUNCTION public.append_only()"])
        return
    alike = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in columns) for columns in same)
    _run(
        database,
        [
            f"CREATE TRIGGER {table}_{name} {when.format(table=table, same=alike)} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for name, when in _SQLITE.items()
        ],
    )


def remove(table: str, database: BaseDatabaseWrapper = connection) -> None:
    if database.vendor == "postgresql":
        _run(database, [f"DROP TRIGGER IF EXISTS {_NAME} ON public.{table}"])
    else:
        _run(database, [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in _SQLITE])


def tables(database: BaseDatabaseWrapper = connection) -> list[str]:
    """Those whose guard stands."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname = %s AND t.tgenabled = 'O' ORDER BY 1",
                [_NAME],
            )
        else:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
                " AND instr(sql, tbl_name || ' is append-only') > 0 GROUP BY tbl_name HAVING count(*) = %s ORDER BY 1",
                [len(_SQLITE)],
            )
        return [name for (name,) in cursor.fetchall()]


def _run(database: BaseDatabaseWrapper, statements: list[str]) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
