"""Which mail service a domain belongs to: a few that matter here, by name; the rest by where they are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DOMAINS = {
    "gmail": {"gmail.com", "googlemail.com", "gmail.test"},
    "mailru": {"mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "mail.test"},
    "yandex": {"yandex.ru", "ya.ru", "yandex.com", "yandex.kz", "yandex.by", "yandex.test"},
    "microsoft": {"outlook.com", "hotmail.com", "live.com", "msn.com"},
    "apple": {"icloud.com", "me.com", "mac.com"},
    "proton": {"proton.me", "protonmail.com", "pm.me"},
}
_KNOWN = {domain: provider for provider, domains in _DOMAINS.items() for domain in domains}
# Domains that nobody may see: of sealed contacts, and of those one may not know of.
HIDDEN = ""
LABELS: dict[str, str | Promise] = {
    "gmail": "Gmail",
    "mailru": "Mail.ru",
    "yandex": _("Yandex"),
    "microsoft": "Microsoft",
    "apple": "Apple",
    "proton": "Proton",
    "state": _("State bodies"),
    "tj": _("Domains .tj"),
    "other": _("Other domains"),
    HIDDEN: _("Not shown"),
}


def provider_of(domain: str) -> str:
    domain = domain.casefold()
    if not domain:
        return HIDDEN
    if known := _KNOWN.get(domain):
        return known
    if domain == "gov.tj" or domain.endswith(".gov.tj"):
        return "state"
    return "tj" if domain.endswith(".tj") else "other"
