"""Links and the picture of measured letters. No cookie, no database: a visit goes into a file, the way is free."""

import logging
import time
from base64 import b64decode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from core.signing import BadToken

from ..measuring.agents import Agent, agent_of
from ..measuring.judge import Sort
from ..measuring.links import read_token, with_ascii_host
from ..pipeline import spool

logger = logging.getLogger(__name__)

_PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@login_not_required
@require_safe
def link(request, token):
    """Lead on to where the signed link says, whether the visit could be noted or not."""
    mark, url, is_trap = _read(token)
    if not url and not is_trap:
        raise Http404  # the picture's
    _note(request, spool.Line(mark, Sort.CLICK, _agent(request), time.time(), url, is_trap))
    return HttpResponse(status=204) if is_trap else HttpResponseRedirect(with_ascii_host(url))


@login_not_required
@require_safe
def picture(request, token):
    mark, url, is_trap = _read(token)
    if url or is_trap:
        raise Http404  # a link's
    _note(request, spool.Line(mark, Sort.OPEN, _agent(request), time.time()))
    return HttpResponse(_PICTURE, content_type="image/gif")


def _read(token):
    try:
        return read_token(token)
    except BadToken as error:
        raise Http404 from error


def _agent(request) -> Agent:
    """Browsers say so when they load ahead what nobody has asked for yet."""
    told = request.META
    ahead = told.get("HTTP_SEC_PURPOSE", "") + told.get("HTTP_PURPOSE", "")
    return Agent.PREVIEW if "prefetch" in ahead else agent_of(told.get("HTTP_USER_AGENT", ""))


def _note(request, line):
    """A look at the headers alone is nobody's visit; a full disk stops nobody on their way."""
    if request.method == "HEAD":
        return
    try:
        spool.keep(line)
    except OSError as error:
        logger.error("a visit could not be noted: %s", type(error).__name__)
