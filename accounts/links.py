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


def link_for(user: User) -> str:
    """The whole address, on SITE_URL."""
    token = f"{int_to_base36(user.pk)}-{_tokens.make_token(user)}"
    return settings.SITE_URL + reverse("accounts:join", args=[token])


def owner_of(token: str) -> User | None:
    """Whose link it is; None for a wrong, used or outdated one, and for a closed account."""
    number, _dash, rest = token.partition("-")
    try:
        pk = base36_to_int(number)
    except ValueError:
        return None
    user = User.objects.active().filter(pk=pk).first() if pk < 2**63 else None
    return user if user and user.link_sent_at and _tokens.check_token(user, rest) else None
