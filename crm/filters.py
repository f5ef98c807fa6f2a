"""Narrow the contact list. The criteria are the ones a mailing's audience is made of."""

import django_filters as filters
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right

from .criteria import matching
from .models import Contact, Suppression
from .states import Sensitivity


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
        return queryset.filter(matching({name: values})) if values else queryset

    def by_letters(self, queryset, name, value):
        stopped = Suppression.objects.values("key")
        if value == "no_address":
            return queryset.filter(emails__isnull=True)
        on_the_list = queryset.model.objects.filter(emails__key__in=stopped).values("pk")
        if value == "stopped":
            return queryset.filter(pk__in=on_the_list)
        return queryset.filter(emails__isnull=False).exclude(pk__in=on_the_list).distinct()
