"""Links for a first or a new password. Nothing of them is kept: they are computed from the account as it is."""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from .models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Dies when it is used, when a newer one is sent, when the address changes, and after PASSWORD_RESET_TIMEOUT."""

    key_salt = "payom.accounts.link"

    def _make_hash_value(self, user, timestamp):
        sent = user.link_sent_at.isoformat() if user.link_sent_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{sent}{user.is_active}"


_tokens = LinkTokens()
_NOBODY = 2**63 - 1


def link_for(user: User) -> str:
    """The whole address, on SITE_URL."""
    token = f"{int_to_base36(user.pk)}-{_tokens.make_token(user)}"
    return settings.SITE_URL + reverse("accounts:join", args=[token])


def owner_of(token: str) -> User | None:
    """Whose link it is; None for a wrong, used or outdated one, and for a closed account."""
    number, _dash, rest = token.partition("-")
    try:
        pk = min(base36_to_int(number), _NOBODY)
    except ValueError:
        return None
    user = User.objects.active().filter(pk=pk).first()
    # One spelling of a number only, or a link would have more than one address.
    is_theirs = user is not None and int_to_base36(pk) == number and user.link_sent_at is not None
    return user if is_theirs and _tokens.check_token(user, rest) else None
