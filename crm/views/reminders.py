"""Reminders on a contact: set, changed, done, and not done after all."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import refuse
from accounts.roles import Right
from core.rights import requires
from core.sealing import CannotUnseal

from ..actions import sealing
from ..actions.touches import change_reminder, finish, remind
from ..forms.touches import FollowUpForm
from ..permissions import may_edit
from .contacts import visible, without_key
from .touches import asks_first


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request, pk):
    contact = visible(request, pk)
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    form = FollowUpForm(request.POST or None, contact=contact, by=request.user)
    if form.is_valid():
        made = remind(contact, **form.cleaned_data, by=request.user)
        words = {"name": made.assignee.name, "date": date_format(made.due_on)}
        messages.success(request, _("%(name)s will be reminded on %(date)s.") % words)
        return redirect("crm:contact-detail", pk=pk)
    context = {"form": form, "contact": contact}
    return render(request, "crm/reminder_form.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request, pk, reminder_pk):
    follow_up = _reminder(request, pk, reminder_pk)
    contact = follow_up.contact
    if not may_edit(contact, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    if asks_first(request, contact):
        return render(request, "crm/sealed_open.html", {"contact": contact})
    try:
        form = _form_of(request, follow_up)
    except CannotUnseal:
        return without_key(request, contact)
    if form.is_valid():
        change_reminder(follow_up, **form.cleaned_data, by=request.user)
        words = {"name": follow_up.assignee.name, "date": date_format(follow_up.due_on)}
        messages.success(request, _("%(name)s will be reminded on %(date)s.") % words)
        return redirect("crm:contact-detail", pk=pk)
    context = {"form": form, "contact": contact, "follow_up": follow_up}
    return render(request, "crm/reminder_form.html", context, status=422 if form.errors else 200)


def _form_of(request, follow_up):
    """As typed; or filled, which of a sealed one is a look and written down."""
    given = {"contact": follow_up.contact, "by": request.user, "follow_up": follow_up}
    if request.method == "POST" and "open" not in request.POST:
        return FollowUpForm(request.POST, **given)
    if follow_up.contact.is_sealed:
        sealing.reveal(follow_up.contact, by=request.user)
    return FollowUpForm(text=follow_up.reveal(), **given)


@requires(Right.CONTACTS_EDIT)
@require_POST
def done(request, pk, reminder_pk):
    follow_up = _reminder(request, pk, reminder_pk)
    if not _may_finish(follow_up, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    finish(follow_up, is_done=True, by=request.user)
    undo = reverse("crm:reminder-reopen", args=[pk, reminder_pk])
    messages.success(request, _("Done: %(name)s") % {"name": follow_up.contact.name}, extra_tags=undo)
    return _back(request, pk)


@requires(Right.CONTACTS_EDIT)
@require_POST
def reopen(request, pk, reminder_pk):
    follow_up = _reminder(request, pk, reminder_pk)
    if not _may_finish(follow_up, request.user):
        return refuse(request, (Right.CONTACTS_SEALED,))
    finish(follow_up, is_done=False, by=request.user)
    messages.success(request, _("The reminder is open again."))
    return _back(request, pk)


def _may_finish(follow_up, user):
    return follow_up.assignee_id == user.pk or may_edit(follow_up.contact, user)


def _reminder(request, pk, reminder_pk):
    contact = visible(request, pk)
    follow_up = get_object_or_404(contact.follow_ups.select_related("assignee"), pk=reminder_pk)
    follow_up.contact = contact
    return follow_up


def _back(request, pk):
    """To the page where the button was pressed; the card, if that is none of ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return redirect(asked) if is_ours and asked.startswith("/") else redirect("crm:contact-detail", pk=pk)
