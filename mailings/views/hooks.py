"""Where mail services tell what became of letters. No account, no cookie: the secret of each post is its authority."""

import logging
from http import HTTPStatus
from threading import BoundedSemaphore

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..actions.provider_events import NotYet, take_events
from ..pipeline.provider_events import NotSetUp, Refused, read

logger = logging.getLogger(__name__)

SOON = "60"
# So many of a process's threads may be kept by mail services at once; the others are people's.
PLACES = BoundedSemaphore(2)


@login_not_required
@csrf_exempt  # a service has no cookie; Anymail compares its secret or its signature in constant time
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request, provider):
    # Services look whether somebody is there before they tell anything, some with the one, some with the other.
    if request.method in {"GET", "HEAD"}:
        return HttpResponse()
    if not PLACES.acquire(blocking=False):
        return _later(provider)
    try:
        return _taken(request, provider)
    finally:
        PLACES.release()


def _later(provider):
    """A service that is told so sends all of the post again; what is kept of it already changes nothing then."""
    logger.warning("%s was asked to tell it again", provider)
    return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": SOON})


def _taken(request, provider):
    try:
        take_events(provider, read(provider, request))
    except NotSetUp as error:
        raise Http404 from error
    except (OperationalError, NotYet):
        return _later(provider)
    except Refused:
        if "Authorization" in request.headers:
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        # Some services say their secret only when they are asked for it.
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Basic"})
    return HttpResponse()
