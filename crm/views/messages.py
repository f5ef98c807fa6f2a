"""Prepare a message to a contact. The person's own messenger sends it; the page writes down that it was written."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.middleware import refuse
from accounts.roles import Right
from core import phones
from core.rights import requires
from core.sealing import CannotUnseal

from .. import message
from ..actions import sealing
from ..actions.touches import add_touch
from ..forms.touches import MessageForm
from ..models import StopRule
from ..permissions import may_edit
from ..states import Messenger, TouchKind
from .contacts import visible, without_key
from .touches import asks_first, say_added


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request, pk, phone_pk, messenger):
    contact = visible(request, pk)
    phone = get_object_or_404(contact.phones, pk=phone_pk, retired_on=None)
    if messenger not in phone.messenger_codes:
        raise Http404
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    if messenger in StopRule.objects.filter(contact=contact).in_force().channels():
        refusal = _("%(name)s does not want messages by %(messenger)s.")
        words = {"name": contact.name, "messenger": Messenger(messenger).label}
        messages.error(request, refusal % words)
        return redirect("crm:contact-detail", pk=pk)
    if asks_first(request, contact):
        return render(request, "crm/sealed_open.html", {"contact": contact})
    return _written(request, contact, phone, Messenger(messenger))


def _written(request, contact, phone, messenger):
    """Write the touch down, or show the prepared message. The number of a sealed contact is shown by a look."""
    is_typed = request.method == "POST" and "open" not in request.POST
    form = MessageForm(request.POST if is_typed else None, initial={"text": _greeting(contact)})
    if form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        what = {"kind": TouchKind.MESSENGER, "messenger": messenger, "text": text, "at": now}
        say_added(request, add_touch(contact, **what, by=request.user))
        return redirect("crm:contact-detail", pk=contact.pk)
    try:
        if contact.is_sealed:
            sealing.reveal(contact, by=request.user)
        number = phone.reveal()
    except CannotUnseal:
        return without_key(request, contact)
    context = _prepared(contact, messenger, number, form["text"].value() or "") | {"form": form, "phone": phone}
    part = request.htmx and not request.htmx.boosted
    template = "crm/_message.html" if part else "crm/message_form.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _prepared(contact, messenger, number, text):
    return {
        "contact": contact,
        "messenger": messenger,
        "number": number,
        "spoken": phones.display(number),
        "scheme": message.scheme(messenger, number),
        "link": message.link(messenger, number, text),
    }


def _greeting(contact):
    """In the language that the person prefers, as somebody has written it for them, or by the given name."""
    language = contact.language_codes[0]
    name = contact.names.filter(language=language).first()
    if name is None:
        return message.greeting(language, given_name=contact.given_name)
    return message.greeting(language, address=name.address, given_name=name.given_name or contact.given_name)
