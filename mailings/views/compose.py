from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe
from js_asset import Media

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact

from .. import actions
from ..forms import VersionForm
from ..models import Mailing, MailingVersion
from ..permissions import Approver
from ..pipeline import preview as previews
from ..states import WrongState
from .audience import side_context

_PREVIEW_CSP = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}


def _mailing(pk):
    return get_object_or_404(Mailing.objects.for_list().prefetch_related("editors"), pk=pk)


def _version(mailing, language):
    if language not in MailingVersion.Language.values:
        raise Http404
    found = next((version for version in mailing.versions.all() if version.language == language), None)
    return found or MailingVersion(mailing=mailing, language=language)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request, pk, language):
    mailing = _mailing(pk)
    version = _version(mailing, language)
    if not mailing.is_editable:
        return redirect("mailings:mailing-report", pk=pk)
    form = VersionForm(request.POST or None, instance=version, initial={"revision": version.revision})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            actions.save_version(mailing, language, words=words, revision=words.pop("revision"), by=request.user)
        except actions.StaleText as stale:
            return _conflict(request, mailing, form, stale.theirs)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
            return _page(request, mailing, form)
        messages.success(request, _("Saved."))
        return redirect("mailings:mailing-compose", pk=pk, language=language)
    return _page(request, mailing, form)


def _conflict(request, mailing, form, theirs):
    """Both texts on one page. Saving from here replaces theirs: the person has seen it now."""
    form.add_error(None, _("A colleague saved this text meanwhile. Theirs is below; Save puts yours in its place."))
    form.data = form.data.copy()
    form.data["revision"] = theirs.revision
    return _page(request, mailing, form, theirs=theirs)


def _page(request, mailing, form, theirs=None):
    language = form.instance.language
    what = actions.approver_of(mailing, request.user)
    context = side_context(mailing, request.user) | {
        "form": form,
        "media": Media.from_media(form.media, nonce=request.csp_nonce),
        "language": language,
        "tabs": [(code, label, _version(mailing, code)) for code, label in MailingVersion.Language.choices],
        "theirs": theirs,
        "may_approve": what is not Approver.NONE,
        "alone": what is Approver.ALONE,
        "fingerprint": mailing.fingerprint(),
    }
    return render(request, "mailings/mailing_compose.html", context, status=422 if form.errors else 200)


@requires(Right.MAILINGS_VIEW)
@require_safe
@xframe_options_sameorigin
@csp(_PREVIEW_CSP)
def preview(request, pk, language):
    """The letter as it would arrive, in a frame of its own: mail needs inline styles, our pages forbid them."""
    version = _version(_mailing(pk), language)
    asked = request.GET.get("contact", "")
    visible = Contact.objects.visible_to(request.user)
    contact = get_object_or_404(visible, pk=asked) if asked.isdecimal() else None
    message = previews.sample(version, contact, with_files=False)
    if request.GET.get("part") == "text":
        return HttpResponse(message.text, content_type="text/plain; charset=utf-8")
    return HttpResponse(previews.page(message))
