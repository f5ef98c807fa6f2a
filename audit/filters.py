import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.text import fold, search_words

from .kinds import Kind
from .models import Entry
from .sentences import BY_WORDS, SENTENCES
from .visibility import readable


class EntryFilter(filters.FilterSet):
    """Narrow the journal. Nobody finds by a name what that name is hidden from them in."""

    q = filters.CharFilter(method="search", label=_("Record or action"))
    kind = filters.ChoiceFilter(choices=Kind, label=_("Kind"), widget=forms.HiddenInput)
    action = filters.ChoiceFilter(choices=list(SENTENCES.items()), label=_("What"), widget=forms.HiddenInput)
    by = filters.ChoiceFilter(method="by_person", label=_("Who"), empty_label=_("Everybody"))
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"))
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"))

    class Meta:
        model = Entry
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["by"].extra["choices"] = _people()
        for name in ("since", "until"):
            self.filters[name].extra["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def by_person(self, queryset, name, value):
        return queryset.filter(by_id=int(value)) if value.isdecimal() else queryset.filter(by_id=None, by=value)

    def search(self, queryset, name, value):
        found = Q()
        for word in search_words(value):
            actions = [action for action, words in SENTENCES.items() if word in fold(f"{words} {action}")]
            found &= Q(subject_key__contains=word) & readable(self.request.user) | Q(action__in=actions)
        return queryset.filter(found)


def _people() -> list[tuple[str, str]]:
    """Staff who ever did anything, by the name they had last, and who acts without an account."""
    pairs = Entry.objects.exclude(by_id=None).order_by("by_id").values_list("by_id", "by").distinct()
    named = sorted(((str(pk), name) for pk, name in dict(pairs).items()), key=lambda pair: pair[1].casefold())
    return [*named, *BY_WORDS.items()]
