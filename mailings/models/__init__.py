from .cards import Card, CardText, Coming, Greeting, Occasion, OccasionDate
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .handovers import Handover
from .holidays import Holiday
from .mailing import Mailing, MailingVersion
from .review import Comment, Probe

__all__ = [
    "Card",
    "CardText",
    "Coming",
    "Comment",
    "Delivery",
    "Exclusion",
    "Greeting",
    "Handover",
    "Heartbeat",
    "Holiday",
    "Mailing",
    "MailingVersion",
    "Occasion",
    "OccasionDate",
    "Probe",
    "SendingClock",
]
