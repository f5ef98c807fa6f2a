"""Say what is wrong with our domain and with this machine, and the line that mends it. What it cannot see it says."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.utils import timezone

from ...message import Service
from ...models import Checkup
from . import domain, wire
from .finding import Finding, State
from .house import inside
from .letter import look_at_letter, not_looked_at
from .names import Names
from .sender import Sender, domain_of, domains, sender_of, senders
from .words import from_json, told

__all__ = [
    "Finding",
    "Names",
    "Sender",
    "State",
    "domain",
    "domains",
    "from_json",
    "inside",
    "look",
    "look_at_letter",
    "not_looked_at",
    "outside",
    "sender_of",
    "told",
]

_AT_ONCE = 8


def outside(names: Names | None = None) -> list[Finding]:
    """What name servers and mail servers say of every account. It takes seconds: never within a request."""
    looks = _looks(names or Names(), senders())
    # Where nobody answers each of them waits in vain, so they wait together; none touches the database.
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        return list(hands.map(lambda look: look(), looks))


def _looks(names: Names, ours: Sequence[Sender]) -> list[Callable[[], Finding]]:
    """What there is to look at, each thing once, however many accounts share it."""
    looks: dict[tuple, Callable[[], Finding]] = {}
    for sender in ours:
        name = sender.domain
        ways = dict.fromkeys(other.way for other in ours if other.domain == name)
        looks["spf", name] = partial(domain.spf, names.texts, name, list(ways))
        looks["dkim", name, sender.selector, sender.key] = partial(domain.dkim, names.texts, sender)
        looks["dmarc", name] = partial(domain.dmarc, names.texts, name)
        if sender.sample:
            looks["signed", name, sender.selector] = partial(look_at_letter, sender.sample, [name])
        looks["tls", sender.service, sender.host, sender.port] = partial(wire.tls, sender)
        if sender.service == Service.SMTP:
            looks["ptr", sender.host] = partial(domain.pointer, names, sender.host)
    # Of a letter over a line of ours it is the return path whose record is evaluated; a service has its own.
    path, over_lines = domain_of(settings.MAIL_BOUNCES_TO), [one for one in ours if one.service == Service.SMTP]
    if path and (others := dict.fromkeys(one.domain for one in over_lines if one.domain != path)):
        ways = dict.fromkeys(one.way for one in ours if one in over_lines or one.domain == path)
        looks["spf", path] = partial(domain.spf_of_path, names.texts, path, list(ways), list(others))
    return [*looks.values(), partial(domain.answers, names), wire.mailbox]


def look() -> int:
    """Answer what was asked on the page, the last question alone. Return how many answers that makes."""
    asked = Checkup.objects.first()
    if asked is None or not asked.is_looking:
        return 0
    asked.findings = [finding.as_json() for finding in outside()]
    asked.done_at = timezone.now()
    asked.save(update_fields=["findings", "done_at"])
    return 1
