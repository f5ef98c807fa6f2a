from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.cache import cache
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms import TidyForm

from .adapters import AccountAdapter, MFAAdapter, guess_limits
from .models import User
from .roles import MAY_EXPORT, TEMPORARY, Role


class SettingsForm(TidyForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}


# The second step


class KnownDeviceLimit:
    """A code is checked under the limit of its device: who knows the password locks nobody out of a known one."""

    is_again = False

    def clean_code(self) -> str:
        request = context.request
        action, key = guess_limits(request, self.user, f"second-factor-{self.user.pk}")
        if not ratelimit.consume(request, app="allauth.account", action=action, key=key):
            raise forms.ValidationError(_("Too many attempts. Wait five minutes, then type a fresh code."))
        code = "".join(self.cleaned_data["code"].split()).replace("-", "")
        codes = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        for authenticator in codes:
            if authenticator.wrap().validate_code(code) and self._is_fresh(code):
                authenticator.user = self.user
                self.authenticator = authenticator
                ratelimit.clear(request, app="allauth.account", action=action, key=key)
                return code
        self._tell(codes.first())
        raise MFAAdapter().validation_error("incorrect_code")

    def _is_fresh(self, code: str) -> bool:
        """A code works once for as long as clocks may differ: allauth forgets a used one after half a minute."""
        return cache.add(f"code-used:{self.user.pk}:{code}", True, timeout=120)

    def _tell(self, authenticator: Authenticator | None) -> None:
        signals.authentication_failed.send(
            sender=Authenticator,
            request=context.request,
            user=self.user,
            authenticator=authenticator,
            reauthentication=self.is_again,
        )


class CodeForm(KnownDeviceLimit, AuthenticateForm):
    """A code of the app or a spare one, with or without spaces."""


class CodeAgainForm(KnownDeviceLimit, ReauthenticateForm):
    is_again = True


class KeyWithoutGuessing:
    """A passkey cannot be guessed, so it has no limit that somebody could use up for its owner."""

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        webauthn.parse_authentication_response(credential)
        return webauthn.complete_authentication(self.user, credential)


class KeyForm(KeyWithoutGuessing, AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(KeyWithoutGuessing, ReauthenticateWebAuthnForm):
    pass


class FirstCodeForm(ActivateTOTPForm):
    """The first code of a new app proves that the picture was read."""

    def clean_code(self):
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()


# Passwords


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(map(str, password_validators_help_texts()))

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        super().clean()
        if "password" in self.cleaned_data and self.cleaned_data["password"] != self.cleaned_data.get("again"):
            self.add_error("again", _("The two are not the same. Type the new password once more."))


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password", "again"]

    def clean_current(self):
        # Through the door of the sign-in: an unlocked laptop is no place to guess at leisure.
        if not AccountAdapter().reauthenticate(self.user, self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your present password. Nothing was changed."))
        return self.cleaned_data["current"]


# People


class PersonForm(TidyForm, forms.ModelForm):
    """What somebody may do, and until when."""

    class Meta:
        model = User
        fields = ["name", "email", "job_title", "role", "also_administers", "may_export", "expires_at", "language"]
        widgets = {
            "role": forms.RadioSelect,
            "language": forms.RadioSelect,
            "expires_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
        help_texts = {
            "email": _("They sign in with it, and letters of the product go there."),
            "expires_at": _("Empty: without end. An account of the door must end with its event."),
        }
        error_messages = {"email": {"unique": _("Somebody has an account with this address already.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("also_administers", "may_export"):
            self.fields[name].label = capfirst(self.fields[name].label)

    def clean_email(self):
        return self.cleaned_data["email"].casefold()

    def clean(self):
        super().clean()
        role = self.cleaned_data.get("role")
        if role in TEMPORARY and not self.cleaned_data.get("expires_at"):
            self.add_error("expires_at", _("Say when it ends: the door is open for one event only."))
        for name in ("also_administers", "may_export"):
            if role and role not in MAY_EXPORT and self.cleaned_data.get(name):
                self.add_error(name, _("Only the head and editors can have this in addition."))


class LockdownForm(TidyForm, forms.Form):
    """Why, and who alone may still sign in."""

    reason = forms.CharField(label=_("What happened"), max_length=300, required=False)
    key_holder = forms.ModelChoiceField(
        label=_("Key holder"),
        queryset=User.objects.none(),
        help_text=_("Only this person can sign in until the lock down is lifted."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key_holder"].queryset = User.objects.active().filter(role=Role.HEAD).order_by("name")


class RulesForm(forms.Form):
    """Which roles must have a second factor."""

    second_factor = forms.MultipleChoiceField(
        label=_("Second factor required"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
