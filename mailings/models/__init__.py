from .attachment import Attachment
from .cards import Card, CardText, Coming, Greeting, Occasion, OccasionDate
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .handovers import Handover
from .holidays import Holiday
from .mailing import Mailing, MailingVersion
from .measuring import REASON_LABELS, Event, Evidence, Link, Loaded, Reader, Tally
from .particulars import FrameText, Hotline, Signatory
from .review import Comment, Probe
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "REASON_LABELS",
    "TRIAL_WAITS",
    "Attachment",
    "Card",
    "CardText",
    "Coming",
    "Comment",
    "Delivery",
    "Event",
    "Evidence",
    "Exclusion",
    "FrameText",
    "Greeting",
    "Handover",
    "Heartbeat",
    "Holiday",
    "Hotline",
    "Link",
    "Loaded",
    "Mailing",
    "MailingVersion",
    "Occasion",
    "OccasionDate",
    "Presence",
    "Probe",
    "Reader",
    "Revision",
    "SendingClock",
    "Signatory",
    "Tally",
    "TestLetter",
]
