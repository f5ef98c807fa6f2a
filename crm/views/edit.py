"""The form of a contact, also for two people who fill it in at once."""

from copy import copy

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import refuse
from accounts.roles import Right
from audit.models import Entry
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import sealing
from ..actions.contacts import ChangedMeanwhile, save_contact
from ..forms import meanwhile
from ..forms.contacts import ContactForm, stored
from ..models import Contact
from ..models.rules import is_key
from .contacts import visible, without_key
from .duplicates import follows_merges


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@follows_merges
def edit(request, pk=None):
    """The form of a sealed contact is a look at it: a POST of `open` shows it filled, GET only offers that."""
    contact = visible(request, pk) if pk else Contact()
    if contact.is_sealed and not request.user.may(Right.CONTACTS_SEALED):
        return refuse(request, (Right.CONTACTS_SEALED,))
    if contact.is_sealed and request.method != "POST":
        return render(request, "crm/sealed_open.html", {"contact": contact})
    try:
        if request.method == "POST" and "open" not in request.POST:
            return _save(request, contact)
        return _show(request, contact, _unbound(request, contact))
    except CannotUnseal:
        return without_key(request, contact)


def _unbound(request, contact):
    """The form of the contact as it is; of a sealed one that is a look, and written down."""
    revealed = sealing.reveal(contact, by=request.user) if contact.is_sealed else None
    return _form(request, contact, revealed=revealed)


def _form(request, contact, *typed, **options):
    return ContactForm(*typed, instance=contact, by=request.user, **options)


def _show(request, contact, form, status=200, **context):
    if not form.is_bound and contact.pk:
        form.initial["was"] = stored(meanwhile.shown(form))
    return render(request, "crm/contact_form.html", {"form": form, "contact": contact} | context, status=status)


def _save(request, contact):
    merged = _merged(request, contact)
    form = _form(request, contact, merged.data, request.FILES)
    if merged.conflicts:
        changed = _changes_since(contact, request.POST.get("revision"))
        return _show(request, contact, form, 409, conflicts=merged.conflicts, changed=changed)
    if not form.is_valid():
        return _show(request, contact, form, 422, taken=merged.taken)
    try:
        saved = save_contact(
            form.instance,
            ways=form.ways,
            by=request.user,
            revision=form.cleaned_data["revision"] if contact.pk else None,
        )
    except ChangedMeanwhile:
        # Between the reading and the writing: read once more, and perhaps it is sealed by now.
        return edit(request, pk=contact.pk)
    messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
    if merged.taken:
        taken = ", ".join(merged.taken)
        text = _("Meanwhile somebody else changed this card, too. Both are kept: %(fields)s.")
        messages.info(request, text % {"fields": taken})
    return redirect("crm:contact-detail", pk=saved.pk)


def _merged(request, contact):
    """What was typed, with what somebody else changed since the page was opened."""
    opened = request.POST.get("revision")
    # The form binds to the contact and changes it; what is compared with must not change.
    if contact.pk and opened not in {None, str(contact.revision)}:
        return meanwhile.merge(request.POST, _unbound(request, copy(contact)))
    return meanwhile.Merged(meanwhile.decided(request.POST, _form(request, copy(contact))))


def _changes_since(contact, revision):
    """Who saved the card since, the latest first."""
    since = int(revision) if is_key(revision) else 0
    entries = Entry.objects.filter(subject_type="crm.contact", subject_id=contact.pk, action="crm.contact.changed")[:20]
    return [entry for entry in entries if entry.details.get("revision", 0) > since]


@requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION)
@require_safe
@never_cache
def photo(request, pk):
    contact = visible(request, pk)
    if not contact.photo:
        raise Http404
    with contact.photo.open("rb") as file:
        answer = HttpResponse(file.read(), content_type="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
