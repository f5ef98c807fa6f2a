"""What is typed about greeting cards, their occasions, and what was handed over."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from audit.opened import Opened
from core.forms import TidyForm
from crm.forms.exports import PER_SHEET, PrintForm, TakeOutForm
from crm.models import Contact, Export, Segment
from crm.pictures import NotAPicture

from ..artwork import clean_picture
from ..models import Card, Handover, MailingVersion, Occasion
from ..states import CardDesign, OccasionKind, Thing

MAX_PICTURE = 8 * 1024 * 1024
# How many years ahead the dates of a moving feast are asked for.
YEARS = 3
_PER_CARD = ("wish", "signature")


def _day_field(**options) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class OccasionForm(Opened, TidyForm, forms.ModelForm):
    """An occasion, and of a moving one its day in each of the coming years."""

    saved_as = "mailings.occasion.changed"

    class Meta:
        model = Occasion
        fields = [
            "name_ru", "name_tg", "name_en", "kind", "day", "month", "wish_ru", "wish_tg", "wish_en", "segment",
            "design", "is_active",
        ]  # fmt: skip
        widgets = {"kind": forms.RadioSelect, "design": forms.RadioSelect}
        help_texts = {
            "segment": _("The audience of a new card. Without one it is whom last year’s card went to."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.all()
        self.fields["segment"].empty_label = _("not chosen")
        for language in MailingVersion.Language.values:
            for name in ("name", "wish"):
                self.fields[f"{name}_{language}"].widget.attrs["lang"] = language
        known = {one.year: one for one in self.instance.dates.all()} if self.instance.pk else {}
        self.years = [timezone.localdate().year + ahead for ahead in range(YEARS)]
        for year in self.years:
            one = known.get(year)
            self.fields[f"on_{year}"] = _day_field(label=str(year), required=False, initial=one and one.on)
            self.fields[f"certain_{year}"] = forms.BooleanField(
                label=_("announced, the day is certain"), required=False, initial=bool(one and one.is_certain)
            )

    def clean(self):
        super().clean()
        typed = self.cleaned_data
        day, month, kind = typed.get("day"), typed.get("month"), typed.get("kind")
        if kind == OccasionKind.BIRTHDAY and (day or month):
            self.add_error("day", _("Birthdays are each person’s own: leave the day and the month empty."))
        elif bool(day) != bool(month) and "day" not in self.errors and "month" not in self.errors:
            self.add_error(
                "day", _("Give the day and the month, or neither: then its date is told for each year below.")
            )
        elif day and month and not _is_a_day(day, month):
            self.add_error("day", _("There is no such day in this month."))
        for year in self.years:
            on = typed.get(f"on_{year}")
            if on and on.year != year:
                self.add_error(f"on_{year}", _("This day is not in the year %(year)s.") % {"year": year})
        return typed

    @property
    def dates(self) -> dict[int, tuple[date | None, bool]]:
        """Of an occasion that moves, what was typed for each year; of the others nothing stays."""
        if not self.instance.moves:
            return dict.fromkeys(self.years, (None, False))
        typed = self.cleaned_data
        return {year: (typed[f"on_{year}"], typed[f"certain_{year}"]) for year in self.years}

    @property
    def date_rows(self):
        return [(self[f"on_{year}"], self[f"certain_{year}"]) for year in self.years]


def _is_a_day(day: int, month: int) -> bool:
    try:
        date(2028, month, day)
    except ValueError:
        return False
    return True


class CardForm(TidyForm, forms.Form):
    """The picture of a card, and the words in it and under it in each language."""

    design = forms.ChoiceField(label=_("Picture"), choices=CardDesign, widget=forms.RadioSelect)
    upload = forms.FileField(
        label=_("Or a picture of your own"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, up to 8 MB. It is made anew: where and when it was taken stays with you."),
    )
    remove = forms.BooleanField(label=_("Take the picture of our own out, use the drawing"), required=False)
    with_name = forms.BooleanField(label=_("Write the form of address into the picture"), required=False)

    def __init__(self, *args, card: Card, **kwargs):
        self.card = card
        texts = {text.language: text for text in card.texts.all()}
        initial = {"design": card.design, "with_name": card.with_name}
        for language in MailingVersion.Language.values:
            for name in _PER_CARD:
                initial[f"{name}_{language}"] = getattr(texts.get(language), name, "")
        super().__init__(*args, initial=initial, **kwargs)
        for language in MailingVersion.Language.values:
            own = {"lang": language}
            self.fields[f"wish_{language}"] = forms.CharField(
                label=_("Words in the picture"), max_length=120, required=False, widget=forms.TextInput(attrs=own)
            )
            self.fields[f"signature_{language}"] = forms.CharField(
                label=_("Signature"), max_length=300, required=False, widget=forms.Textarea(attrs={**own, "rows": 2})
            )
        if not card.upload:
            del self.fields["remove"]

    def clean_upload(self):
        file = self.cleaned_data["upload"]
        if not file:
            return None
        if file.size > MAX_PICTURE:
            raise forms.ValidationError(
                _("The file is larger than 8 MB. Make the picture smaller and choose it again.")
            )
        try:
            return clean_picture(file)
        except NotAPicture as error:
            raise forms.ValidationError(
                _("This file is not a picture that can be read. Save it as JPEG or PNG and choose it again.")
            ) from error

    @property
    def words(self) -> dict[str, object]:
        """What the action takes."""
        typed = self.cleaned_data
        picture = typed["upload"] or (b"" if typed.get("remove") else None)
        texts = {
            language: {name: typed[f"{name}_{language}"] for name in _PER_CARD}
            for language in MailingVersion.Language.values
        }
        return {"design": typed["design"], "with_name": typed["with_name"], "picture": picture, "texts": texts}

    @property
    def languages(self):
        return [
            (language, label, self[f"wish_{language}"], self[f"signature_{language}"])
            for language, label in MailingVersion.Language.choices
        ]


class CardPrintForm(PrintForm):
    """Cards one a page, or labels for their envelopes: for whom, on which paper, and what for."""

    WHOM = (("everybody", _("Everybody whom the card is for")), ("paper", _("Only those whom no e-mail reaches")))

    whom = forms.ChoiceField(label=_("For whom"), choices=WHOM, initial="everybody", widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [(kind.value, kind.label) for kind in (*Export.CARDS, *PER_SHEET)]
        self.fields["format"].initial = Export.Format.CARDS_A5
        self.order_fields(["query", "whom", "format", "first", "reason"])


class HandoverForm(TidyForm, forms.ModelForm):
    """What was handed over. The note of a sealed contact is written anew or stays: a form does not show it."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Handover
        fields = ["thing", "count", "occasion", "year", "on", "by"]
        widgets = {
            "thing": forms.RadioSelect(attrs={"class": "choices choices--row"}),
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "count": forms.NumberInput(attrs={"min": 1, "max": 500, "class": "control--short"}),
            "year": forms.NumberInput(attrs={"min": 2000, "max": 2100, "class": "control--short"}),
        }
        help_texts = {
            "occasion": _("A printed card needs one: nobody gets two cards of an occasion in a year."),
            "year": _("Of the occasion, or of the calendar."),
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        staff = User.objects.with_right(Right.CONTACTS_EDIT)
        if self.instance.pk:
            staff = staff | User.objects.filter(pk=self.instance.by_id)
        self.fields["by"].queryset = staff.order_by("name").distinct()
        self.fields["by"].initial = user.pk
        self.fields["by"].empty_label = None
        self.fields["occasion"].empty_label = _("without an occasion")
        today = timezone.localdate()
        self.fields["on"].initial, self.fields["year"].initial = today, today.year

    def clean_count(self):
        count = self.cleaned_data["count"]
        if not 1 <= count <= 500:
            raise forms.ValidationError(_("Give a number from 1 to 500."))
        return count

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Write down what has been handed over."))
        return on

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError(_("Give the year in four figures, as 2027."))
        return year

    def clean(self):
        super().clean()
        typed = self.cleaned_data
        if typed.get("thing") == Thing.CARD and "occasion" in typed and not typed["occasion"]:
            self.add_error("occasion", _("Say which occasion the card was for."))
        return typed


class HandOutForm(forms.Form):
    """Printed cards given to several people on one day."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who got the card"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Mark at least one person.")},
    )
    on = _day_field(label=_("When"))
    giver = forms.ModelChoiceField(label=_("Who handed it over"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args, people, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["giver"].queryset = User.objects.with_right(Right.CONTACTS_EDIT).order_by("name")
        self.fields["giver"].initial, self.fields["on"].initial = user.pk, timezone.localdate()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Write down what has been handed over."))
        return on


class HandoverExportForm(TakeOutForm):
    """The list of what was handed over, as a CSV file: what for."""
