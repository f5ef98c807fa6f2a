from .after import Figures
from .door import DoorKeeper, DoorMark
from .event import Event, EventTask, ProgrammeItem, Quota, Series, Speaker, Venue
from .feed import Feed
from .invitation import RSVP, Call, Invitation, InvitationEvent
from .letters import EventLetter, EventMailing

__all__ = [
    "RSVP",
    "Call",
    "DoorKeeper",
    "DoorMark",
    "Event",
    "EventLetter",
    "EventMailing",
    "EventTask",
    "Feed",
    "Figures",
    "Invitation",
    "InvitationEvent",
    "ProgrammeItem",
    "Quota",
    "Series",
    "Speaker",
    "Venue",
]
