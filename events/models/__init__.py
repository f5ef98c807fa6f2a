from .experts import Expert, SpeakerQuestion
from .interviews import CHECKLIST, Interview
from .registry import OfficialLetter
from .requests import FormCounter, PressRequest, RequestEvent, RequestFile, RequestMessage

__all__ = [
    "CHECKLIST",
    "Expert",
    "FormCounter",
    "Interview",
    "OfficialLetter",
    "PressRequest",
    "RequestEvent",
    "RequestFile",
    "RequestMessage",
    "SpeakerQuestion",
]
