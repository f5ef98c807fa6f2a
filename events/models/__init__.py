from .requests import FormCounter, PressRequest, RequestEvent, RequestFile, RequestMessage

__all__ = ["FormCounter", "PressRequest", "RequestEvent", "RequestFile", "RequestMessage"]
