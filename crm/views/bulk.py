"""What is done to many contacts at once, and taken back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST

from accounts.roles import Right
from core.rights import requires

from ..actions.bulk import AT_ONCE, CannotUndo, begin_change, begin_undo, change_together, take_back
from ..filters import contact_filter
from ..forms.bulk import BulkForm
from ..models import BulkChange, Contact
from ..states import BulkAction
from .lists import list_address

# More than a page is more than one sees.
ASK_ABOVE = 50
# What not everybody who does it can take back later.
ASK_ALWAYS = frozenset({BulkAction.STOP})
# No change by itself: it leads to where cards are compared.
MERGE = "merge"
_LONGEST_KEY = 18
_DONE = {
    BulkAction.TAG: ngettext_lazy(
        "Tag “%(value)s” added to %(count)d contact", "Tag “%(value)s” added to %(count)d contacts", "count"
    ),
    BulkAction.UNTAG: ngettext_lazy(
        "Tag “%(value)s” removed from %(count)d contact", "Tag “%(value)s” removed from %(count)d contacts", "count"
    ),
    BulkAction.TOPIC: ngettext_lazy(
        "Topic “%(value)s” added to %(count)d contact", "Topic “%(value)s” added to %(count)d contacts", "count"
    ),
    BulkAction.LIST: ngettext_lazy(
        "%(count)d contact added to the list “%(value)s”", "%(count)d contacts added to the list “%(value)s”", "count"
    ),
    BulkAction.REGION: ngettext_lazy(
        "Region of %(count)d contact: %(value)s", "Region of %(count)d contacts: %(value)s", "count"
    ),
    BulkAction.OWNER: ngettext_lazy(
        "Who keeps in touch with %(count)d contact: %(value)s",
        "Who keeps in touch with %(count)d contacts: %(value)s",
        "count",
    ),
    BulkAction.STOP: ngettext_lazy(
        "Stop rule added to %(count)d contact: %(value)s", "Stop rule added to %(count)d contacts: %(value)s", "count"
    ),
    BulkAction.ARCHIVE: ngettext_lazy("%(count)d contact put away", "%(count)d contacts put away", "count"),
    BulkAction.RESTORE: ngettext_lazy("%(count)d contact brought back", "%(count)d contacts brought back", "count"),
}


@requires(Right.CONTACTS_EDIT)
@require_POST
def change(request, pk=None):
    """Do what was chosen to those who were chosen; what concerns many, or is hard to take back, is asked first."""
    form = BulkForm(request.POST)
    contacts, count = _chosen(request, pk)
    back = list_address(form["query"].value() or "")
    if request.POST.get("action") == MERGE:
        return _compare(request, back)
    if not count:
        messages.warning(request, _("Nothing was changed: tick the contacts first."))
        return redirect(back)
    if not form.is_valid():
        if "action" not in form.errors:
            return _ask(request, form, count, status=422)
        messages.warning(request, _("Nothing was changed: choose what to do with them."))
        return redirect(back)
    if _must_be_asked(form, count):
        return _ask(request, form, count)
    data = form.cleaned_data
    given = {"by": request.user, "reason": data["reason"]}
    if count > AT_ONCE and (
        job := begin_change(contacts, data["action"], form.value, words=form.words(), back=back, **given)
    ):
        return redirect("jobs:job-detail", job.pk)
    outcome = change_together(contacts, data["action"], form.value, **given)
    _tell(request, form, outcome)
    return redirect(back)


def _chosen(request, pk):
    """The contacts meant, whom this person sees, and their number now."""
    visible = Contact.objects.visible_to(request.user)
    if pk:
        return visible.filter(pk=get_object_or_404(visible, pk=pk).pk), 1
    if request.POST.get("everybody"):
        contacts = contact_filter(request.POST.get("query", ""), request=request, queryset=visible).chosen()
    else:
        contacts = visible.filter(pk__in=_keys(request))
    return contacts, contacts.count()


def _keys(request) -> list[int]:
    return [int(key) for key in request.POST.getlist("contact") if key.isdecimal() and len(key) <= _LONGEST_KEY]


def _compare(request, back):
    first, *others = _keys(request) or [None]
    if not others:
        messages.warning(request, _("Nothing was changed: tick two contacts or more to merge them."))
        return redirect(back)
    return redirect(f"{reverse('crm:merge-create')}?{urlencode({'a': first, 'b': others}, doseq=True)}")


def _must_be_asked(form, count) -> bool:
    """Whether they are more than were agreed to: meanwhile others may fit the filter."""
    asks = count > ASK_ABOVE or form.cleaned_data["action"] in ASK_ALWAYS
    return asks and form.cleaned_data["confirmed"] != count


def _ask(request, form, count, status=200):
    context = {
        "form": form,
        "count": count,
        "title": BulkAction(form["action"].value()).label,
        "contacts": [] if request.POST.get("everybody") else _keys(request),
        "back": list_address(form["query"].value() or ""),
        "is_stop": form["action"].value() == BulkAction.STOP,
    }
    return render(request, "crm/bulk_form.html", context, status=status)


def _tell(request, form, outcome):
    change, query = outcome.change, form.cleaned_data["query"]
    words = done_words(change.action, change.count, form.words()) if change else nothing_words()
    address = f"{reverse('crm:bulk-undo', args=[change.pk])}?{query}" if change else ""
    messages.success(request, with_sealed(words, outcome.sealed), extra_tags=address)


def done_words(action: str, count: int, value: str) -> str:
    return _DONE[action] % {"count": count, "value": value}


def nothing_words() -> str:
    return _("Nothing to change: it was so already.")


def with_sealed(words: str, sealed: int) -> str:
    if not sealed:
        return words
    left_alone = ngettext(
        "%(count)d sealed contact left alone: only the head may edit it",
        "%(count)d sealed contacts left alone: only the head may edit them",
        sealed,
    )
    return f"{words}. {left_alone % {'count': sealed}}"


@requires(Right.CONTACTS_EDIT)
@require_POST
def undo(request, pk):
    """Take back one's own change; the list is shown as it was asked for."""
    change, back = get_object_or_404(BulkChange, pk=pk, by=request.user), list_address(request.META["QUERY_STRING"])
    try:
        if change.parts.exists():
            return redirect("jobs:job-detail", begin_undo(change, by=request.user, back=back).pk)
        restored = take_back(change, by=request.user)
    except CannotUndo:
        messages.warning(request, _("It cannot be taken back any more: it was undone already, or an hour has passed."))
    else:
        messages.success(request, restored_words(restored, change.count - restored))
    return redirect(back)


def restored_words(restored: int, changed_since: int) -> str:
    words = ngettext("%(count)d contact is as before", "%(count)d contacts are as before", restored)
    if changed_since:
        words += ". " + ngettext(
            "%(left)d was changed since and keeps the later change",
            "%(left)d were changed since and keep the later change",
            changed_since,
        )
    return words % {"count": restored, "left": changed_since}
