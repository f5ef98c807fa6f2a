"""The list view that every list of ours is: filters in the URL, pages, and its table alone for htmx."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.forms import DateField, Field
from django.utils.formats import date_format
from django.views.generic import ListView


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it is about, what was chosen, and the address without it."""

    label: str
    value: str
    without: str


class FilteredListView(ListView):
    """A ListView narrowed by a django-filter FilterSet. htmx gets `partial_name`, everybody else the whole page."""

    filterset_class = None
    partial_name = ""
    paginate_by = 50

    def get_queryset(self):
        self.filterset = self.filterset_class(self.request.GET, queryset=super().get_queryset(), request=self.request)
        return self.filterset.qs

    def get_template_names(self):
        part = self.request.htmx and not self.request.htmx.boosted
        return [self.partial_name] if part else super().get_template_names()

    def get_context_data(self, **context):
        chips = [chip for name in self.filterset.filters if name not in {"q", "sort"} for chip in self._chips(name)]
        return super().get_context_data(filterset=self.filterset, chips=chips, **context)

    def paginate_queryset(self, queryset, page_size):
        """A page number out of range shows the nearest page: a link kept from yesterday still opens a list."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def _chips(self, name):
        values = [value for value in self.request.GET.getlist(name) if value]
        if not values:
            return
        field = self.filterset.form.fields[name]
        words = ", ".join(_in_words(field, value) for value in values)
        left = self.request.GET.copy()
        left.pop(name)
        left.pop("page", None)
        yield Chip(field.label, words, f"?{left.urlencode()}")


def _in_words(field: Field, value: str) -> str:
    """What was chosen as the form calls it; a day as people write it."""
    if isinstance(field, DateField):
        with suppress(ValueError):
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return str(dict(getattr(field, "choices", [])).get(value, value))
