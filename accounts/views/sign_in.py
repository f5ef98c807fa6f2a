"""Signing in, in one or two steps, and by the link of an invitation."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .. import links
from ..actions.own import set_password
from ..forms import NewPasswordForm
from ..models import Lockdown
from ..stages import trust_device


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    # The demo room fills it: nothing is shown on a real installation.
    demo_accounts: list = []

    def get_context_data(self, **context):
        return super().get_context_data(demo_accounts=self.demo_accounts, **context)


@login_not_required
@require_POST
def leave_second_step(request):
    """Begin anew: the password typed before counts no more."""
    clear_login(request)
    return redirect("account_login")


class SecondStep(AuthenticateView):
    template_name = "accounts/second_step.html"

    def get_context_data(self, **context):
        return super().get_context_data(**context) | {"issuer": settings.TOTP_ISSUER}

    def form_valid(self, form):
        user = self.stage.login.user
        response = super().form_valid(form)
        if self.request.POST.get("trust"):
            trust_device(self.request, user)
        return response


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """Choose a password by the link of an invitation. Looking at the page changes nothing; mail scanners do."""
    user = None if Lockdown.objects.on().exists() else links.owner_of(token)
    if user is None:
        return render(request, "accounts/dead_link.html", status=404)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user, form.cleaned_data["password"], request=request)
        record_authentication(request, user, method="password", reauthenticated=True)
        return perform_login(request, Login(user=user, email=user.email))
    context = {"form": form, "person": user}
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)
