from .accounts import HOUR, WARM_AFTER, WARM_UP, Allowance, SendingAccount
from .attachment import Attachment
from .cards import Card, CardText, Coming, Greeting, Occasion, OccasionDate
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .editions import Edition
from .handovers import Handover
from .holidays import Holiday
from .mailing import Mailing, MailingVersion
from .particulars import FrameText, Hotline, Signatory
from .review import Comment, Probe
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "HOUR",
    "TRIAL_WAITS",
    "WARM_AFTER",
    "WARM_UP",
    "Allowance",
    "Attachment",
    "Card",
    "CardText",
    "Coming",
    "Comment",
    "Delivery",
    "Edition",
    "Exclusion",
    "FrameText",
    "Greeting",
    "Handover",
    "Heartbeat",
    "Holiday",
    "Hotline",
    "Mailing",
    "MailingVersion",
    "Occasion",
    "OccasionDate",
    "Presence",
    "Probe",
    "Revision",
    "SendingAccount",
    "SendingClock",
    "Signatory",
    "TestLetter",
]
