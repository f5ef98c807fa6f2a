"""What goes into a review: mailings that were ticked, and publications that were pasted."""

import re

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..models import Mailing
from ..pipeline.digest import Clipping, candidates, since_the_last

_URL = re.compile(r"https?://\S+")
_MOST_LINES = 100


class GatherForm(forms.Form):
    mailings = forms.ModelMultipleChoiceField(
        label=_("What we sent"),
        queryset=Mailing.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    clippings = forms.CharField(
        label=_("What was published about us"),
        help_text=_("One in a line: the title and its link."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args, review: Mailing, **kwargs):
        super().__init__(*args, **kwargs)
        found = list(candidates(review))
        field = self.fields["mailings"]
        field.queryset = Mailing.objects.filter(pk__in=[one.pk for one in found]).prefetch_related("versions")
        field.queryset = field.queryset.order_by("-started_at", "-pk")
        field.initial = [one.pk for one in since_the_last(review, found)]
        field.label_from_instance = _label

    def clean_clippings(self) -> list[Clipping]:
        lines = [line.strip() for line in self.cleaned_data["clippings"].splitlines()]
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(_t("No more than %(count)s lines at once.") % {"count": _MOST_LINES})
        return [_clipping(number, line) for number, line in enumerate(lines, 1) if line]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["mailings"] and not cleaned["clippings"]:
            raise forms.ValidationError(_("Choose a mailing or paste a publication."))
        return cleaned


def _clipping(number: int, line: str) -> Clipping:
    found = _URL.search(line)
    if not found:
        raise forms.ValidationError(
            _t("Line %(number)s has no link: it begins with http:// or https://.") % {"number": number}
        )
    url = found[0].rstrip(".,;")
    title = line.replace(found[0], " ").strip(" -–—:;,\t")
    return Clipping(title or url, url)


def _label(mailing: Mailing) -> str:
    return f"{date_format(mailing.started_at, 'SHORT_DATE_FORMAT')} · {mailing.get_kind_display()} · {mailing.title}"
