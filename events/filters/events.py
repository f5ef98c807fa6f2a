"""Narrow the list of events, and the list of guests of one."""

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import search_words

from ..models import Event, Invitation
from ..states import EventKind, EventStatus, Rsvp

WHEN = [("past", _("Past")), ("draft", _("Being prepared")), ("all", _("All"))]


class EventFilter(filters.FilterSet):
    """Without a word: what is to come, the next one first."""

    q = filters.CharFilter(method="search", label=_("Title or venue"))
    when = filters.ChoiceFilter(choices=WHEN, method="by_time", label=_("When"))
    kind = filters.ChoiceFilter(choices=EventKind, label=_("Kind"), empty_label=_("All"))

    class Meta:
        model = Event
        fields = ["q", "when", "kind"]

    @property
    def qs(self):
        found = super().qs
        return found if self.data.get("when") in dict(WHEN) else found.to_come(timezone.now())

    def by_time(self, queryset, name, value):
        if value == "past":
            return queryset.filter(Q(ends_at__lt=timezone.now()) | Q(status=EventStatus.CANCELLED))
        return queryset.filter(status=EventStatus.DRAFT) if value == "draft" else queryset

    def search(self, queryset, name, value):
        # SQLite folds Latin letters alone: a title is looked for as it is written, and with a capital.
        for word in value.split():
            spellings = Q()
            for spelling in {word, word.lower(), word.capitalize()}:
                spellings |= Q(title__contains=spelling) | Q(venue__name__contains=spelling)
            queryset = queryset.filter(spellings)
        return queryset


class GuestFilter(filters.FilterSet):
    """`is` is a tab of the page: what a person counts."""

    GROUPS = {
        "come": [Rsvp.ACCEPTED],
        "wait": [Rsvp.WAITLISTED, Rsvp.OFFERED],
        "silent": [Rsvp.INVITED],
        "perhaps": [Rsvp.TENTATIVE],
        "no": [Rsvp.DECLINED],
        "draft": [Rsvp.DRAFT],
        "off": [Rsvp.REVOKED],
    }
    LABELS = {
        "come": _("Come"),
        "wait": _("Wait for a place"),
        "silent": _("No answer"),
        "perhaps": _("Perhaps"),
        "no": _("Do not come"),
        "draft": _("Not invited yet"),
        "off": _("Withdrawn"),
    }

    q = filters.CharFilter(method="search", label=_("Name or outlet"))
    group = filters.ChoiceFilter(choices=list(LABELS.items()), method="by_group", label=_("Answer"))

    part = filters.NumberFilter(
        field_name="sign_ups__part", min_value=1, max_value=2**63 - 1, label=_("Part of the programme")
    )

    class Meta:
        model = Invitation
        fields = ["q", "group", "part"]

    def by_group(self, queryset, name, value):
        return queryset.filter(rsvp__in=self.GROUPS[value])

    def search(self, queryset, name, value):
        for word in search_words(value):
            queryset = queryset.filter(search_text__contains=word)
        return queryset
