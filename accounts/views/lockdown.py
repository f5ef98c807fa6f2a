"""The button that stops everything."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.rights import requires

from ..actions.lockdown import AlreadyLocked, NotLocked, lift, lock_down
from ..forms import LockdownForm
from ..models import Lockdown
from ..roles import Right


@requires(Right.LOCK_DOWN)
@require_http_methods(["GET", "HEAD", "POST"])
def lockdown(request):
    """Say exactly what will happen, then do it. No password is asked: in need it must be one click."""
    form = LockdownForm(request.POST or None, initial={"key_holder": request.user})
    if request.method == "POST" and form.is_valid():
        try:
            made = lock_down(by=request.user, **form.cleaned_data)
        except AlreadyLocked:
            return redirect("accounts:lockdown")
        # This person is signed out like everybody: the page must need no session.
        return render(request, "accounts/locked_down.html", {"lockdown": made})
    context = {
        "form": form,
        "lockdown": Lockdown.objects.on().first(),
        "past": Lockdown.objects.filter(is_on=False)[:5],
    }
    return render(request, "accounts/lockdown.html", context, status=422 if form.errors else 200)


@requires(Right.LOCK_DOWN)
@require_POST
@reauthentication_required
def lift_lockdown(request):
    try:
        lift(by=request.user)
    except NotLocked:
        messages.info(request, _("Nothing is locked down."))
    else:
        messages.success(request, _("The lock down is lifted. Mailings stay paused until somebody resumes them."))
    return redirect("accounts:lockdown")
