from .attachment import Attachment
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .mailing import Mailing, MailingVersion
from .particulars import FrameText, Hotline, Signatory

__all__ = [
    "Attachment",
    "Delivery",
    "Exclusion",
    "FrameText",
    "Heartbeat",
    "Hotline",
    "Mailing",
    "MailingVersion",
    "SendingClock",
    "Signatory",
]
