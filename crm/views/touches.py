"""Write down a call, a meeting or a note on the page of a contact, and correct it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import sealing
from ..actions.touches import add_touch, change_touch, remove_touch
from ..forms.touches import TouchForm
from ..permissions import may_change_touch, may_edit, may_remove_touch
from .contacts import card_of, visible, whole, without_key


def asks_first(request, contact):
    """Whether what is sealed has to be opened by a press before a form shows it: that is a look."""
    return contact.is_sealed and request.method != "POST"


@requires(Right.CONTACTS_EDIT)
@require_POST
@never_cache
def add(request, pk):
    contact = whole(request, pk)
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    form = TouchForm(request.POST)
    if not form.is_valid():
        return render(request, "crm/contact_detail.html", card_of(request, contact, note_form=form), status=422)
    typed = form.cleaned_data | {"at": form.cleaned_data["at"] or timezone.now()}
    touch = add_touch(contact, **typed, by=request.user)
    say_added(request, touch)
    return redirect("crm:contact-detail", pk=pk)


def say_added(request, touch):
    """The toast, with the button that takes the touch back."""
    undo = reverse("crm:touch-delete", args=[touch.contact_id, touch.pk])
    messages.success(request, _("Written down: %(what)s") % {"what": touch.get_kind_display()}, extra_tags=undo)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request, pk, touch_pk):
    touch = _touch(request, pk, touch_pk)
    may = may_change_touch(touch, request.user)
    may_remove = may_remove_touch(touch, request.user, at=timezone.now())
    if not (may or may_remove):
        return _not_yours(request, pk)
    if asks_first(request, touch.contact):
        return render(request, "crm/sealed_open.html", {"contact": touch.contact})
    try:
        form = _form_of(request, touch)
    except CannotUnseal:
        return without_key(request, touch.contact)
    if form.is_valid() and may:
        typed = {"kind": touch.kind, **form.cleaned_data, "at": form.cleaned_data["at"] or touch.at}
        change_touch(touch, **typed, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": touch.get_kind_display()})
        return redirect("crm:contact-detail", pk=pk)
    context = {"form": form, "touch": touch, "contact": touch.contact, "may_change": may, "may_remove": may_remove}
    return render(request, "crm/touch_form.html", context, status=422 if form.errors else 200)


def _form_of(request, touch):
    """As typed; or filled, which of a sealed one is a look and written down."""
    if request.method == "POST" and "open" not in request.POST:
        return TouchForm(request.POST, touch=touch)
    if touch.contact.is_sealed:
        sealing.reveal(touch.contact, by=request.user)
    return TouchForm(touch=touch, text=touch.reveal())


@requires(Right.CONTACTS_EDIT)
@require_POST
def remove(request, pk, touch_pk):
    touch = _touch(request, pk, touch_pk)
    if not may_remove_touch(touch, request.user, at=timezone.now()):
        return _not_yours(request, pk)
    remove_touch(touch, by=request.user)
    messages.success(request, _("Taken off the card: %(what)s") % {"what": touch.get_kind_display()})
    return redirect("crm:contact-detail", pk=pk)


def _touch(request, pk, touch_pk):
    contact = visible(request, pk)
    touch = get_object_or_404(contact.touches, pk=touch_pk)
    touch.contact = contact
    return touch


def _not_yours(request, pk):
    messages.error(
        request,
        _("Only who wrote it corrects it, and takes it off within a day. After that, ask the head to take it off."),
    )
    return redirect("crm:contact-detail", pk=pk)
