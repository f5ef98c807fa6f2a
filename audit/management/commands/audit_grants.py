import os

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit import guards


class Command(BaseCommand):
    help = "PostgreSQL, run by the owner of the tables after each migrate: give the application's role what it needs."

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="the role in the DATABASE_URL of web and worker")
        parser.add_argument("--password-from", metavar="VARIABLE", help="make the role if it is missing, with this")

    @transaction.atomic
    def handle(self, *, role: str, password_from: str | None = None, **options):
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles: there is nothing to grant.")
        if not guards.has_role(role):
            if not password_from:
                raise CommandError(f"There is no role {role}. CREATE ROLE {role} LOGIN PASSWORD '…' makes it.")
            guards.make_role(role, os.environ[password_from])
        if not guards.can_hold_back(role):
            raise CommandError(f"{role} is the owner of the journal or a superuser: no grant can hold it back.")
        guards.grant(role)
        self.stdout.write(f"{role} may write the journal, and can neither change nor delete what stands in it.")
