"""Say what is wrong with our domain and with this machine, and the line that mends it. What it cannot see it says."""

from django.utils import timezone

from ...models import Checkup
from . import domain, wire
from .finding import Finding, State
from .house import inside
from .letter import look_at_letter, not_looked_at
from .names import Names
from .words import from_json, told

__all__ = [
    "Finding",
    "Names",
    "State",
    "domain",
    "from_json",
    "inside",
    "look",
    "look_at_letter",
    "not_looked_at",
    "outside",
    "told",
]


def outside(names: Names | None = None) -> list[Finding]:
    """What name servers and our mail server say. It takes seconds: never within a request."""
    names, ours = names or Names(), domain.ours()
    return [
        domain.spf(names.texts, ours),
        domain.dkim(names.texts, ours),
        domain.dmarc(names.texts, ours),
        domain.answers(names),
        domain.pointer(names),
        wire.tls(),
        wire.mailbox(),
    ]


def look() -> int:
    """Answer what was asked on the page, the last question alone. Return how many answers that makes."""
    asked = Checkup.objects.first()
    if asked is None or not asked.is_looking:
        return 0
    asked.findings = [finding.as_json() for finding in outside()]
    asked.done_at = timezone.now()
    asked.save(update_fields=["findings", "done_at"])
    return 1
