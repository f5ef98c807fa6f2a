"""Whether the way out of a letter is under its signature: without that Gmail and Yahoo show no button (RFC 8058)."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.utils import parseaddr

from .domain import NEW_KEY
from .finding import Finding, State
from .sender import domain_of

NEEDED = ("list-unsubscribe", "list-unsubscribe-post")
# To OpenDKIM, which signs for most servers: what it signs anyhow, and these.
_SIGN_THEM = "SignHeaders *,+List-Unsubscribe,+List-Unsubscribe-Post"
MOST = 1024 * 1024


def look_at_letter(raw: bytes, domains: Sequence[str]) -> Finding:
    """Reads the head of a letter as it arrived in some mailbox. That the signature holds is the receiver's to say.

    `domains` are ours; the letter came from one of them, or is taken for one from the first.
    """
    head = message_from_bytes(raw[:MOST].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0], policy=policy.compat32)
    author = domain_of(parseaddr(str(head["From"]))[1])
    of = author if author in domains else domains[0]
    signatures = [_tags(str(value)) for value in head.get_all("DKIM-Signature", [])]
    if not signatures:
        return Finding("signed", State.ERROR, "signed_not", line=NEW_KEY, of=of)
    own = [tags for tags in signatures if _is_ours(tags.get("d", ""), of)]
    if not own:
        others = {"name": signatures[0].get("d", "")}
        return Finding("signed", State.ERROR, "signed_by_others", others, NEW_KEY, of)
    lacking = min((_lacking(tags) for tags in own), key=len)
    if lacking:
        return Finding("signed", State.ERROR, "signed_lacks", {"name": ", ".join(lacking)}, _SIGN_THEM, of)
    return Finding("signed", State.OK, "signed_ok", of=of)


def not_looked_at() -> Finding:
    return Finding("signed", State.UNSEEN, "signed_unseen", line="manage.py doctor --letter letter.eml")


def _is_ours(signer: str, domain: str) -> bool:
    """Aligned, as DMARC calls it when it is not strict."""
    signer = signer.casefold().strip(".")
    return bool(signer) and (signer == domain or domain.endswith(f".{signer}") or signer.endswith(f".{domain}"))


def _lacking(tags: dict[str, str]) -> list[str]:
    covered = {name.strip().casefold() for name in tags.get("h", "").split(":")}
    return [name for name in NEEDED if name not in covered]


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {tag.strip().casefold(): "".join(text.split()) for tag, sign, text in pairs if sign}
