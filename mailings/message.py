"""The letter as the transport knows it, and what the transport answers. Knows no models."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Message:
    """One letter to one address. There is no way to name a second recipient."""

    message_id: str
    envelope_from: str
    sender: str
    to: str
    subject: str
    html: str
    text: str
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    # Our own relay, password or quota: nobody's address is to blame.
    OWN_FAULT = "own_fault"
    # The connection broke after the text was handed over: it may have been accepted.
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Receipt:
    """What became of one letter: the outcome, the SMTP code (0 when there was none) and the server's own words."""

    outcome: Outcome
    code: int = 0
    reply: str = ""
