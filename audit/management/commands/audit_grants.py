from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit.guards import grant


class Command(BaseCommand):
    help = "PostgreSQL, run by the owner of the tables after each migrate: give the application's role what it needs."

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="the role in the DATABASE_URL of web and worker")

    @transaction.atomic
    def handle(self, *, role: str, **options):
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles: there is nothing to grant.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. CREATE ROLE {role} LOGIN PASSWORD '…' makes it.")
            owner = "SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'audit_entry'"
            cursor.execute(f"SELECT pg_has_role(%s, ({owner}), 'MEMBER')", [role])
            if found[0] or cursor.fetchone()[0]:
                raise CommandError(f"{role} is the owner of the journal or a superuser: no grant can hold it back.")
        grant(role)
        self.stdout.write(f"{role} may write the journal, and can neither change nor delete what stands in it.")
