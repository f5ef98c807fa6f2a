"""A message to one person, prepared for the messenger that the person who writes it has on their own device. Pure.

Payom sends nothing: it makes an address that the messenger opens by itself, without a website in between.
"""

from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext

from .states import Messenger

# The text stands last, so that a page can go on writing it. IMO opens nothing from outside.
_SCHEMES = {
    Messenger.TELEGRAM: "tg://resolve?phone={number}&text=",
    Messenger.WHATSAPP: "whatsapp://send?phone={number}&text=",
    Messenger.VIBER: "viber://chat?number=%2B{number}&draft=",
}


def scheme(messenger: str, number: str) -> str:
    """What the messenger opens a chat with this number by, up to the text; "" where it has nothing of the kind."""
    return _SCHEMES.get(messenger, "").format(number=number.lstrip("+"))


def link(messenger: str, number: str, text: str) -> str:
    """The whole address, with the text; "" where the messenger has none."""
    beginning = scheme(messenger, number)
    return beginning and beginning + quote(text, safe="")


def greeting(language: str, *, address: str = "", given_name: str = "") -> str:
    """How a message in a language begins: as somebody wrote it, by the given name, or to whoever reads it."""
    if address:
        return address
    with translation.override(language):
        return gettext("Hello, %(name)s!") % {"name": given_name} if given_name else gettext("Hello!")
