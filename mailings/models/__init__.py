from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .mailing import Mailing, MailingVersion

__all__ = ["Delivery", "Exclusion", "Heartbeat", "Mailing", "MailingVersion", "SendingClock"]
