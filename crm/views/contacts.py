from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.roles import Right
from audit.history import history_panel
from core.panels import panels_of
from core.rights import requires
from core.sealing import CannotUnseal

from .. import timeline
from ..actions import sealing
from ..forms.touches import FollowUpForm, TouchForm
from ..models import SEALED_TEXTS, Contact, Suppression
from ..permissions import may_edit
from .duplicates import follows_merges
from .neighbours import neighbours
from .stops import consent_of
from .ways import ways_of


def visible(request, pk):
    """The contact, or the same 404 whether it is not there or not for this person."""
    return get_object_or_404(Contact.objects.visible_to(request.user).for_list(), pk=pk)


def whole(request, pk):
    """The same with everything that its page shows."""
    found = Contact.objects.visible_to(request.user).with_everything().select_related("owner")
    return get_object_or_404(found.prefetch_related("topics", "tags", "unread"), pk=pk)


@requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION)
@require_safe
@never_cache  # what was shown on it must not come back with the browser's Back
@follows_merges
def detail(request, pk):
    contact = whole(request, pk)
    if _is_part(request) and "before" in request.GET:
        return render(request, "crm/_timeline.html", {"contact": contact, "story": _story(request, contact)})
    return render(request, "crm/contact_detail.html", card_of(request, contact))


@requires(Right.CONTACTS_SEALED)
@require_POST
@never_cache
def reveal(request, pk):
    """What is sealed of a contact, once, on the page that follows; the look is in the journal."""
    contact = whole(request, pk)
    if not contact.is_sealed:
        return redirect("crm:contact-detail", pk=pk)
    try:
        sealing.reveal(contact, by=request.user)
        context = card_of(request, contact, shows=True)
    except CannotUnseal:
        return without_key(request, contact)
    if not _is_part(request):
        return render(request, "crm/contact_detail.html", context)
    return render(request, "crm/_timeline.html" if "before" in request.GET else "crm/_revealed.html", context)


def _is_part(request):
    return request.htmx and not request.htmx.boosted


def card_of(request, contact, *, shows=False, note_form=None):
    """What the page of a contact shows. `shows`: the look at a sealed one is written down already."""
    user, ways = request.user, ways_of(contact, shows=shows or not contact.is_sealed)
    panels = sorted(panels_of("crm.contact", user), key=lambda panel: panel.url_name.startswith("crm:"))
    counts = timeline.counts(contact, user)
    tab = next((panel for panel in panels if panel.url_name == request.GET.get("tab")), None)
    return {
        "contact": contact,
        "texts": _sealed_texts(contact, shows=shows),
        "shows": shows,
        "ways": ways,
        "stops": ways.stops,
        "neighbours": neighbours(request, contact),
        "panels": [(panel, counts.get(panel.url_name)) for panel in panels],
        "tab": tab,
        "story": None if tab else _story(request, contact, reveals=shows),
        "kinds": timeline.kinds(user),
        "reminders": _reminders(contact, user, shows=shows),
        "birthday": _birthday(contact),
        "note_form": note_form or TouchForm(),
        "reminder_form": FollowUpForm(contact=contact, by=user, auto_id="remind_%s"),
        "may_reveal": contact.is_sealed and user.may(Right.CONTACTS_SEALED),
        "may_edit": may_edit(contact, user),
        "consent": consent_of(contact, user),
        "is_restricted": any(position.organisation.restricted_on for position in contact.current_positions),
    }


def _sealed_texts(contact, *, shows):
    """Which texts a sealed contact has, with their words once somebody looks."""
    texts = contact.reveal() if shows else {}
    fields = (Contact._meta.get_field(name) for name in SEALED_TEXTS if getattr(contact, f"sealed_{name}"))
    return [(field.verbose_name, texts.get(field.name, "")) for field in fields]


def _birthday(contact):
    """The day and the month, which is all that is kept; a leap year has each of them."""
    if not contact.birth_day:
        return ""
    return date_format(date(2000, contact.birth_month, contact.birth_day), "MONTH_DAY_FORMAT")


def _story(request, contact, *, reveals=False):
    asked = {"kind": request.GET.get("kind", ""), "cursor": request.GET.get("before", "")}
    return timeline.page(contact, request.user, reveals=reveals, **asked)


def _reminders(contact, user, *, shows):
    """The open ones, each with its text where it may be read."""
    if not user.may(Right.CONTACTS_VIEW):
        return []
    found = contact.follow_ups.open().select_related("assignee")
    return [(row, row.reveal() if shows or not row.sealed_text else "") for row in found]


def without_key(request, contact):
    messages.error(request, _("It cannot be opened: the key is not on this machine. Tell who looks after the server."))
    address = reverse("crm:contact-detail", args=[contact.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@requires(Right.HISTORY)
@require_safe
@follows_merges
def history(request, pk):
    """Who did what to a contact and to its addresses on the stop list."""
    contact = visible(request, pk)
    stops = Suppression.objects.filter(key__in=[email.key for email in contact.emails.all()])
    return history_panel(request, contact.name, reverse("crm:contact-detail", args=[pk]), contact, *stops)
