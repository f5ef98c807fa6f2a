from .experts import Expert, SpeakerQuestion
from .interviews import CHECKLIST, Interview
from .requests import FormCounter, PressRequest, RequestEvent, RequestFile, RequestMessage

__all__ = [
    "CHECKLIST",
    "Expert",
    "FormCounter",
    "Interview",
    "PressRequest",
    "RequestEvent",
    "RequestFile",
    "RequestMessage",
    "SpeakerQuestion",
]
