"""Where mail services tell what became of letters. No account, no cookie: the secret of each post is its authority."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..actions.provider_events import take_events
from ..pipeline.provider_events import NotSetUp, Refused, read


@login_not_required
@csrf_exempt  # a service has no cookie; Anymail compares its secret or its signature in constant time
@never_cache
@require_http_methods(["HEAD", "POST"])
def receive(request, provider):
    if request.method == "HEAD":
        return HttpResponse()
    try:
        take_events(provider, read(provider, request))
    except NotSetUp as error:
        raise Http404 from error
    except Refused:
        if "Authorization" in request.headers:
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)
        # Some services say their secret only when they are asked for it.
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Basic"})
    return HttpResponse()
