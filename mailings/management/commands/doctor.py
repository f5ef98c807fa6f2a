import json
from pathlib import Path

import dns.resolver
from django.core.management import BaseCommand, CommandError

from ...pipeline import doctor

_SIGNS = {"ok": "+", "warning": "!", "error": "x", "unseen": "?"}


class Command(BaseCommand):
    help = "Look at our domain and at this machine, and say what to add. It ends with 1 where something is wrong."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="a JSON list instead of text")
        parser.add_argument("--letter", metavar="FILE", help="a letter of ours as it arrived, to look at its signature")
        parser.add_argument("--name-server", metavar="ADDRESS[:PORT]", help="ask this name server")

    def handle(self, **options):
        names = doctor.Names(_resolver(options["name_server"]))
        findings = [*doctor.outside(names), _letter(options["letter"]), *doctor.inside()]
        if options["json"]:
            answer = [finding.as_json() | {"text": str(doctor.told(finding)["text"])} for finding in findings]
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self._tell(doctor.told(finding))
        if any(finding.state is doctor.State.ERROR for finding in findings):
            raise SystemExit(1)

    def _tell(self, told):
        self.stdout.write(f"{_SIGNS[told['state']]} {told['title']}: {told['text']}")
        if told["line"]:
            self.stdout.write(f"    {told['where']} {told['line']}")


def _resolver(given: str | None) -> dns.resolver.Resolver | None:
    if not given:
        return None
    address, _colon, port = given.partition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], int(port or 53)
    return resolver


def _letter(path: str | None) -> doctor.Finding:
    if not path:
        return doctor.not_looked_at()
    try:
        return doctor.look_at_letter(Path(path).read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
