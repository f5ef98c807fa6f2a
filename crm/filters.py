"""Narrow the contact list. The criteria are the ones a mailing's audience is made of."""

from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right, holders
from core import addresses
from core.sealing import blind
from core.text import search_words

from .models import (
    Contact,
    Domain,
    Export,
    FormerName,
    Organisation,
    Segment,
    StopRule,
    Suppression,
    Tag,
    Topic,
    cities,
    of_criterion,
)
from .models.wording import CHOICES, LABELS
from .states import (
    OUTLETS,
    PRESS_LANGUAGES,
    OrganisationKind,
    OrganisationStatus,
    Ownership,
    Region,
    Scope,
    Weekday,
)

_LONGEST_KEY = 18


class _Order(filters.OrderingFilter):
    """Whoever is equal in what was asked for stands in the order of names: pages neither repeat nor skip anybody."""

    def filter(self, queryset, value):
        ordering = [self.get_ordering_value(name) for name in value or []]
        return queryset.order_by(*ordering, "sort_key", "pk") if ordering else queryset


class _Criterion(filters.MultipleChoiceFilter):
    """A criterion of crm.criteria: any of the values chosen, in the words in which a rule names them."""

    def __init__(self, name):
        choices, label = CHOICES.get(name, ()), LABELS[name]
        super().__init__(choices=choices, method="by_rule", widget=forms.CheckboxSelectMultiple, label=label)


# Labels of our own work, which whoever sees one organisation alone is not shown.
_OF_STAFF = ("topic", "tag", "not_tag", "owner", "segment", "not_segment")


class ContactFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, outlet, e-mail, telephone"))
    kind = _Criterion("kind")
    language = _Criterion("language")
    topic = _Criterion("topic")
    tag = _Criterion("tag")
    not_tag = _Criterion("not_tag")
    region = _Criterion("region")
    city = _Criterion("city")
    organisation = _Criterion("organisation")
    organisation_kind = _Criterion("organisation_kind")
    ownership = _Criterion("ownership")
    basis = _Criterion("basis")
    letters = _Criterion("letters")
    active = _Criterion("active")
    owner = _Criterion("owner")
    segment = _Criterion("segment")
    not_segment = _Criterion("not_segment")
    entity = _Criterion("entity")
    sensitivity = _Criterion("sensitivity")
    archived = filters.MultipleChoiceFilter(
        choices=[("only", _("only those put away"))],
        method="those_put_away",
        widget=forms.CheckboxSelectMultiple,
        label=_("Archive"),
    )
    sort = _Order(
        fields={
            "sort_key": "name", "city": "city", "kind": "kind", "region": "region", "created_at": "added",
            "changed_at": "changed",
        }
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        visible = Contact.objects.visible_to(user)
        if self._is_chosen("city"):
            self._offer([(city, city) for city in self._cities(user, visible)], "city")
        self._offer(self._organisations(user), "organisation")
        if user.may(Right.CONTACTS_VIEW):
            self._offer(_labels(Topic, "topics", user, visible), "topic")
            self._offer(_labels(Tag, "tags", user, visible), "tag", "not_tag")
            if self._is_chosen("segment", "not_segment"):
                segments = [(str(pk), name) for pk, name in Segment.objects.values_list("pk", "name")]
                self._offer(segments, "segment", "not_segment")
            if self._is_chosen("owner"):
                self._offer(_owners(user), "owner")
        else:
            for name in _OF_STAFF:
                del self.filters[name]
        if not user.may(Right.CONTACTS_INTERNAL):
            del self.filters["sensitivity"]

    def _offer(self, choices, *names):
        for name in names:
            self.filters[name].extra["choices"] = choices

    def _is_chosen(self, *names) -> bool:
        """Whether somebody chooses, or has chosen, by these: a part of the page draws the table and no choices."""
        is_part = self.request.htmx and not self.request.htmx.boosted
        return not is_part or any(name in self.data for name in names)

    def _cities(self, user, visible):
        """Those known, and of those the address names the ones that are new: a link to a city opens at once."""
        known = cities(user)
        asked = set(self.data.getlist("city")).difference(known)
        return [*known, *visible.filter(city__in=asked).cities()] if asked else known

    def _organisations(self, user):
        """Those the address names: there are too many to choose from, and each links here from its own page."""
        asked = [int(key) for key in self.data.getlist("organisation") if key.isdecimal() and len(key) < _LONGEST_KEY]
        found = Organisation.objects.visible_to(user).filter(pk__in=asked)
        return [(str(key), name) for key, name in found.values_list("pk", "name")] if asked else []

    def search(self, queryset, name, value):
        return queryset.search(value, by_sealed_address=self.request.user.may(Right.CONTACTS_SEALED))

    def by_rule(self, queryset, name, values):
        return queryset.filter(of_criterion(name, values)) if values else queryset

    def those_put_away(self, queryset, name, values):
        return queryset.exclude(archived_at=None) if values else queryset

    def filter_queryset(self, queryset):
        """Whoever was put away is not in the list unless asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("archived") else found.active()

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out of the list as it opens; what cannot be read leaves out everybody."""
        asked = self.form.cleaned_data if self.is_valid() else {"": True}
        return any(value for name, value in asked.items() if name != "sort")

    def chosen(self):
        """The contacts asked for; nobody where the filter names what is not there, which the list would pass over."""
        return self.qs if self.is_valid() else self.queryset.none()

    def rule(self) -> dict[str, str]:
        """The filter as it is written down with an export: its address, and in words."""
        given = {name: values for name in self.filters if (values := list(filter(None, self.data.getlist(name))))}
        words = [f"{self.form[name].label}: {self._words(name, given[name])}" for name in given if name != "sort"]
        # What is written down for good holds nobody's address.
        given |= {"q": [addresses.mask(text) if "@" in text else text for text in given["q"]]} if "q" in given else {}
        return {"query": urlencode(given, doseq=True), "words": "; ".join(words) or _t("All contacts")}

    def _words(self, name: str, values: list[str]) -> str:
        labels = dict(getattr(self.form.fields[name], "choices", []))
        if name == "q":
            labels = {value: addresses.mask(value) for value in values if "@" in value}
        return ", ".join(str(labels.get(value, value)) for value in values)


def contact_filter(query: str, *, request, queryset) -> ContactFilter:
    """The filter of the contact list from its address, as another page was given it."""
    return ContactFilter(QueryDict(query), queryset=queryset, request=request)


def _labels(model, relation: str, user, visible) -> list[tuple[str, str]]:
    """All labels; who may not know of everybody gets only those that somebody they see has."""
    labels = model.objects.all()
    if not user.may(Right.CONTACTS_INTERNAL):
        through = Contact._meta.get_field(relation).remote_field.through
        used = through.objects.filter(contact__in=visible.order_by().values("pk"))
        labels = labels.filter(pk__in=used.values(Contact._meta.get_field(relation).m2m_reverse_field_name()))
    return [(str(pk), name) for pk, name in labels.values_list("pk", "name")]


def _owners(user) -> list[tuple[str, object]]:
    """Oneself first; also those who have left, whose contacts are to be handed on."""
    others = User.objects.filter(role__in=holders(Right.CONTACTS_EDIT)).exclude(pk=user.pk).order_by("name")
    return [
        (str(user.pk), _("I")),
        *((str(pk), name) for pk, name in others.values_list("pk", "name")),
        ("none", _("nobody")),
    ]


class ExportFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_mark", label=_("Mark of a file"))

    class Meta:
        model = Export
        fields = []

    def by_mark(self, queryset, name, value):
        return queryset.marked(value)


class StopRuleFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_name", label=_("Name"))
    scope = filters.ChoiceFilter(choices=Scope, empty_label=_("All"), label=_("What not"))

    class Meta:
        model = StopRule
        fields = ["scope"]

    def by_name(self, queryset, name, value):
        found = Contact.objects.search(value).order_by().values("pk")
        return queryset.filter(contact__in=found)


class SuppressionFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_address", label=_("E-mail"))
    reason = filters.ChoiceFilter(choices=Suppression.Reason, empty_label=_("All"), label=_("Reason"))

    class Meta:
        model = Suppression
        fields = ["reason"]

    def by_address(self, queryset, name, value):
        """Among addresses this person may read; a sealed one only whole, and only for who may see it anyway."""
        user = self.request.user
        readable = Suppression.objects.readable_to(user).order_by().values("pk")
        found = Q(pk__in=readable, address__icontains=value.strip())
        if user.may(Right.CONTACTS_SEALED):
            found |= Q(key=blind(value))
        return queryset.filter(found)


class OrganisationFilter(filters.FilterSet):
    """`group` is the tab; names are found in any spelling, former ones and domains, too."""

    GROUPS = {
        "outlets": sorted(OUTLETS),
        "state": [OrganisationKind.STATE_BODY],
        "partners": sorted(set(OrganisationKind) - OUTLETS - {OrganisationKind.STATE_BODY}),
    }

    q = filters.CharFilter(method="search", label=_("Name, former name, domain"))
    group = filters.ChoiceFilter(
        method="by_group",
        label=_("What they are"),
        choices=[("outlets", _("Outlets")), ("state", _("State bodies")), ("partners", _("Partners"))],
        empty_label=_("All"),
    )
    kind = filters.MultipleChoiceFilter(
        choices=OrganisationKind, widget=forms.CheckboxSelectMultiple, label=_("What it is")
    )
    ownership = filters.MultipleChoiceFilter(
        choices=Ownership, widget=forms.CheckboxSelectMultiple, label=_("Whose it is")
    )
    region = filters.MultipleChoiceFilter(choices=Region, widget=forms.CheckboxSelectMultiple, label=_("Region"))
    language = filters.MultipleChoiceFilter(
        method="by_language", choices=PRESS_LANGUAGES, widget=forms.CheckboxSelectMultiple, label=_("Language")
    )
    press_day = filters.MultipleChoiceFilter(
        choices=Weekday, widget=forms.CheckboxSelectMultiple, label=_("Day it comes out")
    )
    status = filters.ChoiceFilter(choices=OrganisationStatus, label=_("State"), empty_label=_("Any"))
    sort = filters.OrderingFilter(fields={"sort_key": "name", "city": "city", "kind": "kind"})

    class Meta:
        model = Organisation
        fields = []

    def search(self, queryset, name, value):
        words = search_words(value)
        former = FormerName.objects.filter(all_words("name_key", words)).order_by().values("organisation")
        domains = Domain.objects.filter(name__contains=value.strip().casefold()).order_by().values("organisation")
        return queryset.filter(all_words("name_key", words) | Q(pk__in=former) | Q(pk__in=domains))

    def by_group(self, queryset, name, value):
        return queryset.filter(kind__in=self.GROUPS[value])

    def by_language(self, queryset, name, values):
        chosen = Q()
        for code in values:
            chosen |= Q(languages__contains=code)
        return queryset.filter(chosen)


def all_words(column: str, words: list[str]) -> Q:
    """Rows in whose folded column every word occurs."""
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__contains": word})
    return found
