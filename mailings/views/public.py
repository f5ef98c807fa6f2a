"""What a recipient opens from a letter. No account, no cookie, no script; GET changes nothing."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.addresses import mask
from core.sealing import CannotUnseal
from core.signing import BadToken, read_token
from crm.models import Suppression

from .. import actions
from ..models import Delivery
from ..pipeline.render import UNSUBSCRIBE


@login_not_required
@csrf_exempt  # the token is the authority: mail programs post here without cookies (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    delivery = _delivery_of(token)
    if request.method == "POST":
        if request.POST.get("action") == "back":
            actions.resubscribe(delivery)
        else:
            actions.unsubscribe(delivery)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=200)
    return _page(request, delivery)


def _delivery_of(token):
    try:
        return Delivery.objects.select_related("mailing").get(pk=read_token(UNSUBSCRIBE, token))
    except (BadToken, Delivery.DoesNotExist) as error:
        raise Http404 from error


def _page(request, delivery):
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in dict(settings.LANGUAGES) else delivery.language
    stopped = Suppression.objects.filter(key=delivery.address_key).first()
    context = {"stopped": stopped, "language": language, "just_changed": request.method == "POST"}
    with override(language):
        return render(request, "public/unsubscribe.html", context | {"address": _masked(delivery)})


def _masked(delivery):
    """The recipient's own address, to be recognised and not learnt. Unsubscribing works without the key, too."""
    try:
        return mask(delivery.reveal())
    except CannotUnseal:
        return "•••"
