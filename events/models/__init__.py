from .event import Event, EventTask, ProgrammeItem, Quota, Series, Speaker, Venue
from .invitation import Call, Invitation, InvitationEvent
from .letters import EventLetter

__all__ = [
    "Call",
    "Event",
    "EventLetter",
    "EventTask",
    "Invitation",
    "InvitationEvent",
    "ProgrammeItem",
    "Quota",
    "Series",
    "Speaker",
    "Venue",
]
