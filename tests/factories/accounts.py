"""People with roles and second factors, made by the product's own code, and browsers that sign in as a person does."""

import time
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.utils import timezone

from accounts.models import User

PASSWORD = "a-long-password"


def make_user(role: str = "editor", *, email: str = "", **fields) -> User:
    """A person of this role who has joined."""
    if role == "door":
        fields.setdefault("expires_at", timezone.now() + timedelta(days=1))
    name = fields.pop("name", role)
    return User.objects.create_user(email or f"{role}@payom.test", PASSWORD, name=name, role=role, **fields)


def add_app(user: User) -> str:
    """An app with codes for this person; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def add_spare_codes(user: User) -> list[str]:
    RecoveryCodes.activate(user)
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(user: User, password: str = PASSWORD, *, client: Client | None = None, **headers) -> Client:
    """A browser after the first step."""
    client = client or Client(**headers)
    client.post("/sign-in/", {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    """Whether this browser is signed in."""
    return client.get("/settings/").status_code == 200
