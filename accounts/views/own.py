"""A person's own account: settings, password, second factor, devices, rights."""

from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.rights import requires

from .. import kept
from ..actions.own import change_settings, end_session, set_password, sign_out_others
from ..adapters import has_second_factor
from ..forms import ChangePasswordForm, SettingsForm
from ..models import RolePolicy
from ..roles import ADMINISTERS, EXPORTS, SUMMARIES, TABLE, Right, Role, holders
from ..sessions import digest


@requires(Right.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def personal_settings(request):
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_settings(form.instance, by=request.user)
        with override(request.user.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.DESK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        set_password(request.user, form.cleaned_data["password"], request=request)
        messages.success(request, _("The password is changed. All other devices are signed out."))
        return redirect("mfa_index")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


class SaysWhetherMissing:
    """Where the role demands a second factor and there is none, nothing else opens: the page offers nothing else."""

    def get_context_data(self, **context):
        demanded = RolePolicy.objects.demands_second_factor(self.request.user.role)
        missing = demanded and not has_second_factor(self.request.user)
        return super().get_context_data(**context) | {"demanded": demanded, "missing": missing}


class Security(SaysWhetherMissing, IndexView):
    """What protects the account."""

    template_name = "accounts/security.html"


class AddApp(SaysWhetherMissing, ActivateTOTPView):
    pass


class AddKey(SaysWhetherMissing, AddWebAuthnView):
    pass


@requires(Right.DESK)
@require_safe
def devices(request):
    sessions = request.user.sessions.alive().select_related("device")
    here = digest(request.session.session_key)
    minutes = int(settings.SESSION_IDLE.total_seconds() // 60)
    context = {"sessions": sessions, "here": here, "idle_minutes": minutes}
    return render(request, "accounts/device_list.html", context)


@requires(Right.DESK)
@require_POST
def end_device(request, key):
    session = get_object_or_404(request.user.sessions, session_key=key)
    end_session(session, by=request.user)
    messages.success(request, _("This device is signed out."))
    return redirect("accounts:device-list")


@requires(Right.DESK)
@require_POST
def end_other_devices(request):
    ended = sign_out_others(request.user, request=request)
    text = ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", ended)
    messages.success(request, text % {"count": ended})
    return redirect("accounts:device-list")


@requires(Right.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form(request):
    """Offer what was typed before the idle sign-out; a POST here drops it."""
    found = kept.kept_for(request)
    if request.method == "POST" or found is None:
        kept.drop(request)
        return redirect("dashboard:today")
    return render(request, "accounts/kept_form.html", {"kept": found})


@requires(Right.DESK)
@require_POST
def presence(request):
    """Somebody is writing: the middleware has noted it."""
    return HttpResponse(status=204)


@requires(Right.DESK)
@require_safe
def roles(request):
    """The whole table, and what of it is this person's."""
    mine = request.user.rights
    rows = [
        {
            "right": right,
            "roles": [right in TABLE[role] for role in Role],
            "is_mine": right in mine,
            "by_name": right in EXPORTS,
            "also": right in ADMINISTERS and right not in TABLE[Role.HEAD],
            "holders": [role.label for role in holders(right)],
        }
        for right in Right
    ]
    context = {
        "roles": [(role, SUMMARIES[role]) for role in Role],
        "rows": rows,
        "demanding": RolePolicy.objects.roles_with_second_factor(),
    }
    return render(request, "accounts/role_table.html", context)
