"""A segment's name and colour, and a rule read from the address of the contact list."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm
from core.text import digits, fold

from ..criteria import CRITERIA
from ..models import Segment, Wording

# How the list is shown, not whom it shows.
_NOT_ABOUT_PEOPLE = {"page", "sort", "columns", "saving"}
_LONGEST = 4_000
# So many digits are somebody's telephone.
_TELEPHONE = 7


def rule_of(query: str, *, user: User) -> dict[str, list[str]]:
    """The rule that a filter of the contact list is. Raises ValidationError for what a segment cannot keep."""
    given = QueryDict(query[:_LONGEST])
    rule = {}
    for name in given:
        values = sorted({value for value in given.getlist(name) if value.strip()})
        if not values or name in _NOT_ABOUT_PEOPLE:
            continue
        if name not in CRITERIA:
            words = _("The filter “%(name)s” cannot be part of a segment. Remove it from the list, then save.")
            raise ValidationError(words, params={"name": _("Archive") if name == "archived" else name})
        rule[name] = [str(user.pk) if (name, value) == ("owner", "me") else value for value in values]
    _refuse_addresses(rule)
    gone = Wording([rule], sees_restricted=user.may(Right.CONTACTS_RESTRICTED)).gone(rule)
    if gone:
        words = _("The filter “%(name)s” names something that is not there. Remove it from the list, then save.")
        raise ValidationError(words, params={"name": gone[0].label})
    return rule


def _refuse_addresses(rule: dict[str, list[str]]) -> None:
    """A rule is read by all staff and kept for years: no way to reach anybody may stand in it."""
    if any("@" in text or len(digits(text)) >= _TELEPHONE for text in rule.get("q", [])):
        raise ValidationError(
            _(
                "A search for an address or a telephone cannot be kept: a segment must not show how to reach anybody. "
                "Search by a name."
            )
        )


class SegmentForm(TidyForm, forms.ModelForm):
    class Meta:
        model = Segment
        fields = ["name", "colour"]
        widgets = {"colour": forms.RadioSelect(attrs={"class": "choices choices--row"})}
        labels = {"name": pgettext_lazy("segment", "Name")}
        help_texts = {"name": gettext_lazy("All staff see it.")}

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = Segment.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        same = next((other for other in others if fold(other) == fold(name)), None)
        if same:
            words = _("There is a segment “%(name)s” already. Choose another name.")
            raise ValidationError(words, params={"name": same})
        return name


class RuleForm(forms.Form):
    """The filter that a segment is saved from. `rule` is there once the form is valid."""

    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=_LONGEST)

    def __init__(self, *args, user: User, needs_filter: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.needs_filter = user, needs_filter

    def clean_query(self):
        query = self.cleaned_data["query"]
        self.rule = rule_of(query, user=self.user)
        if self.needs_filter and not self.rule:
            raise ValidationError(_("Without a filter everybody would be in the segment. Choose a filter, then save."))
        return query


class MemberForm(forms.Form):
    """Which fixed list somebody is put on."""

    segment = forms.ModelChoiceField(
        Segment.objects.filter(kind=Segment.Kind.LIST), label=gettext_lazy("List"), empty_label=None
    )
