"""Signing in, in one or two steps, and by the link of an invitation."""

from functools import wraps

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .. import links
from ..actions.own import set_password
from ..forms import NewPasswordForm
from ..models import Lockdown
from ..stages import trust_device


def in_asked_language(view):
    """`?lang=` chooses the language of the entrance. The browser keeps it in a cookie; the server keeps nothing."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        language = request.GET.get("lang")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = view(request, *args, **kwargs)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, secure=request.is_secure(), samesite="Lax")
        return response

    return answer


@method_decorator(in_asked_language, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    # The demo room fills it: nothing is shown on a real installation.
    demo_accounts: list = []

    def get_context_data(self, **context):
        return super().get_context_data(demo_accounts=self.demo_accounts, **context)


class SignOut(LogoutView):
    """The browser forgets what it has kept; or all but what a page of ours has kept back, and emptied of names."""

    def post(self, request, *args, **kwargs):
        keeps = request.POST.get("keep") == "marks"
        response = super().post(request, *args, **kwargs)
        if keeps:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


@login_not_required
@require_POST
def leave_second_step(request):
    """Begin anew: the password typed before counts no more."""
    clear_login(request)
    return redirect("account_login")


@method_decorator(in_asked_language, name="dispatch")
class SecondStep(AuthenticateView):
    template_name = "accounts/second_step.html"

    def get_context_data(self, **context):
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**context) | {
            "issuer": settings.TOTP_ISSUER,
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_key": Authenticator.Type.WEBAUTHN in kinds,
        }

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
@in_asked_language
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
