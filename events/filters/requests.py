from datetime import timedelta

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..desk_states import RequestStatus, Source
from ..models import PressRequest


class RequestFilter(filters.FilterSet):
    """`who` and `due` are what a person asks first: what is mine, what is nobody's, what is for today."""

    q = filters.CharFilter(method="search", label=_("Topic, reporter or outlet"))
    who = filters.ChoiceFilter(
        method="by_who",
        label=_("Who answers"),
        empty_label=_("All"),
        choices=[
            ("mine_or_free", pgettext_lazy("requests", "Mine and unassigned")),
            ("mine", pgettext_lazy("requests", "Mine")),
            ("free", pgettext_lazy("requests", "Unassigned")),
        ],
    )
    due = filters.ChoiceFilter(
        method="by_due",
        label=_("Answer needed by"),
        empty_label=_("All"),
        choices=[("today", pgettext_lazy("requests", "Due today")), ("late", pgettext_lazy("requests", "Overdue"))],
    )
    status = filters.MultipleChoiceFilter(label=_("State"), choices=RequestStatus, widget=forms.CheckboxSelectMultiple)
    source = filters.MultipleChoiceFilter(label=_("How it came"), choices=Source, widget=forms.CheckboxSelectMultiple)
    language = filters.MultipleChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PressRequest
        fields = ["q", "who", "due", "status", "source", "language"]

    def search(self, queryset, name, value):
        return queryset.search(value)

    def by_who(self, queryset, name, value):
        mine, free = Q(assignee=self.request.user), Q(assignee=None)
        return queryset.filter({"mine": mine, "free": free, "mine_or_free": mine | free}[value])

    def by_due(self, queryset, name, value):
        if value == "late":
            return queryset.due_before(timezone.now())
        tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return queryset.due_before(tomorrow)
