from .experts import Expert, SpeakerQuestion
from .requests import FormCounter, PressRequest, RequestEvent, RequestFile, RequestMessage

__all__ = [
    "Expert",
    "FormCounter",
    "PressRequest",
    "RequestEvent",
    "RequestFile",
    "RequestMessage",
    "SpeakerQuestion",
]
