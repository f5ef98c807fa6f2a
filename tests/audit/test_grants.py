"""The application's role on a real PostgreSQL, connected for itself: what it can do to the journal."""

from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from audit.models import Entry

ROLE = "payom_app_under_test"


@pytest.fixture
def application(transactional_db):
    """A connection of a role that has exactly what `audit_grants` gives."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    call_command("audit_grants", role=ROLE, verbosity=0)
    settings = connection.get_connection_params()
    place = {"dbname": settings["dbname"], "host": settings["host"], "port": settings.get("port")}
    with psycopg.connect(**place, user=ROLE, autocommit=True) as line:
        yield line
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


def keep(days: int) -> int:
    """An entry to be kept until so many days from now."""
    until = timezone.now() + timedelta(days=days)
    return Entry.objects.create(action="crm.contact.added", by="test", kind="write", keep_until=until).pk


@pytest.mark.grown
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET by = 'другой'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "GRANT ALL ON audit_entry TO CURRENT_USER",
        "DELETE FROM django_migrations",
    ],
)
def test_application_cannot_touch_what_is_written(application, statement):
    keep(days=-2)
    if statement.startswith("GRANT"):
        # PostgreSQL only warns of a grant that gives nothing: what counts is that nothing was given.
        application.execute(statement)
        statement = "DELETE FROM audit_entry"

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)
    assert Entry.objects.count() == 1


@pytest.mark.grown
def test_application_writes_and_reads_the_journal(application):
    application.execute(
        "INSERT INTO audit_entry (at, by, action, kind, subject_type, subject_label, subject_key, changes, details,"
        " origin, keep_until) VALUES (now(), 'test', 'a.b.c', 'write', '', '', '', '{}', '{}', '', '2100-01-01')"
    )

    assert application.execute("SELECT by FROM audit_entry").fetchall() == [("test",)]


@pytest.mark.grown
def test_application_forgets_only_what_is_past_its_day(application):
    keep(days=-2)
    stays = keep(days=2)

    assert application.execute("SELECT audit_forget()").fetchone() == (1,)
    assert list(Entry.objects.values_list("pk", flat=True)) == [stays]


@pytest.mark.grown
def test_application_cannot_slip_another_journal_under_the_forgetting(application):
    stays = keep(days=2)
    application.execute("CREATE TEMPORARY TABLE audit_entry (keep_until date)")
    application.execute("INSERT INTO audit_entry VALUES ('2000-01-01')")

    assert application.execute("SELECT audit_forget()").fetchone() == (0,)
    assert list(Entry.objects.values_list("pk", flat=True)) == [stays]


@pytest.mark.grown
@pytest.mark.parametrize("right", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_application_works_with_every_other_table(application, right):
    without = application.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND NOT has_table_privilege(oid, %s) ORDER BY 1",
        [right],
    ).fetchall()

    assert [name for (name,) in without] == {
        "SELECT": [],
        "INSERT": ["django_migrations"],
        "UPDATE": ["audit_entry", "django_migrations", "mailings_evidence"],
        "DELETE": ["audit_entry", "django_migrations", "mailings_evidence"],
    }[right]


@pytest.mark.grown
def test_stranger_cannot_forget(application):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('public', 'public.audit_forget()', 'EXECUTE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.grown
@pytest.mark.parametrize("role", ["nobody_of_that_name", "postgres"])
def test_grants_refuse_a_role_they_could_not_hold_back(transactional_db, role):
    with pytest.raises(CommandError):
        call_command("audit_grants", role=role, verbosity=0)


@pytest.mark.grown
def test_grants_make_a_role_that_is_missing(transactional_db, monkeypatch):
    monkeypatch.setenv("APP_PASSWORD", 'it\'s a "password"')
    call_command("audit_grants", role=ROLE, password_from="APP_PASSWORD", verbosity=0)
    call_command("audit_grants", role=ROLE, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = %s", [ROLE])
        made = cursor.fetchone()
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")

    assert made == (True, False, False)


def test_grants_refuse_sqlite(monkeypatch, db):
    monkeypatch.setattr(connection, "vendor", "sqlite")

    with pytest.raises(CommandError, match="no roles"):
        call_command("audit_grants", role=ROLE, verbosity=0)
