from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.cache import cache
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.opened import Opened
from core.forms import TidyForm

from .adapters import AccountAdapter, MFAAdapter, guess_limits
from .models import User
from .roles import MAY_EXPORT, SUMMARIES, TEMPORARY, Role

_NO_NAME = _("Type the name and surname.")
_NO_EMAIL = _("Type the e-mail.")
_NO_PASSWORD = _("Type the password.")
_NO_LANGUAGE = _("Choose a language.")


class SaysWhatIsMissing:
    """For forms whose fields are made elsewhere: what an empty field asks for, in words of its own."""

    missing: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, text in self.missing.items():
            self.fields[name].error_messages["required"] = text


class SettingsForm(TidyForm, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "theme"]
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}
        error_messages = {
            "name": {"required": _NO_NAME},
            "language": {"required": _NO_LANGUAGE},
            "theme": {"required": _("Choose how the desk looks.")},
        }


# The first step


class SignInForm(SaysWhatIsMissing, LoginForm):
    missing = {"login": _NO_EMAIL, "password": _NO_PASSWORD}


class PasswordAgainForm(SaysWhatIsMissing, PasswordForm):
    missing = {"password": _NO_PASSWORD}


# The second step


class KnownDeviceLimit(SaysWhatIsMissing):
    """A code is checked under the limit of its device: who knows the password locks nobody out of a known one."""

    missing = {"code": _("Type the code.")}
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


class NewKeyForm(SaysWhatIsMissing, AddWebAuthnForm):
    missing = {"credential": _("The device did not answer or refused. Nothing was changed; try again.")}


class FirstCodeForm(SaysWhatIsMissing, ActivateTOTPForm):
    """The first code of a new app proves that the picture was read."""

    missing = {"code": _("Type the six digits.")}

    @property
    def secret_in_fours(self) -> list[str]:
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]

    def clean_code(self):
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()


# Passwords


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        error_messages={"required": _("Type the new password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        error_messages={"required": _("Type the new password once more.")},
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
        error_messages={"required": _("Type the present password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password", "again"]

    def clean_current(self):
        # Through the door of the sign-in: an unlocked laptop is no place to guess at leisure.
        if not AccountAdapter().reauthenticate(self.user, self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your present password. Nothing was changed."))
        return self.cleaned_data["current"]


# People


class PersonForm(Opened, TidyForm, forms.ModelForm):
    """What somebody may do, and until when."""

    saved_as = "accounts.user.changed"

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
        error_messages = {
            "name": {"required": _NO_NAME},
            "email": {
                "required": _NO_EMAIL,
                "unique": _("Somebody has an account with this address already."),
            },
            "role": {"required": _("Choose a role.")},
            "language": {"required": _NO_LANGUAGE},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("also_administers", "may_export"):
            self.fields[name].label = capfirst(self.fields[name].label)
        self.fields["role"].choices = [
            (role, format_html('{}<small class="choice__more">{}</small>', role.label, SUMMARIES[role]))
            for role in Role
        ]

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

    mark_optional = True
    reason = forms.CharField(label=_("What happened"), max_length=300, required=False)
    key_holder = forms.ModelChoiceField(
        label=_("Key holder"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who keeps the key.")},
        help_text=_("Only this person can sign in until the lock down is lifted."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key_holder"].queryset = User.objects.active().filter(role=Role.HEAD).order_by("name")


class RulesForm(Opened, forms.Form):
    """Which roles must have a second factor."""

    saved_as = "accounts.rules.changed"

    second_factor = forms.MultipleChoiceField(
        label=_("Second factor required"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
