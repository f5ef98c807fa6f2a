"""Forms of sending accounts: what one is, and which a mailing takes."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from audit.opened import Opened
from core.forms import TidyForm

from ..message import Dkim, Security, Service
from ..models import SendingAccount
from ..pipeline.signing import BadKey, check_key

_HERE = {"127.0.0.1", "localhost", "::1"}
# Services without one address for everybody.
_OWN_ADDRESS = {Service.POSTAL, Service.UNISENDER_GO}
_LIMITS = ["per_hour", "per_domain", "connections", "per_connection", "warm_up_from"]
_NAMES = ["from_name_ru", "from_name_tg", "from_name_en"]
_SERVER = ["service", "host", "port", "security", "user"]
_SIGNING = ["dkim_selector", "dkim_key_text"]
# What stands together on the page.
GROUPS = [
    (_("Who sends"), ["name", "from_address", *_NAMES, "is_usual"]),
    (_("The server"), [*_SERVER, "password"]),
    (_("How many"), _LIMITS),
    (_("Own signature (DKIM)"), _SIGNING),
]


class AccountForm(Opened, TidyForm, forms.ModelForm):
    """A password and a key are written, never shown: left empty they stay as they are."""

    saved_as = "mailings.account.saved"

    password = forms.CharField(
        label=_("Password or key"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    dkim_key_text = forms.CharField(
        label=_("Private key"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Only if the mail service does not sign by itself: then Payom does, with this key."),
    )

    class Meta:
        model = SendingAccount
        fields = ["name", "from_address", *_NAMES, "is_usual", *_SERVER, *_LIMITS, "dkim_selector"]
        help_texts = {
            "name": _("Only staff see it."),
            "from_name_ru": _("Empty: the group's name."),
            "host": _("Of a mail service: only if it told you an address of its own."),
            "user": _("Empty: the server asks for none."),
            "per_hour": _(
                "What the mail service allows. Empty: no limit. No hour gets more, however many workers send."
            ),
            "per_domain": _("So that no mail service gets everything at once. Empty: no limit."),
            "warm_up_from": _(
                "A new domain begins with 20 letters an hour and grows for four weeks. Empty: it is known."
            ),
            "dkim_selector": _(
                "The name under which the domain's DNS holds the key; the mail service tells it. It is looked at there."
            ),
        }
        widgets = {"warm_up_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._before = {name: getattr(self.instance, name) for name in ("service", "host", "user")}
        self.fields["per_connection"].help_text = _t("0: as many as there are.")
        if self.instance.secret:
            self.fields["password"].help_text = _t("One is kept. Empty: it stays.")
        if self.instance.dkim_key:
            self.fields["dkim_key_text"].help_text = _t("One is kept. Empty: it stays.")
        if self.instance.is_environment:
            for name in [*_SERVER, "password", "from_address", *_NAMES, "is_usual"]:
                del self.fields[name]
        elif "from_address" in self.fields:
            self.fields["from_address"].required = True

    def beside(self):
        return [self.instance.secret, self.instance.dkim_key]

    def groups(self):
        """The fields as they stand together."""
        for title, names in GROUPS:
            if fields := [self[name] for name in names if name in self.fields]:
                yield title, fields

    def clean(self):
        super().clean()
        if not self.instance.is_environment:
            self._check_server()
            self._check_password()
        self._check_key()
        return self.cleaned_data

    def _check_server(self):
        given = self.cleaned_data
        host, is_smtp = given.get("host", ""), given.get("service") == Service.SMTP
        if is_smtp and not host:
            self.add_error("host", _t("Say which server takes the letters, as the mail service names it."))
        if given.get("service") in _OWN_ADDRESS and not host:
            self.add_error("host", _t("This service has another address for each customer: copy it from there."))
        if host and ("/" in host or " " in host):
            self.add_error("host", _t("Write the name alone, as in smtp.example.org."))
        if is_smtp and given.get("security") == Security.NONE and host not in _HERE:
            text = _t("Without a safe line password and letters can be read on the way. Choose STARTTLS or TLS.")
            self.add_error("security", text)

    def _check_password(self):
        """A password that is kept goes to no other server than the one it was given for."""
        given = self.cleaned_data
        changed = any(given.get(name, value) != value for name, value in self._before.items())
        if self.instance.secret and changed and not given.get("password"):
            self.add_error("password", _t("The server or the user is another one: type the password once more."))
        if given.get("service", Service.SMTP) != Service.SMTP and not (self.instance.secret or given.get("password")):
            self.add_error("password", _t("The service knows you by its key: copy it from there."))

    def _check_key(self):
        given = self.cleaned_data
        key, selector = given.get("dkim_key_text", ""), given.get("dkim_selector", "")
        if (key or self.instance.dkim_key) and not selector:
            self.add_error("dkim_selector", _t("Say under which selector the domain's DNS names the key."))
        if key and selector:
            try:
                check_key(Dkim("example.org", selector, key))
            except BadKey:
                self.add_error(
                    "dkim_key_text", _t("This is no private RSA key. It begins with BEGIN and ends with END.")
                )


class ChooseAccountForm(forms.Form):
    """Over which account a mailing leaves."""

    account = forms.ModelChoiceField(SendingAccount.objects.none(), label=_("Sent by"), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="account", **kwargs)
        self.fields["account"].queryset = SendingAccount.objects.filter(is_active=True)
