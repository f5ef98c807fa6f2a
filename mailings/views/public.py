"""What a recipient opens from a letter. No account, no cookie, no script; GET changes nothing."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.addresses import mask
from core.sealing import CannotUnseal
from core.signing import BadToken, read_token
from crm.models import Suppression

from .. import actions
from ..models import Delivery, Mailing, MailingVersion
from ..pipeline.frame import WEB_COPY
from ..pipeline.render import UNSUBSCRIBE
from ..pipeline.web_copy import copy_of, is_embargoed, is_withdrawn
from .attachments import as_answer

# No row has these numbers. A wrong token's is looked up all the same: it takes the way of one whose row is gone.
# Right tokens of the other stand in previews and test letters.
NOBODY, OF_A_TEST = 2**63 - 1, 0


@login_not_required
@csrf_exempt  # the token is the authority: mail programs post here without cookies (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    number = _number_in(token)
    if number == OF_A_TEST:
        return _test_page(request)
    delivery = _delivery(number)
    if request.method == "POST":
        if request.POST.get("action") == "back":
            actions.resubscribe(delivery)
        else:
            actions.unsubscribe(delivery)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=200)
    return _page(request, delivery)


def _test_page(request):
    """The link of a test letter works, and changes nothing: there is no reader behind it."""
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=200)
    language = _chosen(request, settings.LANGUAGE_CODE)
    with override(language):
        return render(request, "public/test_letter.html", {"language": language})


def _chosen(request, otherwise):
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else otherwise


def _number_in(token):
    try:
        return read_token(UNSUBSCRIBE, token)
    except BadToken:
        return NOBODY


def _delivery(number):
    delivery = Delivery.objects.select_related("mailing").filter(pk=number).first()
    if delivery is None:
        raise Http404
    return delivery


def _page(request, delivery):
    language = _chosen(request, delivery.language)
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


@login_not_required
@never_cache
@require_safe
def web_copy(request, token):
    """A mailing as anybody may read it who has the link: after its embargo, with nobody's name in it."""
    mailing = _published(token)
    versions = {version.language: version for version in mailing.versions.all() if version.is_ready}
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in versions else next((code for code in ("ru", "tg", "en") if code in versions), "")
    if not language:
        raise Http404
    with override(language):
        if mailing.is_second_way:
            return render(request, "public/being_corrected.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        if is_embargoed(mailing):
            return render(request, "public/embargo.html", {"until": mailing.embargo_until}, status=HTTPStatus.FORBIDDEN)
        context = copy_of(versions[language]) | {"token": token, "others": _others(versions, language)}
        return render(request, "public/web_copy.html", context, status=_status(mailing))


def _others(versions, language):
    labels = dict(MailingVersion.Language.choices)
    return [(code, labels[code], version.subject) for code, version in versions.items() if code != language]


def _status(mailing):
    """What was taken back is said to be gone, and why, with its text under the notice no more."""
    return HTTPStatus.GONE if is_withdrawn(mailing) else HTTPStatus.OK


@login_not_required
@never_cache
@require_safe
def web_file(request, token, pk):
    """A file of the web copy, under the same conditions."""
    mailing = _published(token)
    if is_embargoed(mailing) or is_withdrawn(mailing) or mailing.is_second_way:
        raise Http404
    return as_answer(get_object_or_404(mailing.attachments, pk=pk))


def _published(token):
    """The mailing of a link, once it has begun to leave; never an official letter, which is to one addressee."""
    try:
        number = read_token(WEB_COPY, token)
    except BadToken:
        number = NOBODY
    mailing = Mailing.objects.prefetch_related("versions").filter(pk=number).first()
    if mailing is None or not mailing.is_frozen or mailing.kind == Mailing.Kind.OFFICIAL:
        raise Http404
    return mailing
