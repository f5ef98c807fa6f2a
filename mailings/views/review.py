"""A text read paragraph by paragraph, with what colleagues say about it."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..bodies import Paragraph, paragraphs
from ..forms import CommentForm
from ..models import Comment, Mailing, MailingVersion
from ..states import WrongState


@dataclass
class Commented:
    paragraph: Paragraph
    comments: list[Comment] = field(default_factory=list)


@requires(Right.MAILINGS_WRITE, Right.MAILINGS_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk, language):
    """POST adds a comment. What cannot be added stays in its field."""
    if language not in MailingVersion.Language.values:
        raise Http404
    mailing = get_object_or_404(Mailing.objects.for_list(), pk=pk)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = actions.comment(mailing, language, **form.cleaned_data, by=request.user)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{reverse('mailings:mailing-review', args=[pk, language])}#c{said.pk}")
    context = _read(mailing, language) | {"form": form}
    if form.errors and form["mark"].value() not in {one.paragraph.mark for one in context["texts"]}:
        context["lost"] = form["text"].value()
    return render(request, "mailings/mailing_review.html", context, status=422 if form.errors else 200)


def _read(mailing, language):
    """Two queries beside the mailing's own."""
    version = next((one for one in mailing.versions.all() if one.language == language), None)
    texts = {one.mark: Commented(one) for one in paragraphs(version)} if version else {}
    changed = []
    for comment in mailing.comments.filter(language=language).select_related("author", "resolved_by"):
        if comment.mark in texts:
            texts[comment.mark].comments.append(comment)
        else:
            changed.append(comment)
    return {
        "mailing": mailing,
        "language": language,
        "tabs": MailingVersion.Language.choices,
        "texts": list(texts.values()),
        "changed": changed,
    }


@requires(Right.MAILINGS_WRITE, Right.MAILINGS_APPROVE)
@require_POST
def settle(request, pk):
    """Settle a comment, or open it again."""
    comment = get_object_or_404(Comment.objects.select_related("mailing"), pk=pk)
    verb = actions.reopen_comment if request.POST.get("open") else actions.resolve
    verb(comment, by=request.user)
    messages.success(request, _("The comment is open again.") if request.POST.get("open") else _("Settled."))
    page = reverse("mailings:mailing-review", args=[comment.mailing_id, comment.language])
    return redirect(f"{page}#c{comment.pk}")
