"""What a recipient opens from a letter. No account, no cookie, no script; GET changes nothing."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.signing import BadToken, read_token

from ..models import Mailing, MailingVersion
from ..pipeline.frame import WEB_COPY
from ..pipeline.web_copy import copy_of, is_embargoed, is_withdrawn
from .attachments import as_answer

# No row has this number. A wrong token's is looked up all the same: it takes the way of one whose row is gone.
NOBODY = 2**63 - 1


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


def number_in(purpose, token):
    """The number in a token of this purpose; nobody's, where it is none."""
    try:
        return read_token(purpose, token)
    except BadToken:
        return NOBODY


def _published(token):
    """The mailing of a link, once it has begun to leave; never an official letter, which is to one addressee."""
    number = number_in(WEB_COPY, token)
    related = ["versions", "corrections__versions"]
    mailing = Mailing.objects.select_related("corrects").prefetch_related(*related).filter(pk=number).first()
    if mailing is None or not mailing.is_frozen or mailing.kind == Mailing.Kind.OFFICIAL:
        raise Http404
    return mailing
