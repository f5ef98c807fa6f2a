"""Where somebody works: one position, a change of work, the holder of a post, a post itself."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.roles import Right
from core import addresses, phones
from core.forms import TidyForm
from core.text import clean

from ..actions.moves import GIVE, KEEP, RETIRE, Move, Way
from ..actions.sealing import kept_sealed
from ..dates import in_order
from ..models import LANGUAGE_ORDERS, Contact, EmailAddress, Organisation, Position, organisation_key
from ..states import OUTLETS, PRESS_LANGUAGES, Sensitivity
from .dates import PartialDateField
from .employers import employer

# Mail services for everybody: an address there is a person's own, one anywhere else is taken for that of the work.
_FOR_EVERYBODY = (
    "@gmail.com", "@mail.ru", "@bk.ru", "@inbox.ru", "@list.ru", "@internet.ru", "@yandex.ru", "@yandex.com", "@ya.ru",
    "@rambler.ru", "@yahoo.com", "@hotmail.com", "@outlook.com", "@icloud.com", "@proton.me", "@protonmail.com",
    "@tutanota.com", "@tojikiston.com",
)  # fmt: skip
# So many people of one organisation are offered to choose from, and so many whose name fits.
_MOST, _OFFERED = 200, 20


def _refuse_open_one(form: forms.BaseForm, contact: Contact, name: str, *, but: int | None) -> None:
    """Nobody works twice at one place at once: a second title there belongs into the first position."""
    key = organisation_key(name)
    here = contact.positions.filter(ended_on="").exclude(pk=but).select_related("organisation")
    if any(key in {position.organisation.name_key, *_former_keys(position.organisation)} for position in here):
        form.add_error("organisation", _t("“%(name)s”: works there already. Change that position.") % {"name": name})


def _former_keys(organisation: Organisation) -> list[str]:
    return [former.name_key for former in organisation.former_names.all()]


class PositionForm(TidyForm, forms.ModelForm):
    organisation = forms.CharField(label=_("Outlet or organisation"), max_length=200)
    started_on = PartialDateField(
        label=_("Since"), required=False, help_text=_("A day, a month or a year; empty if nobody knows.")
    )
    ended_on = PartialDateField(
        label=_("Until"),
        required=False,
        past=True,
        help_text=_("Empty while it goes on. Work addresses of a position that has ended are not used any more."),
    )

    class Meta:
        model = Position
        fields = ["title", "post", "started_on", "ended_on"]
        labels = {"post": _("Holds the post")}

    field_order = ["organisation", "title", "post", "started_on", "ended_on"]

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        position = self.instance
        self.initial["organisation"] = position.organisation.name if position.organisation_id else ""
        here = Position.objects.current().filter(organisation=position.organisation_id).values("contact")
        posts = Contact.objects.visible_to(by).active().filter(is_post=True, pk__in=here)
        if position.contact.is_post or not posts.exists():
            del self.fields["post"]
        else:
            self.fields["post"].queryset = posts
            self.fields["post"].empty_label = _("none")

    def clean_organisation(self):
        return employer(self.cleaned_data["organisation"], by=self.by)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not in_order(data.get("started_on", ""), data.get("ended_on", "")):
            self.add_error("ended_on", _t("It ends before it begins."))
        if data.get("organisation") and not data.get("ended_on"):
            _refuse_open_one(self, self.instance.contact, data["organisation"], but=self.instance.pk)
        return data


class MoveForm(TidyForm, forms.Form):
    """«Now works elsewhere»: what ends, what begins, and what becomes of each address, in one step."""

    leaves = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("What ends"),
        required=False,
        empty_label=_("nothing, the present work goes on"),
    )
    ended_on = PartialDateField(
        label=_("When it ended"), required=False, past=True, help_text=_("A day, a month or a year.")
    )
    organisation = forms.CharField(
        label=_("Where now"), max_length=200, required=False, help_text=_("Leave it empty if nobody knows yet.")
    )
    title = forms.CharField(label=_("Position"), max_length=200, required=False)
    started_on = PartialDateField(label=_("Since"), required=False, help_text=_("A day, a month or a year."))
    heir = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who takes over what is given"), required=False, empty_label=_("nobody")
    )
    email = forms.CharField(label=_("New work e-mail"), required=False)
    phone = forms.CharField(label=_("New work telephone"), required=False)

    def __init__(self, *args, contact: Contact, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.contact, self.by = contact, by
        current = contact.positions.current().select_related("organisation")
        self.fields["leaves"].queryset = current
        self.first = contact.position
        self.initial.setdefault("leaves", self.first)
        self.initial.setdefault("ended_on", timezone.localdate().strftime("%Y-%m"))
        self.fields["heir"].queryset = self._heirs(by)
        if self.first and self.first.post_id:
            self.initial.setdefault("heir", self.first.post_id)
        self.ways = [way for way in [*contact.emails.all(), *contact.phones.all()] if not way.is_retired]
        for way in self.ways:
            self.fields[self._name(way)] = self._fate_of(way)

    def _heirs(self, by: User):
        """Posts and people of the places this person may leave, kept as carefully: the sealed stays sealed."""
        places = [position.organisation_id for position in self.contact.current_positions]
        colleagues = Position.objects.current().filter(organisation__in=places).values("contact")
        found = Contact.objects.visible_to(by).active().filter(pk__in=colleagues).exclude(pk=self.contact.pk)
        alike = [contact.pk for contact in found.order_by("-is_post", "sort_key")[:_MOST]
                 if contact.is_sealed == self.contact.is_sealed]  # fmt: skip
        return Contact.objects.filter(pk__in=alike).order_by("-is_post", "sort_key")

    def _fate_of(self, way: Way) -> forms.ChoiceField:
        choices = [(RETIRE, _("not used any more")), (KEEP, _("stays with the person"))]
        if self.fields["heir"].queryset:
            choices.append((GIVE, _("is given over")))
        kind = _("E-mail") if isinstance(way, EmailAddress) else _("Telephone")
        shown = getattr(way, "display", None) or str(way) or pgettext("sealed", "hidden")
        return forms.ChoiceField(
            label=f"{kind}: {shown}", choices=choices, initial=RETIRE if self._is_of_work(way) else KEEP
        )

    def _is_of_work(self, way: Way) -> bool:
        """Bound to the position; or a readable address that is at no mail service for everybody."""
        if way.position_id or self.first is None:
            return self.first is not None and way.position_id == self.first.pk
        address = str(way).casefold()
        return "@" in address and not address.endswith(_FOR_EVERYBODY)

    @staticmethod
    def _name(way: Way) -> str:
        return f"{way._meta.model_name}_{way.pk}"

    def fates(self):
        """The fields of the ways to reach, for the page."""
        return [self[self._name(way)] for way in self.ways]

    def clean_organisation(self):
        return employer(self.cleaned_data["organisation"], by=self.by)

    def clean_email(self):
        return self._read("email", lambda text: addresses.parse(text).address, addresses.NotAnAddress,
                          _t("“%(line)s” is no e-mail address. It looks like name@outlet.tj."))  # fmt: skip

    def clean_phone(self):
        return self._read("phone", phones.parse, phones.NotAPhone,
                          _t("“%(line)s” is no telephone number. It looks like +992 93 000 00 00."))  # fmt: skip

    def _read(self, name, parse, refusal, message) -> str:
        typed = clean(self.cleaned_data[name])
        try:
            found = parse(typed) if typed else ""
        except refusal as error:
            raise forms.ValidationError(message, params={"line": typed}) from error
        if found and not self.contact.is_sealed and kept_sealed([found], but_of=self.contact.pk):
            message = _t("“%(line)s” is kept sealed. Take it out, or seal this contact, too.")
            raise forms.ValidationError(message, params={"line": typed})
        return found

    def clean(self):
        super().clean()
        data = self.cleaned_data
        leaves = data.get("leaves")
        if leaves and not data.get("ended_on") and "ended_on" not in self.errors:
            self.add_error("ended_on", _t("Say when it ended; the year is enough."))
        if leaves and not in_order(leaves.started_on, data.get("ended_on", "")):
            self.add_error("ended_on", _t("It ends before it begins."))
        if not leaves and data.get("organisation") == "":
            self.add_error("organisation", _t("Nothing ends and nothing begins: say what has changed."))
        if data.get("title") and data.get("organisation") == "":
            self.add_error("title", _t("Say where: name the outlet or organisation of this position."))
        if data.get("organisation"):
            _refuse_open_one(self, self.contact, data["organisation"], but=leaves and leaves.pk)
        if any(data.get(self._name(way)) == GIVE for way in self.ways) and not data.get("heir"):
            self.add_error("heir", _t("Say who takes it over."))
        return data

    def move(self) -> Move:
        data = self.cleaned_data
        named = {name: data[name] for name in ("leaves", "organisation", "title", "started_on", "heir")}
        return Move(
            **named,
            ended_on=data["ended_on"] if data["leaves"] else "",
            fates={way: data[self._name(way)] for way in self.ways} if data["leaves"] else {},
            email=data["email"],
            phone=data["phone"],
        )


class PostForm(TidyForm, forms.ModelForm):
    """A post has a name that letters are addressed to, and addresses of its own."""

    title = forms.CharField(
        label=_("Position"), max_length=200, help_text=_("As it is called inside: “press secretary”.")
    )
    languages = forms.ChoiceField(
        label=_("Languages"), help_text=_("Letters are written in the one that stands first; the others are read, too.")
    )
    emails = forms.CharField(
        label=_("E-mail"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. They stay when the holder changes."),
    )
    phones = forms.CharField(
        label=_("Telephone"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line.")
    )

    class Meta:
        model = Contact
        fields = ["title", "name", "kind", "languages", "emails", "phones"]
        labels = {"name": _("Name of the card")}
        help_texts = {
            "name": _("With the organisation in it, as people look for it: “Press secretary of the Ministry”.")
        }

    field_order = ["title", "name", "kind", "languages", "emails", "phones"]

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["languages"].choices = [(order, _in_words(order)) for order in LANGUAGE_ORDERS]
        self.fields["name"].required = False
        is_outlet = organisation.kind in OUTLETS
        self.initial["kind"] = Contact.Kind.JOURNALIST if is_outlet else Contact.Kind.PRESS_SERVICE

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("title") and not data.get("name"):
            data["name"] = f"{data['title']}, {self.organisation.name}"[:200]
        return data

    def clean_emails(self) -> list[str]:
        return self._lines("emails", lambda line: addresses.parse(line).address, addresses.NotAnAddress,
                           _t("“%(line)s” is no e-mail address. It looks like name@outlet.tj."))  # fmt: skip

    def clean_phones(self) -> list[str]:
        return self._lines("phones", phones.parse, phones.NotAPhone,
                           _t("“%(line)s” is no telephone number. It looks like +992 93 000 00 00."))  # fmt: skip

    def _lines(self, name, parse, refusal, message) -> list[str]:
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data[name].splitlines())):
            try:
                text = parse(line)
            except refusal as error:
                raise forms.ValidationError(message, params={"line": line}) from error
            found[addresses.key(text)] = text
        if hidden := kept_sealed(found.values(), but_of=None):
            message = _t("“%(line)s” is kept sealed. Take it out, or seal this contact, too.")
            raise forms.ValidationError(message, params={"line": hidden[0]})
        return list(found.values())


class HolderForm(TidyForm, forms.Form):
    """Who holds a post from now on. Several people of one name are offered to choose from."""

    person = forms.CharField(
        label=_("Who"),
        max_length=200,
        help_text=_("Any spelling of the name, also the outlet or a part of the address."),
    )
    since = PartialDateField(
        label=_("Since"), required=False, past=True, help_text=_("A day, a month or a year; empty if nobody knows.")
    )
    title = forms.CharField(
        label=_("Position"), max_length=200, required=False, help_text=_("If it differs: “acting”, “deputy”.")
    )
    ends = forms.ModelMultipleChoiceField(
        Position.objects.none(),
        label=_("Does not hold it any more"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, post: Contact, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.people = Contact.objects.visible_to(by).active().filter(is_post=False)
        if not by.may(Right.CONTACTS_SEALED):
            self.people = self.people.exclude(sensitivity=Sensitivity.SEALED)
        now = post.holders.current().filter(contact__in=self.people).select_related("contact", "organisation")
        self.fields["ends"].queryset = now
        self.fields["ends"].label_from_instance = lambda position: position.contact.name
        self.initial.setdefault("ends", [position.pk for position in now])
        if not now:
            del self.fields["ends"]
        self.choices: list[Contact] = []

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not data.get("person"):
            return data
        chosen = self.data.get("contact", "")
        found = list(self.people.search(data["person"]).for_list()[:_OFFERED])
        exact = [contact for contact in found if str(contact.pk) == chosen]
        if len(exact or found) == 1:
            data["holder"] = (exact or found)[0]
            self._refuse_one_who_ends(data)
        elif found:
            self.choices = found
            self.add_error("person", _t("Several people fit: choose one, or write more of the name."))
        else:
            self.add_error("person", _t("Nobody of this name is among the contacts. Add the person first."))
        return data

    def _refuse_one_who_ends(self, data) -> None:
        if any(position.contact_id == data["holder"].pk for position in data.get("ends", [])):
            self.add_error("ends", _t("One person cannot both hold the post and leave it."))


def _in_words(order: str) -> str:
    return ", ".join(str(names[code]) for names in [dict(PRESS_LANGUAGES)] for code in order.split())
