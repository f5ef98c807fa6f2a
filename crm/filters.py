"""Narrow the contact list. The criteria are the ones a mailing's audience is made of."""

from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core import addresses
from core.sealing import blind
from core.text import search_words

from .models import Contact, Domain, Export, FormerName, Organisation, StopRule, Suppression, of_criterion
from .states import (
    OUTLETS,
    PRESS_LANGUAGES,
    OrganisationKind,
    OrganisationStatus,
    Ownership,
    Region,
    Scope,
    Sensitivity,
    Weekday,
)


class ContactFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, outlet, e-mail, telephone"))
    kind = filters.MultipleChoiceFilter(
        choices=Contact.Kind, method="by_rule", widget=forms.CheckboxSelectMultiple, label=_("Who")
    )
    language = filters.MultipleChoiceFilter(
        choices=settings.LANGUAGES,
        method="by_rule",
        widget=forms.CheckboxSelectMultiple,
        label=_("Language"),
    )
    city = filters.MultipleChoiceFilter(method="by_rule", widget=forms.CheckboxSelectMultiple, label=_("City"))
    letters = filters.ChoiceFilter(
        method="by_letters",
        label=_("Letters"),
        choices=[("yes", _("can be sent")), ("stopped", _("on the stop list")), ("no_address", _("no address"))],
        empty_label=_("Any"),
    )
    sensitivity = filters.ChoiceFilter(label=_("How carefully kept"), choices=Sensitivity, empty_label=_("Any"))
    sort = filters.OrderingFilter(fields={"sort_key": "name", "city": "city", "kind": "kind", "changed_at": "changed"})

    class Meta:
        model = Contact
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        cities = Contact.objects.visible_to(user).cities()
        self.filters["city"].extra["choices"] = [(city, city) for city in cities]
        if not user.may(Right.CONTACTS_INTERNAL):
            del self.filters["sensitivity"]

    def search(self, queryset, name, value):
        return queryset.search(value, by_sealed_address=self.request.user.may(Right.CONTACTS_SEALED))

    def by_rule(self, queryset, name, values):
        return queryset.filter(of_criterion(name, values)) if values else queryset

    def by_letters(self, queryset, name, value):
        return queryset.filter(of_criterion(name, [value]))

    def chosen(self):
        """The contacts asked for; nobody where the filter names what is not there, which the list would pass over."""
        return self.qs if self.is_valid() else self.queryset.none()

    def rule(self) -> dict[str, str]:
        """The filter as it is written down with an export: its address, and in words."""
        given = {name: values for name in self.filters if (values := list(filter(None, self.data.getlist(name))))}
        words = (f"{self.form[name].label}: {self._words(name, given[name])}" for name in given if name != "sort")
        return {"query": urlencode(given, doseq=True), "words": "; ".join(words) or _t("All contacts")}

    def _words(self, name: str, values: list[str]) -> str:
        labels = dict(getattr(self.form.fields[name], "choices", []))
        if name == "q":
            # What is written down for good holds nobody's address.
            labels = {value: addresses.mask(value) for value in values if "@" in value}
        return ", ".join(str(labels.get(value, value)) for value in values)


def contact_filter(query: str, *, request, queryset) -> ContactFilter:
    """The filter of the contact list from its address, as another page was given it."""
    return ContactFilter(QueryDict(query), queryset=queryset, request=request)


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
