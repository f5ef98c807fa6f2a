from . import companions
from .attachment import Attachment
from .cards import Card, CardText, Coming, Greeting, Occasion, OccasionDate
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .handovers import Handover
from .holidays import Holiday
from .mailing import Mailing, MailingVersion
from .particulars import FrameText, Hotline, Signatory
from .review import Comment, Probe
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "TRIAL_WAITS",
    "Attachment",
    "Card",
    "CardText",
    "Coming",
    "Comment",
    "Delivery",
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
    "SendingClock",
    "Signatory",
    "TestLetter",
    "companions",
]
