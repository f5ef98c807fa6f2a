"""The contact list: who fits the filter, page by page, in the columns that the person chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import Prefetch, TextChoices
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Right
from core.rights import requires
from core.views import FilteredListView

from .. import dates, timeline
from ..actions import columns as verbs
from ..filters import ContactFilter
from ..forms.bulk import BulkForm
from ..forms.columns import ColumnsForm, chosen
from ..models import Contact, EmailAddress, Phone, Position, StopRule, Suppression, Unread
from ..states import OrganisationKind, Region, Scope
from .pages import ContactPaginator

_SHOWN = [
    "name", "sensitivity", "is_post", "kind", "languages", "city", "region", "basis", "basis_on", "archived_at",
    "created_at", "owner__name",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A contact with what stands in its row beside the card itself."""

    contact: Contact
    stop: Suppression | None
    wants_none: bool
    holders: list[str]
    # The last thing that passed between us.
    event: timeline.Item | None
    # Closed lists in the language of the page: `get_kind_display` would hash and translate its list in every cell.
    words: dict[type[TextChoices], dict[str, str]]

    @cached_property
    def position(self) -> Position | None:
        """Where the person works now, the first post if there are several."""
        return next(iter(self.contact.positions_now), None)

    @cached_property
    def email(self) -> EmailAddress | None:
        return next(iter(self.contact.emails_in_use), None)

    @cached_property
    def phone(self) -> Phone | None:
        return next(iter(self.contact.phones_in_use), None)

    @property
    def kind(self) -> str:
        return self.words[Contact.Kind][self.contact.kind]

    @property
    def basis(self) -> str:
        return self.words[Contact.Basis][self.contact.basis]

    @property
    def region(self) -> str:
        return self.words[Region].get(self.contact.region, "")

    @property
    def organisation_kind(self) -> str:
        return self.words[OrganisationKind].get(self.position.organisation.kind, "") if self.position else ""

    @property
    def refusal(self) -> str:
        """Why they get no mailings."""
        if self.stop:
            return self.stop.get_reason_display()
        return _("asked for no mailings") if self.wants_none else ""

    @property
    def when(self) -> str:
        if not self.event:
            return ""
        return self.event.when or dates.recent(timezone.localdate(self.event.at), today=timezone.localdate())

    @property
    def write_to(self) -> str:
        """Where a letter by hand goes, if one may."""
        return self.email.address if self.email and not self.refusal else ""


@method_decorator(requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION), name="dispatch")
class ContactList(FilteredListView):
    filterset_class = ContactFilter
    template_name = "crm/contact_list.html"
    partial_name = "crm/_contact_table.html"
    paginator_class = ContactPaginator

    def get_queryset(self):
        """Who fits; nobody where the address asks for what is not there: no link means more than it says."""
        self.columns = chosen(self.request.user)
        self.queryset = Contact.objects.visible_to(self.request.user)
        super().get_queryset()
        found = self.filterset.chosen().only(*_SHOWN).select_related("owner")
        return found.prefetch_related(*_prefetches({column.name for column in self.columns}))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind, whatever the filter."""
        return Contact.objects.active().kinds_visible_to(self.request.user)

    @property
    def keeps_tabs(self) -> bool:
        """Whether a part leaves the tabs as they are in the page that asks for it: the same one is open."""
        here = QueryDict(urlsplit(self.request.htmx.current_url or "").query)
        is_same = all(here.getlist(name) == self.request.GET.getlist(name) for name in ("kind", "segment"))
        return bool(self.request.htmx.current_url) and is_same

    def tabs(self) -> list[tuple[str, str, int]]:
        return [(kind.value, kind.plural, self.counts.get(kind.value, 0)) for kind in Contact.Kind]

    def total(self) -> int:
        return sum(self.counts.values())

    def get_paginator(self, queryset, per_page):
        paginator = super().get_paginator(queryset, per_page)
        if not self.filterset.narrows:
            paginator.few, paginator.count = None, self.total()
        return paginator

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        user = self.request.user
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            # Counted when they are drawn.
            "tabs": self.tabs,
            "total": self.total,
            "keeps_tabs": self.keeps_tabs,
            "rows": _rows(context["object_list"], user),
            "to_repair": Unread.objects.visible_to(user).count,
            "columns": self.columns,
            "columns_form": ColumnsForm(user=user, initial={"columns": [column.name for column in self.columns]}),
            "bulk": BulkForm(initial={"query": query.urlencode()}) if user.may(Right.CONTACTS_EDIT) else None,
        }


def _prefetches(columns: set[str]) -> list:
    """What the columns show. Addresses are asked for whatever is shown: who is stopped is said in every row.

    As lists of their own: a manager that is prefetched copies its query for each row, a tenth of the page's time.
    """
    found = [
        Prefetch("emails", EmailAddress.objects.filter(retired_on=None), to_attr="emails_in_use"),
        Prefetch("positions", Position.objects.current().select_related("organisation"), to_attr="positions_now"),
    ]
    if "phone" in columns:
        found.append(Prefetch("phones", Phone.objects.filter(retired_on=None), to_attr="phones_in_use"))
    return [*found, *({"topics", "tags"} & columns)]


def _rows(contacts: Iterable[Contact], user) -> list[Row]:
    contacts = list(contacts)
    keys = [email.key for contact in contacts for email in contact.emails_in_use]
    stops = Suppression.objects.in_bulk(keys, field_name="key")
    unwilling = set(
        StopRule.objects.in_force()
        .filter(contact__in=contacts, scope__in=[Scope.EVERYTHING, Scope.BULK])
        .values_list("contact_id", flat=True)
    )
    words = {
        choices: {value: str(label) for value, label in choices.choices}
        for choices in (Contact.Kind, Contact.Basis, Region, OrganisationKind)
    }
    holders, events = _holders(contacts, user), timeline.latest([contact.pk for contact in contacts], user)
    return [
        Row(
            contact,
            next((stops[email.key] for email in contact.emails_in_use if email.key in stops), None),
            contact.pk in unwilling,
            holders.get(contact.pk, []),
            events.get(contact.pk),
            words,
        )
        for contact in contacts
    ]


def _holders(contacts: list[Contact], user) -> dict[int, list[str]]:
    """The names of who holds each post now, as far as this person may know of them."""
    posts = [contact for contact in contacts if contact.is_post]
    if not posts:
        return {}
    held = Position.objects.current().filter(post__in=posts, contact__in=Contact.objects.visible_to(user))
    names: dict[int, list[str]] = {}
    for post, name in held.values_list("post", "contact__name"):
        names.setdefault(post, []).append(name)
    return names


@requires(Right.CONTACTS_VIEW, Right.OWN_ORGANISATION)
@require_POST
def choose_columns(request):
    form = ColumnsForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("There is no such column. Your columns are as they were."))
    else:
        verbs.choose_columns(None if "usual" in request.POST else form.cleaned_data["columns"], by=request.user)
    return redirect(list_address(request.POST.get("query", "")))


def list_address(query: str) -> str:
    """The contact list with this filter."""
    query = QueryDict(query).urlencode()
    return reverse("crm:contact-list") + (f"?{query}" if query else "")
