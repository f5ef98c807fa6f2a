"""What people asked about their own data and have confirmed: for who may erase."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..models import OwnDataRequest


@requires(Right.CONTACTS_ERASE)
@require_safe
def waiting(request):
    found = OwnDataRequest.objects.visible_to(request.user).waiting().order_by("confirmed_at")
    context = {"requests": found.select_related("delivery__contact")}
    return render(request, "mailings/own_data_list.html", context)


@requires(Right.CONTACTS_ERASE)
@require_POST
def settle(request, pk):
    found = get_object_or_404(OwnDataRequest.objects.visible_to(request.user), pk=pk)
    actions.settle(found, by=request.user)
    messages.success(request, _("Settled. It stays written in the journal."))
    return redirect("mailings:own-data-list")
