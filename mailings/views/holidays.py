"""The official holidays that sending should not clash with."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..forms import HolidayForm
from ..models import Holiday


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request):
    """All of them; POST adds one."""
    return _page(request, HolidayForm(request.POST or None))


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    return _page(request, HolidayForm(request.POST or None, instance=get_object_or_404(Holiday, pk=pk)))


def _page(request, form):
    if request.method == "POST" and form.is_valid():
        actions.save_holiday(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("mailings:holiday-list")
    # Of the one that is changed the page shows what is kept, not what was refused.
    context = {"form": form, "holidays": Holiday.objects.all(), "changed": form.instance.pk}
    return render(request, "mailings/holiday_list.html", context, status=422 if form.errors else 200)


@requires(Right.MAILINGS_WRITE)
@require_POST
def delete(request, pk):
    holiday = get_object_or_404(Holiday, pk=pk)
    actions.delete_holiday(holiday, by=request.user)
    messages.success(request, _("“%(name)s” is a holiday no more. To take it back, add it again.") % {"name": holiday})
    return redirect("mailings:holiday-list")
