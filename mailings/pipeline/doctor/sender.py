"""What servers see of a sending account: its domain, the way its letters take, the key they are signed with."""

from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

from core.sealing import CannotUnseal

from ...message import Dkim, Route, Security, Service
from ...models import SendingAccount
from ..signing import BadKey, signed
from .hosts import is_here

# As much of a letter as shows what its signature covers.
_SAMPLE = "From: {address}\r\nList-Unsubscribe: <{site}/>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n"


@dataclass(frozen=True)
class Sender:
    """One account without its secrets."""

    domain: str
    host: str = ""
    port: int = 587
    security: str = Security.STARTTLS
    service: str = Service.SMTP
    selector: str = ""
    # The public half of our own key, as the DNS holds it; empty where the mail service signs, if anybody does.
    key: str = ""
    # The head of a letter signed with our own key.
    sample: bytes = b""
    is_environment: bool = False

    @property
    def way(self) -> str:
        """What an SPF record calls the servers that its letters leave from; a service tells each customer its own."""
        if self.service != Service.SMTP:
            return "include:…"
        return "mx" if is_here(self.host) else f"a:{self.host}"


def senders() -> list[Sender]:
    """Of every account that is not closed, the one of the environment first."""
    SendingAccount.environment()
    return [sender_of(account) for account in SendingAccount.objects.filter(is_active=True)]


def domains() -> list[str]:
    """What our letters come from, the environment's first; no secret is opened."""
    others = SendingAccount.objects.filter(is_active=True, is_environment=False).values_list("from_address", flat=True)
    return list(dict.fromkeys(domain_of(address) for address in [settings.DEFAULT_FROM_EMAIL, *others]))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def sender_of(account: SendingAccount) -> Sender:
    usual = settings.MAIL_DKIM_SELECTOR if account.is_environment else ""
    about = {
        "domain": domain_of(account.address),
        "selector": account.dkim_selector or usual,
        "is_environment": account.is_environment,
    }
    try:
        route = account.route()
    except CannotUnseal:
        # Without its keys nothing can be sent over it either: the sender says so, here it is looked at from outside.
        return Sender(host=account.host, port=account.port, security=account.security, service=account.service, **about)
    return Sender(
        host=route.host,
        port=route.port,
        security=route.security,
        service=route.service,
        key=_public(route.dkim),
        sample=_sample(route, account.address),
        **about,
    )


def _public(ours: Dkim | None) -> str:
    try:
        key = load_pem_private_key(ours.key.encode(), None).public_key() if ours else None
    except (ValueError, TypeError):
        return ""
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode() if key else ""


def _sample(route: Route, address: str) -> bytes:
    letter = _SAMPLE.format(address=address, site=settings.SITE_URL).encode()
    try:
        return signed(letter, route.dkim) if route.dkim else b""
    except BadKey:
        return letter
