"""What keeps the journal append-only, in SQL: no entry is changed, and none deleted before its time.

On SQLite whoever can write the file can also drop a trigger: there the guard is against mistakes. On PostgreSQL the
application's role has no right to change, delete or truncate at all, and cannot give itself one (`audit_grants`).
SQLite drops triggers with a table that a migration rebuilds: a migration that alters Entry installs the guard again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from . import append_only

_SQLITE = {
    "audit_entry_no_update": """
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    "audit_entry_no_replace": """
        CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    "audit_entry_no_delete": """
        CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry WHEN OLD.keep_until >= date('now')
        BEGIN SELECT RAISE(ABORT, 'the journal keeps its entries until their day'); END
    """,
}
_POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION public.audit_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.keep_until < (now() AT TIME ZONE 'UTC')::date THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the journal is append-only: no % before its day', TG_OP;
    END $$
    """,
    "DROP TRIGGER IF EXISTS audit_guard ON public.audit_entry",
    """
    CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON public.audit_entry
    FOR EACH ROW EXECUTE FUNCTION public.audit_guard()
    """,
    """
    CREATE OR REPLACE FUNCTION public.audit_forget() RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE forgotten bigint;
    BEGIN
        DELETE FROM public.audit_entry WHERE keep_until < (now() AT TIME ZONE 'UTC')::date;
        GET DIAGNOSTICS forgotten = ROW_COUNT;
        RETURN forgotten;
    END $$
    """,
    "REVOKE ALL ON FUNCTION public.audit_forget() FROM PUBLIC",
]
_POSTGRESQL_AWAY = [
    "DROP TRIGGER IF EXISTS audit_guard ON public.audit_entry",
    "DROP FUNCTION IF EXISTS public.audit_guard()",
    "DROP FUNCTION IF EXISTS public.audit_forget()",
]
_IS_FREE = """
    SELECT r.rolsuper OR pg_has_role(r.rolname, t.tableowner, 'MEMBER') FROM pg_roles r, pg_tables t
    WHERE r.rolname = %s AND t.schemaname = 'public' AND t.tablename = 'audit_entry'
"""
# Tables made by a later migration are granted by running this again.
_GRANTS = [
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE ALL ON public.audit_entry, public.django_migrations FROM PUBLIC, {role}",
    "GRANT SELECT ON public.django_migrations TO {role}",
    "GRANT SELECT, INSERT ON public.audit_entry TO {role}",
    "GRANT EXECUTE ON FUNCTION public.audit_forget() TO {role}",
]


def install(database: BaseDatabaseWrapper = connection) -> None:
    """Put the guard in place; harmless where it stands already."""
    remove_sqlite(database)
    _run(database, _POSTGRESQL if database.vendor == "postgresql" else list(_SQLITE.values()))


def remove(database: BaseDatabaseWrapper = connection) -> None:
    remove_sqlite(database)
    if database.vendor == "postgresql":
        _run(database, _POSTGRESQL_AWAY)


def remove_sqlite(database: BaseDatabaseWrapper = connection) -> None:
    """Take SQLite's triggers away; nothing on PostgreSQL, whose TRUNCATE they would not hinder."""
    if database.vendor == "sqlite":
        _run(database, [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE])


def stands(database: BaseDatabaseWrapper = connection) -> bool:
    """Whether the database refuses to change an entry now."""
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
            return cursor.fetchone()[0] == len(_SQLITE)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_guard' AND tgenabled = 'O'")
        return cursor.fetchone()[0] == 1


def grant(role: str) -> None:
    """Let a PostgreSQL role use every table; the journal, and what is append-only, it can only read and add to.

    To be run by the owner.
    """
    name = connection.ops.quote_name(role)
    _run(connection, [statement.format(role=name) for statement in _GRANTS])
    _run(connection, [f"REVOKE UPDATE, DELETE ON public.{table} FROM PUBLIC, {name}" for table in append_only.tables()])


def has_role(role: str) -> bool:
    return _first("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role]) == 1


def make_role(role: str, password: str) -> None:
    """A PostgreSQL role that may sign in and nothing more."""
    literal = _first("SELECT quote_literal(%s)", [password])
    _run(connection, [f"CREATE ROLE {connection.ops.quote_name(role)} LOGIN PASSWORD {literal}"])


def can_hold_back(role: str) -> bool:
    """Whether grants mean anything for a role: they do not for a superuser, nor for the owner of the table."""
    return not _first(_IS_FREE, [role])


@contextmanager
def lifted_to_empty_everything() -> Iterator[None]:
    """Let `flush` delete every row on SQLite, in one transaction, and put back what guards stood."""
    with transaction.atomic():
        stood = _sqlite_triggers()
        _run(connection, [f"DROP TRIGGER {name}" for name in stood])
        yield
        _run(connection, list(stood.values()))


def _sqlite_triggers() -> dict[str, str]:
    """All that stand now, by name; those of PostgreSQL do not hinder its TRUNCATE."""
    if connection.vendor != "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _first(statement: str, parameters: list[str]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def _run(database: BaseDatabaseWrapper, statements: list[str]) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
