"""Files and pictures of one language version: added clean, shown, described, removed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..files import Refused
from ..forms.particulars import DescriptionForm, FileForm
from ..models import Attachment, Mailing, MailingVersion
from ..states import WrongState


def files_of(mailing, language, **forms):
    """What `mailings/_attachments.html` shows, for whatever page includes it."""
    rows = mailing.attachments.filter(language=language)
    # A third more on the wire than on the disk.
    weight = rows.weight()
    return {
        "mailing": mailing,
        "language": language,
        "files": rows,
        "file_form": FileForm(),
        "description": DescriptionForm(),
        "weight": weight,
        "weight_limit": settings.LETTER_MAX_BYTES,
    } | forms


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request, pk, language):
    mailing = get_object_or_404(Mailing, pk=pk)
    if language not in MailingVersion.Language.values:
        raise Http404
    if not mailing.is_editable:
        return redirect("mailings:mailing-report", pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _attached(request, mailing, language, form):
        return redirect("mailings:mailing-files", pk=pk, language=language)
    return _page(request, mailing, language, file_form=form)


def _attached(request, mailing, language, form):
    words = form.cleaned_data
    alt = words["alt"] if words["use"] == Attachment.Use.PICTURE else ""
    try:
        attachment = actions.attach(mailing, language, form.cleaned, use=words["use"], alt=alt, by=request.user)
    except (Refused, WrongState) as refusal:
        form.add_error("file", str(refusal))
        return False
    if attachment.stripped:
        text = _("Added: “%(name)s”. Taken out of it: %(what)s.")
        messages.success(request, text % {"name": attachment.name, "what": attachment.taken_out})
    else:
        messages.success(request, _("Added: “%(name)s”.") % {"name": attachment.name})
    return True


def _page(request, mailing, language, **forms):
    """The page, or the part of it that another page shows."""
    context = files_of(mailing, language, **forms)
    name = "mailings/_attachments.html" if request.htmx and not request.htmx.boosted else "mailings/files.html"
    context["languages"] = MailingVersion.Language.choices
    wrong = any(form.errors for form in forms.values() if form.is_bound)
    return render(request, name, context, status=422 if wrong else 200)


def _attachment(pk):
    return get_object_or_404(Attachment.objects.select_related("mailing").exclude(use=Attachment.Use.LOGO), pk=pk)


@requires(Right.MAILINGS_WRITE)
@require_POST
def describe(request, pk):
    attachment = _attachment(pk)
    form = DescriptionForm(request.POST)
    if attachment.use != Attachment.Use.PICTURE:
        raise Http404
    if not form.is_valid():
        return _page(request, attachment.mailing, attachment.language, description=form)
    return _done(request, attachment, actions.describe_picture, alt=form.cleaned_data["alt"])


@requires(Right.MAILINGS_WRITE)
@require_POST
def remove(request, pk):
    return _done(request, _attachment(pk), actions.remove_attachment)


def _done(request, attachment, action, **how):
    try:
        action(attachment, **how, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("mailings:mailing-files", pk=attachment.mailing_id, language=attachment.language)


@requires(Right.MAILINGS_VIEW)
@require_safe
def content(request, pk):
    """The file itself: a picture to look at, anything else to keep."""
    return as_answer(get_object_or_404(Attachment, pk=pk))


def as_answer(attachment):
    answer = HttpResponse(attachment.content(), content_type=attachment.media_type)
    shown = attachment.media_type.startswith("image/")
    answer.headers["Content-Disposition"] = content_disposition_header(not shown, attachment.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Whatever is inside, no script of it runs here.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
