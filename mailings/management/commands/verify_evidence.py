from pathlib import Path

from django.core.management import BaseCommand, CommandError

from ...pipeline.ledger import Broken, verify


class Command(BaseCommand):
    help = "Check a signed file of evidence: its signature, its chain, its addresses. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", default="", help="the public key that the group has given out")

    def handle(self, *, file: Path, key: str, **options):
        try:
            content = verify(file.read_bytes(), key=key)
        except Broken as error:
            raise CommandError(f"Not valid: {error}.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        self.stdout.write(f"Valid. “{content['mailing']['title']}”, {len(content['entries'])} answers.")
        self.stdout.write(f"Made at {content['made_at']}, public key {content['public_key']}.")
        if not key:
            self.stdout.write("Compare the public key with the one that the group has given out, or name it: --key.")
        for entry in content["entries"]:
            who = content["recipients"].get(str(entry["number"]), {}).get("address", "(address not in the file)")
            self.stdout.write(f"{entry['number']}\t{entry['at']}\t{who}\t{entry['code']} {entry['reply']}")
