"""What kind of thing an action is, and how long its entry is kept: two tables."""

from datetime import timedelta
from fnmatch import fnmatchcase

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    SIGN_IN = "sign_in", _("Sign-ins")
    ACCOUNT = "account", _("Accounts")
    WRITE = "write", _("Changes")
    VIEW = "view", _("Looks at sealed data")
    EXPORT = "export", _("Exports")
    SECURITY = "security", _("Security")


# The first pattern that fits an action says its kind. What no pattern names is a change.
PATTERNS = [
    ("accounts.*sign_in*", Kind.SIGN_IN),
    ("accounts.*signed_*", Kind.SIGN_IN),
    ("accounts.session.*", Kind.SIGN_IN),
    ("accounts.device.*", Kind.SIGN_IN),
    ("accounts.*lock*down*", Kind.SECURITY),
    ("accounts.rules.*", Kind.SECURITY),
    ("accounts.*", Kind.ACCOUNT),
    ("mailings.account.*", Kind.SECURITY),
    ("audit.*", Kind.SECURITY),
    ("crm.representation.*", Kind.ACCOUNT),
    ("*.viewed", Kind.VIEW),
    ("*.looked", Kind.VIEW),
    ("*.revealed", Kind.VIEW),
    ("*.exported", Kind.EXPORT),
    ("*.printed", Kind.EXPORT),
    ("*.export.*", Kind.EXPORT),
    ("*", Kind.WRITE),
]

KEPT = {
    Kind.SIGN_IN: timedelta(days=180),
    Kind.VIEW: timedelta(days=365),
    Kind.WRITE: timedelta(days=3 * 365),
    Kind.ACCOUNT: timedelta(days=5 * 365),
    Kind.SECURITY: timedelta(days=5 * 365),
    Kind.EXPORT: timedelta(days=5 * 365),
}


def kind_of(action: str) -> Kind:
    return next(kind for pattern, kind in PATTERNS if fnmatchcase(action, pattern))
