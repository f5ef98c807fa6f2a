"""A form that arrives after its sender was signed out for being idle: kept until they are back, for them alone."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from .models import Session
from .sessions import digest

_KEY = "kept_form"
_MOST = 200_000  # characters; a statement with its markup is a tenth of that


@dataclass(frozen=True)
class KeptForm:
    path: str
    fields: list[tuple[str, str]]


def keep(request: HttpRequest) -> bool:
    """Put what was posted into the session of the browser, if we know who was signed in with it."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    owner = Session.objects.filter(session_key=digest(key)).values_list("user", flat=True).first()
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    fields = [(name, value) for name in names for value in request.POST.getlist(name)]
    is_secret = any(word in name for name in names for word in ("password", "code", "credential"))
    if owner is None or not fields or is_secret or request.FILES or sum(map(len, map(str, fields))) > _MOST:
        return False
    request.session[_KEY] = {"path": request.get_full_path(), "fields": fields, "owner": owner}
    return True


def kept_for(request: HttpRequest) -> KeptForm | None:
    """What this person left behind; never what somebody else did in the same browser."""
    kept = request.session.get(_KEY)
    if not kept or kept["owner"] != request.user.pk:
        return None
    return KeptForm(kept["path"], [(name, value) for name, value in kept["fields"]])


def drop(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
