from .attachment import Attachment
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .mailing import Mailing, MailingVersion
from .particulars import FrameText, Hotline, Signatory
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "TRIAL_WAITS",
    "Attachment",
    "Delivery",
    "Exclusion",
    "FrameText",
    "Heartbeat",
    "Hotline",
    "Mailing",
    "MailingVersion",
    "Presence",
    "Revision",
    "SendingClock",
    "Signatory",
    "TestLetter",
]
