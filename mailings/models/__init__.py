from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .holidays import Holiday
from .mailing import Mailing, MailingVersion
from .review import Comment, Probe

__all__ = [
    "Comment",
    "Delivery",
    "Exclusion",
    "Heartbeat",
    "Holiday",
    "Mailing",
    "MailingVersion",
    "Probe",
    "SendingClock",
]
