"""Addresses of accounts. allauth knows its views by global names, so `allauth_names` stands outside the namespace."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path
from django.views.generic import RedirectView

from core.rights import opens_without_factor, requires

from .roles import Right
from .views import lockdown, own, people, sign_in

own_account = requires(Right.DESK)
SECURITY = "settings/security/"


def to_set_up(view):
    """A page that is open to somebody whose second factor is still missing."""
    return opens_without_factor(own_account(view))


allauth_names = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", sign_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-out/", to_set_up(sign_in.SignOut.as_view()), name="account_logout"),
    path("confirm/", to_set_up(ReauthenticateView.as_view()), name="account_reauthenticate"),
    path("confirm/code/", own_account(CodeAgainView.as_view()), name="mfa_reauthenticate"),
    path("confirm/key/", own_account(keys.ReauthenticateWebAuthnView.as_view()), name="mfa_reauthenticate_webauthn"),
    path(SECURITY, to_set_up(own.Security.as_view()), name="mfa_index"),
    path(f"{SECURITY}app/", to_set_up(own.AddApp.as_view()), name="mfa_activate_totp"),
    path(f"{SECURITY}app/remove/", own_account(app.DeactivateTOTPView.as_view()), name="mfa_deactivate_totp"),
    path(f"{SECURITY}codes/", own_account(codes.ViewRecoveryCodesView.as_view()), name="mfa_view_recovery_codes"),
    path(
        f"{SECURITY}codes/new/",
        own_account(codes.GenerateRecoveryCodesView.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        f"{SECURITY}codes/file/",
        own_account(codes.DownloadRecoveryCodesView.as_view()),
        name="mfa_download_recovery_codes",
    ),
    path(f"{SECURITY}keys/", own_account(RedirectView.as_view(pattern_name="mfa_index")), name="mfa_list_webauthn"),
    path(f"{SECURITY}keys/new/", to_set_up(own.AddKey.as_view()), name="mfa_add_webauthn"),
    path(
        f"{SECURITY}keys/<int:pk>/remove/",
        own_account(keys.RemoveWebAuthnView.as_view()),
        name="mfa_remove_webauthn",
    ),
]

app_name = "accounts"
urlpatterns = [
    path("sign-in/leave/", sign_in.leave_second_step, name="leave-second-step"),
    path("join/<str:token>/", sign_in.join, name="join"),
    path("settings/", own.personal_settings, name="settings"),
    path("settings/kept/", own.kept_form, name="kept-form"),
    path("settings/presence/", own.presence, name="presence"),
    path("settings/password/", own.password, name="password"),
    path("settings/devices/", own.devices, name="device-list"),
    path("settings/devices/others/end/", own.end_other_devices, name="device-end-others"),
    path("settings/devices/<str:key>/end/", own.end_device, name="device-end"),
    path("people/", people.people_list, name="user-list"),
    path("people/roles/", own.roles, name="role-table"),
    path("people/rules/", people.rules, name="rules"),
    path("people/invite/", people.invite, name="user-invite"),
    path("people/<int:pk>/", people.person, name="user-detail"),
    path("people/<int:pk>/edit/", people.edit, name="user-update"),
    path("people/<int:pk>/close/", people.close, name="user-close"),
    path("people/<int:pk>/open/", people.open_again, name="user-open"),
    path("people/<int:pk>/send-link/", people.send_link, name="user-send-link"),
    path("people/<int:pk>/show-link/", people.show_link, name="user-show-link"),
    path("people/<int:pk>/reset-factor/", people.reset_second_factor, name="user-reset-factor"),
    path("people/<int:pk>/sign-out/", people.sign_out, name="user-sign-out"),
    path("lockdown/", lockdown.lockdown, name="lockdown"),
    path("lockdown/lift/", lockdown.lift_lockdown, name="lockdown-lift"),
]
