"""Sending accounts, for administrators; and which of them a mailing takes."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..forms.accounts import AccountForm, ChooseAccountForm
from ..models import WARM_AFTER, WARM_UP, Heartbeat, Mailing, SendingAccount
from ..states import WrongState


@requires(Right.ACCOUNTS)
@require_safe
def account_list(request):
    accounts = SendingAccount.objects.select_related("test_asked_by")
    waits = any(account.waits_for_test for account in accounts)
    context = {"accounts": accounts, "waits": waits, "pulse": Heartbeat.pulse()}
    return render(request, "mailings/account_list.html", context)


@requires(Right.ACCOUNTS)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    return _edit(request, SendingAccount(), _("The account is there. Send a test letter before a mailing takes it."))


@requires(Right.ACCOUNTS)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def update(request, pk):
    done = _("Saved. Send a test letter to see that it works.")
    if request.method != "POST":
        return _edit(request, get_object_or_404(SendingAccount, pk=pk), done)
    with transaction.atomic():
        # Held, so that of two who save at once the second one is told.
        return _edit(request, get_object_or_404(SendingAccount.objects.select_for_update(), pk=pk), done)


def _edit(request, account, done):
    """Whoever changes where letters go proves once more who they are: all addresses pass there."""
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        secret, key = form.cleaned_data.get("password", ""), form.cleaned_data.get("dkim_key_text", "")
        try:
            actions.save_account(form.save(commit=False), secret=secret, key=key, by=request.user)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("mailings:account-list")
    context = {"form": form, "account": account, "warm_up": WARM_UP, "warm_after": WARM_AFTER}
    return render(request, "mailings/account_form.html", context, status=422 if form.errors else 200)


@requires(Right.ACCOUNTS)
@require_POST
def test(request, pk):
    said = _("A letter to %(address)s is on its way. The answer stands here in a moment.")
    return _do(request, pk, actions.ask_account_test, said % {"address": request.user.email})


@requires(Right.ACCOUNTS)
@require_POST
def close(request, pk):
    return _do(
        request, pk, actions.close_account, _("Closed. New mailings cannot take it; to undo this, open it again.")
    )


@requires(Right.ACCOUNTS)
@require_POST
def open_again(request, pk):
    return _do(request, pk, actions.open_account, _("Mailings can take it again."))


def _do(request, pk, action, said):
    account = get_object_or_404(SendingAccount, pk=pk)
    try:
        action(account, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("mailings:account-list")


@requires(Right.MAILINGS_WRITE)
@require_POST
def choose(request, pk):
    """Over which account a mailing leaves."""
    mailing = get_object_or_404(Mailing, pk=pk)
    form = ChooseAccountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This account is not there any more. Nothing was changed."))
    else:
        try:
            actions.choose_account(mailing, form.cleaned_data["account"], by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The sender is chosen."))
    return redirect("mailings:mailing-detail", pk=pk)
