import re

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.roles import Right
from core import addresses
from core.forms import TidyForm
from core.text import clean

from ..dates import NotADate, parse
from ..models import Domain, Organisation, organisation_key
from ..states import PRESS_LANGUAGES, OrganisationStatus
from .dates import PartialDateField

# «Вечерний вестник до 2019», "Evening Herald (until March 2019)".
_UNTIL = re.compile(r"(?P<name>.+?)[\s,;(]+(?:до|то|until)\s+(?P<day>[^()]+?)\)?", re.IGNORECASE)


def _named(typed: str) -> str:
    """A name that names something, or nothing at all."""
    name = clean(typed)
    if typed and not organisation_key(name):
        raise forms.ValidationError(_("An organisation has letters or digits in its name."))
    return name


class RestrictionForm(TidyForm, forms.Form):
    """An organisation that a court has banned."""

    name = forms.CharField(label=_("Organisation"), max_length=200, help_text=_("Any spelling of its name will do."))
    on = forms.DateField(label=_("Banned on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=_("Court and number"),
        max_length=300,
        required=False,
        help_text=_("As the decision is called, for whoever asks later."),
    )

    def clean_name(self):
        return _named(self.cleaned_data["name"])

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Enter a ban once it is in force."))
        return self.cleaned_data["on"]


class RepresentationForm(TidyForm, forms.Form):
    """Which organisation a member represents; empty: none. It makes no organisation: a typo would be a new one."""

    user = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["user"].queryset = User.objects.with_right(Right.OWN_ORGANISATION)

    def clean(self):
        super().clean()
        name = self.cleaned_data.get("organisation", "")
        if name:
            self.cleaned_data["organisation"] = self._find(name)
        return self.cleaned_data

    def _find(self, name: str) -> Organisation | None:
        """One that `by` may see, or the one that stands there already. A restricted one is answered as an unknown."""
        named = Organisation.objects.filter(name_key=organisation_key(name))
        kept = named.filter(representations__user=self.cleaned_data.get("user"))
        found = named.visible_to(self.by).first() or kept.first()
        if found is None:
            refusal = _("There is no organisation “%(name)s”. What you typed is still here: choose a suggested name.")
            self.add_error("organisation", forms.ValidationError(refusal, params={"name": name}))
        return found


def _names_with_days(text: str) -> dict[str, str]:
    """Each line's name and until when, if the line says so."""
    return dict(_name_and_day(line) for line in map(clean, text.splitlines()) if line)


def _name_and_day(line: str) -> tuple[str, str]:
    if found := _UNTIL.fullmatch(line):
        try:
            return found["name"].rstrip(" ,;("), parse(found["day"])
        except NotADate:
            pass
    return line, ""


def _as_lines(rows, until: str) -> str:
    word = pgettext("former name", "until")
    return "\n".join(f"{row.name} {word} {day}" if (day := getattr(row, until)) else row.name for row in rows)


def another_of_this_name(name: str, *, but: Organisation) -> Organisation | None:
    """Another organisation that has or had this name, unless it became part of this one."""
    key = organisation_key(name)
    others = Organisation.objects.exclude(pk=but.pk).filter(Q(name_key=key) | Q(former_names__name_key=key))
    return others.exclude(successor__isnull=False, successor=but.pk).first() if key else None


class UniqueNames:
    """What forms that name an organisation share: two organisations of one name would be mixed up by every list.

    `collision` is the other one, for the page to offer merging; one that `by` may not see is not named.
    """

    by: User
    collision: Organisation | None = None

    def refuse_another_of(self, field: str, name: str, instance: Organisation) -> None:
        other = another_of_this_name(name, but=instance)
        if other is None:
            return
        if Organisation.objects.visible_to(self.by).filter(pk=other.pk).exists():
            self.collision = other
            words = _t("“%(name)s” is, or was, the name of “%(other)s”. If both are one, merge them.")
        else:
            words = _t("“%(name)s” cannot be used. Ask the head.")
        self.add_error(field, words % {"name": name, "other": other.name})


class OrganisationForm(UniqueNames, TidyForm, forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=PRESS_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    parent = forms.CharField(label=_("Part of"), max_length=200, required=False)
    former_names = forms.CharField(
        label=_("Former names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, and until when, if that is known: “Evening Herald until 2019”."),
    )
    domains = forms.CharField(
        label=_("Domains"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of mail and website, one a line, today's and earlier ones: “asia.test until 2021”."),
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "kind",
            "ownership",
            "languages",
            "frequency",
            "press_day",
            "region",
            "city",
            "postal_address",
            "website",
            "press_unit",
            "parent",
            "former_names",
            "domains",
            "note",
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("note", "postal_address")}
        help_texts = {
            "press_day": _("For a newspaper: a letter that comes on this day is too late."),
            "postal_address": _("As on an envelope: it stands on the labels of its people."),
            "press_unit": _("As a state body calls it: “press centre”, “department of public relations”."),
        }
        error_messages = {"name": {"required": _("Say what it is called.")}}

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        organisation = self.instance
        self.initial["languages"] = organisation.languages.split()
        for name in ("kind", "ownership", "frequency", "press_day", "region"):
            if self.fields[name].choices[0][0] == "":
                self.fields[name].choices = [("", _("not said")), *self.fields[name].choices[1:]]
        self.initial["parent"] = organisation.parent.name if organisation.parent else ""
        if organisation.pk:
            self.initial["former_names"] = _as_lines(organisation.former_names.all(), "until")
            self.initial["domains"] = _as_lines(organisation.domains.all(), "retired_on")
            self.fields["name"].help_text = _("For a slip of the pen. Has it another name now? Choose “Rename”.")

    def clean_name(self):
        name = _named(self.cleaned_data["name"])
        self.refuse_another_of("name", name, self.instance)
        return name

    def clean_languages(self):
        return " ".join(self.cleaned_data["languages"])

    def clean_parent(self):
        """One that is there: a typo would make a new one."""
        name = clean(self.cleaned_data["parent"])
        if not name:
            return None
        found = Organisation.objects.visible_to(self.by).filter(name_key=organisation_key(name)).first()
        if found is None:
            refusal = _("There is no organisation “%(name)s”. What you typed is still here: choose a suggested name.")
            raise forms.ValidationError(refusal, params={"name": name})
        if self.instance.pk and found.pk in {self.instance.pk, *self._parts_of(self.instance)}:
            raise forms.ValidationError(_("“%(name)s” is part of this one itself."), params={"name": name})
        return found

    def _parts_of(self, organisation: Organisation) -> set[int]:
        found, newest = set(), {organisation.pk}
        while newest:
            parts = Organisation.objects.filter(parent__in=newest).values_list("pk", flat=True)
            newest = set(parts) - found
            found |= newest
        return found

    def clean_former_names(self) -> dict[str, str]:
        found, keys = {}, {organisation_key(self.cleaned_data.get("name", ""))}
        for name, day in _names_with_days(self.cleaned_data["former_names"]).items():
            key = organisation_key(_named(name))
            if key not in keys:
                self.refuse_another_of("former_names", name, self.instance)
                found[name[:200]] = day
                keys.add(key)
        return found

    def clean_domains(self) -> dict[str, str]:
        found = {}
        for typed, day in _names_with_days(self.cleaned_data["domains"]).items():
            bare = re.sub(r"^(?:https?://)?(?:www\.|.*@)?|/.*$", "", typed.strip(), flags=re.IGNORECASE)
            try:
                found[addresses.normalise(f"x@{bare}").rpartition("@")[2]] = day
            except addresses.NotAnAddress as error:
                message = _("“%(line)s” is no domain. It looks like outlet.tj.")
                raise forms.ValidationError(message, params={"line": typed}) from error
        self._refuse_domains_of_others(found)
        return found

    def _refuse_domains_of_others(self, names) -> None:
        taken = Domain.objects.filter(name__in=names).exclude(organisation=self.instance.pk)
        other = taken.select_related("organisation").first()
        if other and Organisation.objects.visible_to(self.by).filter(pk=other.organisation_id).exists():
            self.collision = other.organisation
            words = _("The domain %(domain)s is kept with “%(other)s”. Take it out there first, or merge the two.")
            raise forms.ValidationError(words, params={"domain": other.name, "other": other.organisation.name})
        if other:
            raise forms.ValidationError(_("“%(name)s” cannot be used. Ask the head."), params={"name": other.name})


class RenameForm(UniqueNames, TidyForm, forms.Form):
    name = forms.CharField(label=_("New name"), max_length=200)
    until = PartialDateField(
        label=_("Called so until"), required=False, help_text=_("A day, a month or a year; empty if nobody knows.")
    )

    def __init__(self, *args, instance: Organisation, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance, self.by = instance, by

    def clean_name(self):
        name = _named(self.cleaned_data["name"])
        if name == self.instance.name:
            raise forms.ValidationError(_("It is called so already."))
        self.refuse_another_of("name", name, self.instance)
        return name


class MergeForm(TidyForm, forms.Form):
    """Into which other, and whether its people go along."""

    into = forms.CharField(label=_("Into which organisation"), max_length=200)
    on = PartialDateField(label=_("When"), required=False, help_text=_("A day, a month or a year."))
    people = forms.ChoiceField(
        label=_("People and posts"),
        choices=[("move", _("go along: they work there from now on")), ("stay", _("stay where they are written now"))],
        initial="move",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, instance: Organisation, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance, self.by = instance, by

    def clean_into(self):
        name = clean(self.cleaned_data["into"])
        others = Organisation.objects.visible_to(self.by).exclude(pk=self.instance.pk)
        found = others.filter(name_key=organisation_key(name)).first()
        if found is None:
            refusal = _("There is no organisation “%(name)s”. What you typed is still here: choose a suggested name.")
            raise forms.ValidationError(refusal, params={"name": name})
        if found.status == OrganisationStatus.MERGED:
            raise forms.ValidationError(_("“%(name)s” is itself merged into another."), params={"name": name})
        if found.restricted_on or self.instance.restricted_on:
            raise forms.ValidationError(_("A banned organisation is not merged: its people would come into the open."))
        return found


class CloseForm(TidyForm, forms.Form):
    on = PartialDateField(label=_("When"), required=False, help_text=_("A day, a month or a year."))
    end_positions = forms.BooleanField(
        label=_("People worked there until then; its posts are put away"), required=False, initial=True
    )
    retire_addresses = forms.BooleanField(
        label=_("Work addresses are not used any more: no letter goes there"), required=False, initial=True
    )
