from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .mailing import Mailing, MailingVersion
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "TRIAL_WAITS",
    "Delivery",
    "Exclusion",
    "Heartbeat",
    "Mailing",
    "MailingVersion",
    "Presence",
    "Revision",
    "SendingClock",
    "TestLetter",
]
