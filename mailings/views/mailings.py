from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from core.views import FilteredListView

from .. import actions
from ..filters import MailingFilter
from ..forms import MailingForm
from ..models import Mailing
from ..permissions import Approver
from ..states import MailingStatus, WrongState


@method_decorator(requires(Right.MAILINGS_VIEW), name="dispatch")
class MailingList(FilteredListView):
    queryset = Mailing.objects.for_list()
    filterset_class = MailingFilter
    template_name = "mailings/mailing_list.html"
    partial_name = "mailings/_mailing_table.html"

    def get_context_data(self, **context):
        counts = dict(Mailing.objects.order_by().values_list("status").annotate(Count("pk")))
        tabs = [(status.value, status.label, counts[status]) for status in MailingStatus if status in counts]
        return super().get_context_data(tabs=tabs, total=sum(counts.values()), **context)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = MailingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        mailing = actions.create(**form.cleaned_data, by=request.user)
        return redirect("mailings:mailing-compose", pk=mailing.pk, language="ru")
    return render(request, "mailings/mailing_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.MAILINGS_VIEW)
@require_safe
def detail(request, pk):
    """Where a mailing is read: its text while it is being prepared, its report once it has left."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if mailing.is_frozen and not (mailing.is_second_way and request.user.may(Right.MAILINGS_WRITE)):
        return redirect("mailings:mailing-report", pk=pk)
    if not request.user.may(Right.MAILINGS_WRITE) and mailing.ready_languages:
        return redirect("mailings:mailing-preview", pk=pk, language=mailing.ready_languages[0])
    return redirect("mailings:mailing-compose", pk=pk, language="ru")


def step(request, pk, action, done, **arguments):
    """Do one step with a mailing and say in one sentence what came of it."""
    mailing = get_object_or_404(Mailing, pk=pk)
    try:
        result = action(mailing, by=request.user, **arguments)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done(result))
    return redirect("mailings:mailing-detail", pk=pk)


@requires(Right.MAILINGS_WRITE)
@require_POST
def submit(request, pk):
    return step(request, pk, actions.submit, lambda _r: _("Sent for approval. A colleague can approve it now."))


@requires(Right.MAILINGS_WRITE)
@require_POST
def return_to_draft(request, pk):
    return step(request, pk, actions.return_to_draft, lambda _r: _("It is a draft again."))


@requires(Right.MAILINGS_APPROVE)
@require_POST
def approve(request, pk):
    """A second person approves with one click; whoever has to do it alone proves once more who they are."""
    mailing = get_object_or_404(Mailing, pk=pk)
    is_alone = actions.approver_of(mailing, request.user) is Approver.ALONE
    return (reauthentication_required(_approve) if is_alone else _approve)(request, pk)


def _approve(request, pk):
    seen = request.POST.get("fingerprint", "")
    return step(request, pk, actions.approve, lambda _r: _("Approved. It can be sent now."), seen=seen)


@requires(Right.MAILINGS_SEND)
@require_POST
def pause(request, pk):
    return step(
        request, pk, actions.pause, lambda _r: _("Paused. Nothing more leaves until you send to the remaining ones.")
    )


@requires(Right.MAILINGS_SEND)
@require_POST
def resume(request, pk):
    return step(request, pk, actions.resume, lambda _r: _("Sending goes on."))


@requires(Right.MAILINGS_SEND)
@require_POST
def cancel(request, pk):
    def done(kept):
        text = ngettext("Stopped. %(count)s letter was not sent.", "Stopped. %(count)s letters were not sent.", kept)
        return text % {"count": kept}

    return step(request, pk, actions.cancel, done)
