"""Look at what takes a network or another program, for who asked: links, our domain, the spam score. Sends no letter.

A worker does it, never a request; what it cannot see it says it has not looked at.
"""

import ipaddress
import logging
import shutil
import socket
import subprocess
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.utils import timezone
from lxml import html

from ..models import Mailing, MailingVersion, Probe
from . import preview
from .doctor import Finding, Names, State, domain
from .transport import as_bytes

logger = logging.getLogger(__name__)

SECONDS = 8
MOST_LINKS = 40
# A worker that died at it leaves the question open; after this it is asked of the world no more.
_STALE = timedelta(hours=1)
_AGENT = {"User-Agent": "Mozilla/5.0 (compatible; link check)"}


def look() -> int:
    """Answer what was asked. Return how many answers that makes."""
    waiting = Probe.objects.filter(done_at=None, asked_at__gte=timezone.now() - _STALE).select_related("mailing")
    return sum(_look(probe) for probe in waiting)


def _look(probe: Probe) -> int:
    try:
        answer = _LOOKS[probe.kind](probe.mailing)
    # Whatever the reason, it was not looked at; the next question is not to blame.
    except Exception as error:
        logger.error("probe %s of mailing %s: %s", probe.kind, probe.mailing_id, type(error).__name__)
        answer = {"unseen": True}
    # Somebody may have asked again meanwhile, of another text.
    asked = Probe.objects.filter(pk=probe.pk, asked_at=probe.asked_at)
    return asked.update(answer=answer, done_at=timezone.now())


# Links


def links_of(mailing: Mailing) -> list[str]:
    """The web addresses in every version, each once, in order."""
    bodies = [version.body for version in mailing.versions.all() if version.body.strip()]
    found = [href for body in bodies for href in html.fromstring(f"<div>{body}</div>").xpath(".//a/@href")]
    return list(dict.fromkeys(href for href in found if href.startswith(("http://", "https://"))))


def look_at_links(mailing: Mailing, *, is_allowed: Callable[[str], bool] | None = None) -> dict:
    links = links_of(mailing)[:MOST_LINKS]
    answers = {link: open_link(link, is_allowed or is_public) for link in links}
    if links and set(answers.values()) == {"no answer"}:
        return {"unseen": True}
    return {"count": len(links), "broken": [[link, why] for link, why in answers.items() if why]}


def open_link(link: str, is_allowed: Callable[[str], bool]) -> str:
    """Why a link does not open, or nothing. Redirections are followed by the reader, not by us."""
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
        if not is_allowed(host):
            return "no public address"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        status = _status(kind, host, port, path, "HEAD")
        if status in {403, 405, 501}:
            status = _status(kind, host, port, path, "GET")
    except (OSError, HTTPException):
        return "no answer"
    except ValueError:
        return "no address"
    return "" if status < 400 else str(status)


def _status(kind: type[HTTPConnection], host: str, port: int | None, path: str, method: str) -> int:
    connection = kind(host, port, timeout=SECONDS)
    try:
        connection.request(method, path, headers=_AGENT)
        return connection.getresponse().status
    finally:
        connection.close()


def is_public(host: str) -> bool:
    """Whether a name leads out of here: nobody looks into our own network through a link. Raises OSError."""
    found = {address[4][0] for address in socket.getaddrinfo(host, None)}
    return bool(found) and all(ipaddress.ip_address(one).is_global for one in found)


# Our domain


def look_at_domain(_mailing: Mailing, *, ask: Callable[[str], list[str] | None] | None = None) -> dict:
    """What the name servers say of the domain that our letters come from."""
    ask, name = ask or Names().texts, domain.ours()
    found = {"SPF": domain.spf(ask, name), "DMARC": domain.dmarc(ask, name), "DKIM": domain.dkim(ask, name)}
    states = {record: _in_a_word(finding) for record, finding in found.items()}
    if states["SPF"] == states["DMARC"] == "unseen":
        return {"unseen": True}
    return {"domain": name, **states}


def _in_a_word(finding: Finding) -> str:
    """What a writer is told; the page of the domain says more, to who can mend it."""
    if finding.code == "dkim_no_selector":
        return "no_selector"
    if finding.state in {State.OK, State.UNSEEN}:
        return str(finding.state)
    return "missing" if finding.code.endswith(("_missing", "_revoked")) else "weak"


# Spam score


def look_at_spam(mailing: Mailing) -> dict:
    """What SpamAssassin says of each version by its local rules: it asks nobody on the network."""
    program = shutil.which("spamassassin")
    if not program:
        return {"unseen": True}
    ready = [version for version in mailing.versions.select_related("mailing") if version.is_ready]
    return {"scores": {version.language: _score(program, version) for version in ready}}


def _score(program: str, version: MailingVersion) -> float:
    letter = as_bytes(preview.sample(version))
    marked = subprocess.run([program, "-L"], input=letter, capture_output=True, timeout=60, check=True).stdout
    return score_in(marked.decode("utf-8", "replace"))


def score_in(letter: str) -> float:
    """The number in the header that SpamAssassin adds. Raises ValueError where there is none."""
    status = next((line for line in letter.splitlines() if line.startswith("X-Spam-Status:")), "")
    return float(status.partition("score=")[2].split(" ")[0])


_LOOKS = {Probe.Kind.LINKS: look_at_links, Probe.Kind.DOMAIN: look_at_domain, Probe.Kind.SPAM: look_at_spam}
