from django.core.management.base import BaseCommand, CommandError

from accounts.actions.lockdown import AlreadyLocked, NotLocked, lift, lock_down
from accounts.models import User

BY = "command line"


class Command(BaseCommand):
    help = "Sign everybody out, stop what is being sent, close sign-in and exports. --lift undoes it."

    def add_arguments(self, parser):
        parser.add_argument("--lift", action="store_true", help="open again")
        parser.add_argument("--key-holder", metavar="EMAIL", help="who alone may still sign in; nobody without it")
        parser.add_argument("--reason", default="", help="kept in the journal")

    def handle(self, *, lift, key_holder, reason, **options):
        if lift:
            self._lift()
        else:
            self._lock_down(key_holder, reason)

    def _lock_down(self, email, reason):
        holder = User.objects.active().filter(email=email.strip().casefold()).first() if email else None
        if email and holder is None:
            raise CommandError("Nobody with an open account has this address. Nothing was locked.")
        try:
            lock_down(by=BY, key_holder=holder, reason=reason)
        except AlreadyLocked as refusal:
            raise CommandError("Everything is locked down already. --lift opens it again.") from refusal
        self.stdout.write(f"Locked down. Key holder: {holder.name if holder else 'nobody'}. --lift opens it again.")

    def _lift(self):
        try:
            lift(by=BY)
        except NotLocked as refusal:
            raise CommandError("Nothing is locked down.") from refusal
        self.stdout.write("Lifted. People can sign in; mailings stay paused until somebody resumes them.")
