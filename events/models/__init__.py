from .after import Figures, SignedList
from .asking import Particulars, Question, SignUp
from .door import DoorKeeper, DoorMark
from .event import Event, EventTask, ProgrammeItem, Quota, Series, Speaker, Venue
from .experts import Expert, SpeakerQuestion
from .feed import Feed
from .interviews import CHECKLIST, Interview
from .invitation import RSVP, Call, Invitation, InvitationEvent
from .letters import EventLetter, EventMailing
from .registry import OfficialLetter
from .remarks import Remark
from .requests import FormCounter, PressRequest, RequestEvent, RequestFile, RequestMessage

__all__ = [
    "CHECKLIST",
    "RSVP",
    "Call",
    "DoorKeeper",
    "DoorMark",
    "Event",
    "EventLetter",
    "EventMailing",
    "EventTask",
    "Expert",
    "Feed",
    "Figures",
    "FormCounter",
    "Interview",
    "Invitation",
    "InvitationEvent",
    "OfficialLetter",
    "Particulars",
    "PressRequest",
    "ProgrammeItem",
    "Question",
    "Quota",
    "Remark",
    "RequestEvent",
    "RequestFile",
    "RequestMessage",
    "Series",
    "SignUp",
    "SignedList",
    "Speaker",
    "SpeakerQuestion",
    "Venue",
]
