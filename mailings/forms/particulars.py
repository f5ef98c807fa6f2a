"""Forms for what stands around the texts: particulars of a kind, signatories, hotlines."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.opened import Opened
from core.forms import TidyForm
from crm.models import Organisation
from crm.states import OrganisationKind, Region

from ..dative import addressee
from ..files import Refused, document, picture
from ..layouts import PER_LANGUAGE
from ..models import Attachment, Hotline, Mailing, MailingVersion

_LABELS = {
    "contact": (_("Press contact"), _("Name, telephone, e-mail. Empty: the address that answers go to.")),
    "about": (_("Background about us"), _("It stands under the text, in smaller letters.")),
    "addressee": (
        _("Addressee of the letter"),
        _("Office and name, a line each, in the dative. Type them as they are called, and tick the box below."),
    ),
}
_MAX_UPLOAD = 20 * 1024 * 1024


class ParticularsForm(TidyForm, forms.Form):
    """The fields of one kind: a number, urgency and embargo once, the rest for each language."""

    def __init__(self, *args, mailing: Mailing, **kwargs):
        self.mailing = mailing
        super().__init__(*args, initial=_initial(mailing), **kwargs)
        has = mailing.has
        if "number" in has:
            self.fields["number"] = forms.IntegerField(
                label=pgettext_lazy("mailing", "Number"),
                required=False,
                min_value=1,
                max_value=99_999,
                help_text=_proposal(mailing),
            )
        if "is_urgent" in has:
            text = _("A red bar on top, and mail programs mark the letter as important.")
            self.fields["is_urgent"] = forms.BooleanField(label=_("Urgent"), required=False, help_text=text)
        if "embargo_until" in has:
            self.fields["embargo_until"] = forms.DateTimeField(
                label=_("Embargo until"),
                required=False,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                help_text=_("Dushanbe, UTC+5. The letter says so on top; its web copy opens at that time."),
            )
        for name in ("addressee", "contact", "about"):
            if name in has:
                self._add(name)

    def _add(self, name: str) -> None:
        label, hint = _LABELS[name]
        longest = {"contact": 200, "about": 2000, "addressee": 500}[name]
        for code, language in MailingVersion.Language.choices:
            widget = forms.TextInput() if name == "contact" else forms.Textarea(attrs={"rows": 3})
            widget.attrs["lang"] = code
            field = forms.CharField(label=f"{label} · {language}", required=False, max_length=longest, widget=widget)
            field.help_text = hint if code == "ru" else ""
            self.fields[f"{name}_{code}"] = field
        if name == "addressee":
            self.fields["decline"] = forms.BooleanField(
                label=_("Put the Russian lines into the dative, then show them to me"), required=False
            )

    def clean_number(self):
        number, year = self.cleaned_data["number"], timezone.localdate().year
        others = Mailing.objects.filter(kind=self.mailing.kind, year=year, number=number).exclude(pk=self.mailing.pk)
        if number and (other := others.first()):
            free = Mailing.next_number(self.mailing.kind, year)
            text = _t("Number %(number)s is taken this year: “%(title)s”. The next free one is %(free)s.")
            raise forms.ValidationError(text % {"number": number, "title": other.title, "free": free})
        return number

    def clean(self):
        """The proposal of a dative goes back into the form: a person looks at it before it is kept."""
        super().clean()
        typed = self.cleaned_data.get("addressee_ru", "")
        if self.cleaned_data.get("decline") and typed:
            proposed = addressee(typed)
            self.data = self.data.copy()
            self.data["addressee_ru"] = proposed
            self.data.pop("decline", None)
            self.add_error("addressee_ru", _t("This is a proposal. Correct it if need be, then save."))

    @property
    def own(self) -> dict[str, object]:
        names = ("number", "is_urgent", "embargo_until")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    @property
    def words(self) -> dict[str, dict[str, str]]:
        names = [name for name in sorted(PER_LANGUAGE) if name in self.mailing.has]
        languages = MailingVersion.Language.values if names else []
        return {code: {name: self.cleaned_data[f"{name}_{code}"] for name in names} for code in languages}


def _proposal(mailing: Mailing) -> str:
    year = timezone.localdate().year
    text = _t("The next free number of %(year)s is %(number)s. Without a number none is shown.")
    return text % {"year": year, "number": Mailing.next_number(mailing.kind, year)}


def _initial(mailing: Mailing) -> dict[str, object]:
    """What is stored; what is not yet, as the last mailing of this kind had it."""
    until = mailing.embargo_until and timezone.localtime(mailing.embargo_until)
    initial = {"number": mailing.number, "is_urgent": mailing.is_urgent, "embargo_until": until}
    frames = list(mailing.frames.all())
    standing = not frames
    if standing:
        last = Mailing.objects.filter(kind=mailing.kind, frames__isnull=False).exclude(pk=mailing.pk).first()
        frames = list(last.frames.all()) if last else []
    for frame in frames:
        initial |= {f"contact_{frame.language}": frame.contact, f"about_{frame.language}": frame.about}
        initial[f"addressee_{frame.language}"] = "" if standing else frame.addressee
    return initial


class FileForm(TidyForm, forms.Form):
    """A file to attach, or a picture for the text with its description. `cleaned` is the file made fit to be sent."""

    use = forms.ChoiceField(
        label=_("What for"),
        choices=[(Attachment.Use.FILE, _("Attach a file")), (Attachment.Use.PICTURE, _("Picture in the text"))],
        widget=forms.RadioSelect,
        initial=Attachment.Use.FILE,
    )
    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, XLSX, PPTX, JPEG or PNG. Names of authors go out."))
    alt = forms.CharField(
        label=_("What the picture shows"),
        required=False,
        max_length=250,
        help_text=_("For who does not see it, and for mail programs that show no pictures."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > _MAX_UPLOAD:
            raise forms.ValidationError(_t("The file is too big to be sent. Put it on the website and give a link."))
        return file

    def clean(self):
        super().clean()
        file, use = self.cleaned_data.get("file"), self.cleaned_data.get("use")
        if use == Attachment.Use.PICTURE and not self.cleaned_data.get("alt"):
            self.add_error("alt", _t("Say in a few words what the picture shows."))
        if file and use:
            make = picture if use == Attachment.Use.PICTURE else document
            try:
                self.cleaned = make(file.name, file.read())
            except Refused as refusal:
                self.add_error("file", str(refusal))


class DescriptionForm(TidyForm, forms.Form):
    alt = forms.CharField(label=_("What the picture shows"), max_length=250)


class SignatoryForm(forms.Form):
    """An organisation that signs, too: those of the coalition first."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())

    def __init__(self, *args, mailing: Mailing, user, **kwargs):
        super().__init__(*args, **kwargs)
        signed = mailing.signatories.exclude(organisation=None).values("organisation")
        kinds = [OrganisationKind.MEMBER, OrganisationKind.PUBLIC, OrganisationKind.INTERNATIONAL]
        some = Organisation.objects.visible_to(user).filter(kind__in=kinds).exclude(pk__in=signed)
        self.fields["organisation"].queryset = some.order_by("sort_key")


class AgreementForm(TidyForm, forms.Form):
    agreed_by = forms.CharField(label=_("Who said yes"), max_length=200)
    agreed_on = forms.DateField(
        label=_("On what day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_t("This day is still to come."))
        return day


class LogoForm(forms.Form):
    file = forms.FileField(label=_("Logo"))

    def clean(self):
        super().clean()
        file = self.cleaned_data.get("file")
        if file:
            try:
                self.cleaned = picture(file.name, file.read(_MAX_UPLOAD))
            except Refused as refusal:
                self.add_error("file", str(refusal))


class HotlinesForm(Opened, TidyForm, forms.Form):
    """One line of text for each region and language; the row without a region is for everybody else."""

    saved_as = "mailings.hotlines.set"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {(one.region, one.language): one.text for one in Hotline.objects.all()}
        rules = Hotline._meta.get_field("text").validators
        self.places = [("", _("Everybody else")), *Region.choices]
        for region, place in self.places:
            for code, language in MailingVersion.Language.choices:
                field = forms.CharField(label=f"{place} · {language}", required=False, max_length=100, validators=rules)
                field.initial = stored.get((region, code), "")
                field.widget.attrs["lang"] = code
                self.fields[_cell(region, code)] = field

    def clean(self):
        super().clean()
        for code in MailingVersion.Language.values:
            regional = any(self.cleaned_data.get(_cell(region, code)) for region in Region.values)
            if regional and not self.cleaned_data.get(_cell("", code)) and not self.has_error(_cell("", code)):
                text = _t("Say first whom to call where the region is not known: without it no letter shows a hotline.")
                self.add_error(_cell("", code), text)

    @property
    def rows(self):
        return [
            [self[_cell(region, code)] for code in MailingVersion.Language.values] for region, _place in self.places
        ]

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        return {
            (region, code): self.cleaned_data[_cell(region, code)]
            for region, _place in self.places
            for code in MailingVersion.Language.values
        }


def _cell(region: str, language: str) -> str:
    return f"{region or 'any'}_{language}"
