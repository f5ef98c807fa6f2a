from copy import copy

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from js_asset import Media

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact

from .. import actions
from ..forms import LanguagesForm, TestForm, VersionForm
from ..merge_fields import OFFERED
from ..models import Mailing, MailingVersion
from ..permissions import Approver
from ..pipeline import preview as previews
from ..pipeline.checks import missing_paragraphs
from ..states import WrongState
from .attachments import files_of
from .audience import side_context

_PREVIEW_CSP = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}
_READERS = 8
_TESTS = 3


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
    # A form of its own object: what is refused must not stand in the preview and the checks as if it were so.
    form = VersionForm(request.POST or None, instance=copy(version), initial={"revision": version.revision})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        revision = words.pop("revision")
        try:
            saved = actions.save_version(mailing, language, words=words, revision=revision, by=request.user)
        except actions.StaleText as stale:
            return _conflict(request, mailing, form, stale.theirs)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
            return _page(request, mailing, form)
        is_joined = saved.revision > revision + 1
        messages.success(request, _("Saved, together with what a colleague wrote.") if is_joined else _("Saved."))
        return redirect("mailings:mailing-compose", pk=pk, language=language)
    return _page(request, mailing, form)


def _conflict(request, mailing, form, theirs):
    """Both texts on one page. Saving from here replaces theirs: the person has seen it now."""
    form.add_error(None, _("A colleague changed the same place. Theirs is below; Save puts yours in its place."))
    form.data = form.data.copy()
    form.data["revision"] = theirs.revision
    return _page(request, mailing, form, theirs=theirs)


def _page(request, mailing, form, theirs=None):
    language = form.instance.language
    what = actions.approver_of(mailing, request.user)
    side = side_context(mailing, request.user)
    context = (
        side
        | files_of(mailing, language)
        | {
            "form": form,
            "media": Media.from_media(form.media, nonce=request.csp_nonce),
            "language": language,
            "version": _version(mailing, language),
            "tabs": [_tab(mailing, code) for code in MailingVersion.Language.values],
            "fields": OFFERED[language],
            "languages_form": _languages_form(mailing, language),
            "test_form": TestForm(user=request.user),
            "tests": mailing.test_letters.filter(asked_by=request.user).select_related("recipient")[:_TESTS],
            "readers": _readers(side["audience"], request.user),
            "theirs": theirs,
            "may_approve": what is not Approver.NONE,
            "alone": what is Approver.ALONE,
            "fingerprint": mailing.fingerprint(),
        }
    )
    return render(request, "mailings/mailing_compose.html", context, status=422 if form.errors else 200)


def _tab(mailing, code):
    version = _version(mailing, code)
    state = {"version": version, "missing": missing_paragraphs(mailing, version)}
    return state | {"is_stale": version.is_stale(mailing.source), "is_source": code == mailing.source_language}


def _languages_form(mailing, language):
    initial = {"source": mailing.source_language or language, "strict": mailing.strict_languages}
    return LanguagesForm(prefix="languages", initial=initial)


def _readers(audience, user):
    """Some of the audience whom this person may know of, to read the letter as they would."""
    some = [recipient.contact_id for recipient in audience.recipients[:50]]
    return Contact.objects.visible_to(user).filter(pk__in=some).order_by("pk").only("pk", "name")[:_READERS]


@requires(Right.MAILINGS_VIEW)
@require_safe
@xframe_options_sameorigin
@csp(_PREVIEW_CSP)
def preview(request, pk, language):
    """The letter as it would arrive, in a frame of its own: mail needs inline styles, our pages forbid them."""
    return _letter(request, _version(_mailing(pk), language))


@requires(Right.MAILINGS_WRITE)
@require_POST
@xframe_options_sameorigin
@csp(_PREVIEW_CSP)
def preview_typed(request, pk, language):
    """The same of a text as it is typed, which is kept nowhere."""
    version = _version(_mailing(pk), language)
    for name, text in VersionForm(request.POST, instance=version).typed().items():
        setattr(version, name, text)
    return _letter(request, version)


def _letter(request, version):
    asked = request.GET.get("contact", "")
    visible = Contact.objects.visible_to(request.user)
    contact = get_object_or_404(visible, pk=asked) if asked.isdecimal() else None
    message = previews.sample(version, contact, with_files=False)
    if request.GET.get("part") == "text":
        return HttpResponse(message.text, content_type="text/plain; charset=utf-8")
    return HttpResponse(previews.page(message))
