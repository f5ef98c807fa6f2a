import json
import re

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from core import phones
from core.forms import TidyForm
from core.text import clean, fold

from ..actions.contacts import TypedName
from ..actions.photos import MAX_BYTES, portrait
from ..actions.sealing import Revealed, kept_sealed
from ..importing import dates
from ..models import LANGUAGE_CODES, LANGUAGE_ORDERS, SEALED_TEXTS, Contact, Tag, Topic, suggested_address
from ..permissions import levels_for
from ..pictures import NotAPicture
from ..states import Sensitivity, Unreadable
from .employers import employer
from .ways import PERSONAL, WORK, EmailsField, PhonesField, Read, Row

# What each level means, in the words of who chooses one.
LEVELS = {
    Sensitivity.OPEN: _("everyone who sees contacts sees this one."),
    Sensitivity.INTERNAL: _("only the media group; viewers do not learn that it exists."),
    Sensitivity.SEALED: _("others see the name alone. E-mail, telephone and note are encrypted; letters still arrive."),
}
_LANGUAGE_NAMES = {"ru": _("Russian"), "tg": _("Tajik"), "en": _("English")}
_NAMED = {"ru": _("In Russian"), "tg": _("In Tajik"), "en": _("In Latin letters")}
_PARTS = {"surname": _("Surname"), "given_name": _("Given name"), "patronymic": _("Patronymic")}
_FORMER = re.compile(r"(.+?)[\s,]*(?:\(?(?:до|то|until)?\s*((?:19|20)\d\d)\)?)?")
_MOST_LABELS = 30

# The form in the order it is read, each part under its heading.
SECTIONS = [
    (_("Who"), ["name", "given_name", "gender", "kind", "birthday", "is_post"]),
    (_("Names in languages"), ["former_surnames"]),
    (_("Work"), ["organisation", "title"]),
    (_("Ways to reach"), ["emails", "phones", "preferred_way"]),
    (_("Languages and place"), ["languages", "region", "city", "postal_address"]),
    (_("Basis for writing"), ["basis", "basis_on", "basis_proof", "source"]),
    (_("Sorting"), ["topics", "tags", "owner"]),
    (_("Care"), ["sensitivity", "note", "photo"]),
]


def _level_label(level: str) -> SafeString:
    return format_html("<b>{}:</b> {}", Sensitivity(level).label, LEVELS[level])


def _order_label(order: str) -> str:
    return ", ".join(str(_LANGUAGE_NAMES[code]) for code in order.split())


class ContactForm(TidyForm, forms.ModelForm):
    """A contact with all that hangs on it. Only the name must be there: what cannot be read is kept as typed.

    `revision` is the save this page was opened at, `was` what it showed then: see forms.meanwhile.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    birthday = forms.CharField(
        label=_("Birthday"), max_length=40, required=False, help_text=_("Day and month: 5 March, or 05.03.")
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Up to 5 MB. It is made small, and what the camera wrote into it is taken out."),
    )
    no_photo = forms.BooleanField(label=_("Take the photo away"), required=False)
    former_surnames = forms.CharField(
        label=_("Former surnames"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, with the year if you know it: Rahimova 2016. Search finds the person by them."),
    )
    organisation = forms.CharField(label=_("Outlet or organisation"), max_length=200, required=False)
    title = forms.CharField(label=_("Position"), max_length=200, required=False)
    emails = EmailsField(label=_("E-mail"), help_text=_("Letters go to the first one that works."))
    phones = PhonesField(label=_("Telephone"))
    basis_on = forms.CharField(label=_("Basis since"), max_length=40, required=False, help_text=_("05.03.2024"))
    topics = forms.CharField(
        label=_("Topics"), max_length=1000, required=False, help_text=_("Divided by commas. A new one is made.")
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=1000, required=False, help_text=_("Divided by commas. A new one is made.")
    )

    class Meta:
        model = Contact
        fields = [
            "name", "is_post", "given_name", "gender", "kind", "sensitivity", "languages", "region", "city",
            "postal_address", "preferred_way", "basis", "basis_proof", "source", "owner", "note",
        ]  # fmt: skip
        help_texts = {
            "given_name": _("For the greeting: “Hello, …!”"),
            "is_post": _("Its holders change; letters go to the post."),
            "postal_address": _("As on an envelope. If it is empty, letters go to where the person works."),
            "basis_proof": _("Where it can be seen: a letter, a list, a form."),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("note", "postal_address")}

    def __init__(self, *args, by: User, revealed: Revealed | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, contact = by, self.instance
        present = contact.sensitivity if contact.pk else None
        levels = levels_for(present, sees_sealed=by.may(Right.CONTACTS_SEALED))
        is_narrowed = len(levels) < len(Sensitivity)
        self.fields["sensitivity"] = forms.ChoiceField(
            label=_("How carefully to keep it"),
            choices=[(level, _level_label(level)) for level in levels],
            initial=contact.sensitivity,
            widget=forms.RadioSelect,
            required=False,
            help_text=_("More carefully is always possible; for less, ask the head.") if is_narrowed else "",
        )
        self.fields["languages"] = forms.ChoiceField(
            label=_("Languages"),
            help_text=_("Letters are written in the one that stands first; the others are read, too."),
            choices=[(order, _order_label(order)) for order in LANGUAGE_ORDERS],
            initial=contact.languages,
        )
        for name in ("gender", "region", "preferred_way"):
            self.fields[name].choices = [("", _("not said")), *self.fields[name].choices[1:]]
        self.fields["owner"].empty_label = _("nobody")
        keepers = User.objects.with_right(Right.CONTACTS_EDIT)
        self.fields["owner"].queryset = (keepers | User.objects.filter(pk=contact.owner_id)).order_by("name")
        for name, model in (("topics", Topic), ("tags", Tag)):
            self.fields[name].widget.attrs |= {"list": f"known-{name}", "data-labels": "", "autocomplete": "off"}
            self.fields[name].known = model.objects.values_list("name", flat=True)
        self._add_names()
        if contact.pk:
            # Whom people hold stays a post.
            self.fields["is_post"].disabled = contact.holders.exists()
            self.initial["revision"] = contact.revision
            self._show_names()
            self._show_work_and_ways(revealed)
            self._show_dates(revealed)
            self._show_labels()

    # What the page shows

    def _add_names(self):
        for code in LANGUAGE_CODES:
            for part, label in _PARTS.items():
                self.fields[f"{part}_{code}"] = forms.CharField(label=label, max_length=100, required=False)
            self.fields[f"address_{code}"] = forms.CharField(label=_("Form of address"), max_length=200, required=False)
            self.fields[f"checked_{code}"] = forms.BooleanField(label=_("checked"), required=False)
            for part in (*_PARTS, "address"):
                self.fields[f"{part}_{code}"].widget.attrs["lang"] = code

    def _show_names(self):
        for name in self.instance.names.all():
            for part in (*_PARTS, "address"):
                self.initial[f"{part}_{name.language}"] = getattr(name, part)
            self.initial[f"checked_{name.language}"] = name.address_checked_at is not None
        former = self.instance.former_surnames.all()
        self.initial["former_surnames"] = "\n".join(f"{one.surname} {one.until}".strip() for one in former)

    def _show_work_and_ways(self, revealed: Revealed | None):
        """A sealed contact shows nothing here unless it was revealed, which is written down."""
        if position := self.instance.position:
            self.initial |= {"organisation": position.organisation.name, "title": position.title}
        if self.instance.is_sealed and revealed is None:
            return
        self.initial |= self.instance.reveal()
        self.initial["emails"] = [_row(email, email.reveal()) for email in self.instance.emails.all()]
        self.initial["phones"] = [
            _row(phone, phones.display(phone.reveal()), phone.messengers) for phone in self.instance.phones.all()
        ]
        for unread in self.instance.unread.filter(field__in=[Unreadable.EMAIL, Unreadable.PHONE]):
            self.initial[f"{unread.field}s"].append(Row(text=unread.reveal()))

    def _show_dates(self, revealed: Revealed | None):
        contact = self.instance
        if contact.birth_day:
            self.initial["birthday"] = f"{contact.birth_day:02}.{contact.birth_month:02}"
        if contact.basis_on:
            self.initial["basis_on"] = f"{contact.basis_on:%d.%m.%Y}"
        if not contact.is_sealed or revealed:
            for unread in contact.unread.filter(field__in=[Unreadable.BIRTHDAY, Unreadable.BASIS_ON]):
                self.initial[unread.field] = unread.reveal()

    def _show_labels(self):
        for name in ("topics", "tags"):
            self.initial[name] = ", ".join(str(label) for label in getattr(self.instance, name).all())

    def sections(self):
        """Each heading with its fields; the names in languages come with theirs."""
        for number, (heading, names) in enumerate(SECTIONS):
            yield number, heading, [self[name] for name in names]

    def names_in_languages(self):
        """Each language with its fields, and what a letter would begin with if nobody wrote anything."""
        for code in LANGUAGE_CODES:
            suggestion = suggested_address(self.instance, code) if self.instance.pk else ("", True)
            yield (
                code,
                _NAMED[code],
                [self[f"{part}_{code}"] for part in _PARTS],
                self[f"address_{code}"],
                self[f"checked_{code}"],
                *suggestion,
            )

    def unread(self, name: str) -> bool:
        """Whether what stands in a field of a date cannot be read."""
        value = self[name].value() or ""
        try:
            return bool(value) and not _READ[name](value)
        except dates.NotADay:
            return True

    @property
    def unread_dates(self) -> list[str]:
        return [name for name in _READ if self.unread(name)]

    # What was typed

    def clean_sensitivity(self):
        """Nothing chosen keeps what is."""
        return self.cleaned_data["sensitivity"] or self.fields["sensitivity"].initial

    def clean_organisation(self):
        return employer(clean(self.cleaned_data["organisation"]), by=self.by)

    def clean_topics(self):
        return _labels(self.cleaned_data["topics"])

    def clean_tags(self):
        return _labels(self.cleaned_data["tags"])

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        if not photo:
            return None
        if photo.size > MAX_BYTES:
            raise forms.ValidationError(_("The picture is larger than 5 MB. Choose a smaller one."))
        try:
            return portrait(photo)
        except NotAPicture as error:
            message = _("This file is no picture that can be read. Choose a JPEG or PNG.")
            raise forms.ValidationError(message) from error

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if found.get("sensitivity") != Sensitivity.SEALED:
            self._refuse_sealed_ways()
        elif found.get("photo"):
            self.add_error("photo", _("A sealed contact has no photo: a face tells who it is."))
        # A position stands at an organisation: without one it would be lost.
        if found.get("title") and found.get("organisation") == "":
            self.add_error("title", _("Say where: name the outlet or organisation of this position."))
        self._refuse_homeless_ways()
        found["former_surnames"] = _former(found.get("former_surnames", ""))
        found["names"] = {code: self._name(code) for code in LANGUAGE_CODES}
        if not found.get("given_name") and "languages" in found:
            given = (found["names"][code].given_name for code in found["languages"].split())
            found["given_name"] = next(filter(None, given), "")
        return found

    def _name(self, code: str) -> TypedName:
        parts = {part: self.cleaned_data.get(f"{part}_{code}", "") for part in (*_PARTS, "address")}
        return TypedName(**parts, is_checked=self.cleaned_data.get(f"checked_{code}", False))

    def _refuse_sealed_ways(self):
        """What a sealed contact has may not stand in the open with another one: it would be as good as unsealed."""
        for name in ("emails", "phones"):
            read = self.cleaned_data.get(name, Read())
            if found := kept_sealed(read.texts, but_of=self.instance.pk):
                message = _t("“%(line)s” is kept sealed. Take it out, or seal this contact, too.")
                self.add_error(name, forms.ValidationError(message, params={"line": found[0]}))

    def _refuse_homeless_ways(self):
        """One for work belongs to a position: without one it would become a personal one unasked."""
        if self.cleaned_data.get("organisation") != "" or self.instance.pk and len(self.instance.current_positions) > 1:
            return
        for name in ("emails", "phones"):
            if any(way.is_work and not way.is_retired for way in self.cleaned_data.get(name, Read()).ways):
                self.add_error(name, _("Say where the person works, or mark it as personal."))

    def _post_clean(self):
        """The dates go into the contact where they can be read, and stay as typed where not."""
        super()._post_clean()
        contact = self.instance
        contact.birth_day, contact.birth_month = _day_or_none("birthday", self.cleaned_data) or (None, None)
        contact.basis_on = _day_or_none("basis_on", self.cleaned_data)

    @property
    def ways(self) -> dict[str, object]:
        """What save_contact takes beside the contact."""
        found = self.cleaned_data
        names = ("organisation", "title", *SEALED_TEXTS, "names", "former_surnames", "topics", "tags")
        unread = {Unreadable.EMAIL: found["emails"].unread, Unreadable.PHONE: found["phones"].unread}
        unread |= {name: [found[name]] if name in self.unread_dates else [] for name in _READ}
        ways = {"emails": found["emails"].ways, "phones": found["phones"].ways, "unread": unread}
        photo = found["photo"] or (False if found["no_photo"] else None)
        return ways | {name: found[name] for name in names} | {"photo": photo}


_READ = {"birthday": dates.birthday, "basis_on": dates.day}


def _row(way, text: str, messengers: str = "") -> Row:
    return Row(text, WORK if way.position_id else PERSONAL, way.is_retired, messengers.split())


def _day_or_none(name: str, typed: dict):
    try:
        return _READ[name](typed.get(name) or "")
    except dates.NotADay:
        return None


def _labels(text: str) -> list[str]:
    """The words between commas, each once, without those that name nothing."""
    words = [clean(word)[:60] for word in re.split(r"[,;\n]", text)]
    named = {fold(word): word for word in reversed(words) if any(map(str.isalnum, fold(word)))}
    if len(named) > _MOST_LABELS:
        raise forms.ValidationError(_("These are more than thirty. Keep the most important ones."))
    return sorted(named.values(), key=words.index)


def _former(text: str) -> list[tuple[str, str]]:
    lines = filter(None, map(clean, text.splitlines()))
    return [(found[1][:100], found[2] or "") for line in lines if (found := _FORMER.fullmatch(line))]


def stored(values: dict[str, object]) -> str:
    """Values of the form as the page carries them back."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
