"""Gathering a review from what was sent and what was published."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..forms.gathering import GatherForm
from ..models import Mailing
from ..states import WrongState


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def gather(request, pk):
    review = get_object_or_404(Mailing, pk=pk, kind=Mailing.Kind.REVIEW)
    if not review.is_editable:
        return redirect("mailings:mailing-report", pk=pk)
    form = GatherForm(request.POST or None, review=review)
    if request.method == "POST" and form.is_valid() and (told := _gathered(request, review, form)):
        return redirect("mailings:mailing-compose", pk=pk, language=told[0])
    context = {"mailing": review, "form": form}
    return render(request, "mailings/mailing_gather.html", context, status=422 if form.errors else 200)


def _gathered(request, review, form):
    """The languages it was put into; none where none of them has a text of what was chosen."""
    chosen = form.cleaned_data
    try:
        told = actions.gather(review, list(chosen["mailings"]), chosen["clippings"], by=request.user)
    except WrongState as refusal:
        form.add_error(None, str(refusal))
        return []
    if told:
        messages.success(request, _("Added under the text of each language."))
    else:
        form.add_error("mailings", _("Nothing of this is written in a language of the review."))
    return told
