from . import companions
from .accounts import HOUR, WARM_AFTER, WARM_UP, Allowance, SendingAccount
from .attachment import Attachment
from .cards import Card, CardText, Coming, Greeting, Occasion, OccasionDate
from .clock import SendingClock
from .delivery import Delivery, Exclusion, Heartbeat
from .editions import Edition
from .handovers import Handover
from .holidays import Holiday
from .incoming import Incoming, MailboxPlace, ProviderEvent
from .mailing import ApprovedList, Mailing, MailingVersion
from .measuring import REASON_LABELS, Event, Evidence, Link, Loaded, Reader, Tally
from .own_data import LINK_WORKS, ONE_LETTER_IN, OWN_DATA, OwnDataRequest
from .particulars import FrameText, Hotline, Signatory
from .review import Checkup, Comment, Probe
from .trial import TRIAL_WAITS, TestLetter
from .writing import Presence, Revision

__all__ = [
    "HOUR",
    "LINK_WORKS",
    "ONE_LETTER_IN",
    "OWN_DATA",
    "REASON_LABELS",
    "TRIAL_WAITS",
    "WARM_AFTER",
    "WARM_UP",
    "Allowance",
    "ApprovedList",
    "Attachment",
    "Card",
    "CardText",
    "Checkup",
    "Coming",
    "Comment",
    "Delivery",
    "Edition",
    "Event",
    "Evidence",
    "Exclusion",
    "FrameText",
    "Greeting",
    "Handover",
    "Heartbeat",
    "Holiday",
    "Hotline",
    "Incoming",
    "Link",
    "Loaded",
    "MailboxPlace",
    "Mailing",
    "MailingVersion",
    "Occasion",
    "OccasionDate",
    "OwnDataRequest",
    "Presence",
    "Probe",
    "ProviderEvent",
    "Reader",
    "Revision",
    "SendingAccount",
    "SendingClock",
    "Signatory",
    "Tally",
    "TestLetter",
    "companions",
]
