"""What one row of a list does to an organisation: fields, refusals and difference, as django-import-export has them."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from import_export import fields, resources, widgets
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

from core import addresses
from core.text import clean, fold

from ..importing import organisation_words as words
from ..importing.organisations import Table
from ..importing.remarks import TEXTS, Remark
from ..models import Domain, FormerName, Organisation, organisation_key
from .organisations import reindex_people

_BARE_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.|.*@)?|/.*$", re.IGNORECASE)
_DIVIDED = re.compile(r"[\n;]+")
_DEEPEST = 20


def _refusal(code: str, value: str = "") -> ValidationError:
    return ValidationError(TEXTS[code], code=code, params={"value": value[:200]})


class Text(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return value

    def render(self, value, obj=None, **kwargs):
        return value or ""


class Word(Text):
    """One of the few things that a column knows, in any of its words."""

    def __init__(self, known: Mapping[str, object]):
        super().__init__()
        self.known = known

    def clean(self, value, row=None, **kwargs):
        found = self.known.get(fold(re.sub(r"[^\w]+", " ", value)))
        if found is None:
            raise _refusal("unread-value", value)
        return found


class Languages(Text):
    BETWEEN = frozenset({"", "i", "va", "and", "zaboni", "iazik"})

    def clean(self, value, row=None, **kwargs):
        found = [self._code(word) for word in re.split(r"[^\w]+", value) if fold(word) not in self.BETWEEN]
        if None in found:
            raise _refusal("unread-value", value)
        return " ".join(dict.fromkeys(found))

    @staticmethod
    def _code(word: str) -> str | None:
        folded = fold(word)
        return next((code for start, code in words.LANGUAGES.items() if folded.startswith(start)), None)


class Website(Text):
    def clean(self, value, row=None, **kwargs):
        address = value if "://" in value else f"https://{value}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise _refusal("unread-value", value) from error
        return address


class Names(Text):
    """Several names; each is read by `one`."""

    @staticmethod
    def one(text: str) -> str:
        if not organisation_key(text):
            raise _refusal("unread-value", text)
        return clean(text)[:200]

    def clean(self, value, row=None, **kwargs):
        return tuple(dict.fromkeys(self.one(text) for text in _DIVIDED.split(value) if text.strip()))

    def render(self, value, obj=None, **kwargs):
        return "; ".join(value or ())


class Domains(Names):
    @staticmethod
    def one(text: str) -> str:
        try:
            return addresses.normalise(f"x@{_BARE_DOMAIN.sub('', text.strip())}").rpartition("@")[2]
        except addresses.NotAnAddress as error:
            raise _refusal("unread-value", text) from error


class Parent(Text):
    def render(self, value, obj=None, **kwargs):
        return value.name if value else ""


class Added(fields.Field):
    """What a row names comes to what is there; nothing goes."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        known = getattr(instance, self.attribute)
        keys = {organisation_key(name) for name in [instance.name, *known]}
        new = [name for name in self.clean(row, **kwargs) if organisation_key(name) not in keys]
        setattr(instance, self.attribute, (*known, *new))


class ByName(BaseInstanceLoader):
    """The organisations that the rows may mean, by all their names, in a number of queries that does not grow.

    Those that the list itself brings are learned as it goes, written or only planned.
    """

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        resource.known = self
        self.names: dict[str, Organisation] = {}
        self.former: dict[str, Organisation] = {}
        self.domains: dict[str, Organisation] = {}
        named = {key for row in dataset.rows for key in self._keys(row.texts)}
        domains = {name for row in dataset.rows for name in _domains(row.texts.get("domains", ""))}
        found = Organisation.objects.filter(name_key__in=named).values_list("pk", flat=True)
        found = {*found, *FormerName.objects.filter(name_key__in=named).values_list("organisation", flat=True)}
        found |= set(Domain.objects.filter(name__in=domains).values_list("organisation", flat=True))
        places = Organisation.objects.filter(pk__in=found).select_related("parent")
        # As `called` has it: one that was merged hands its former names on.
        for place in sorted(places.prefetch_related("former_names", "domains"), key=lambda one: -one.pk):
            self.learn(with_names(place))
        for place in sorted(self.names.values(), key=lambda one: (one.successor_id is None, -one.pk)):
            self.former |= {organisation_key(name): place for name in place.all_former_names}

    @staticmethod
    def _keys(texts: Mapping[str, str]) -> Iterable[str]:
        typed = [texts.get("name", ""), texts.get("parent", ""), *_DIVIDED.split(texts.get("former_names", ""))]
        return filter(None, map(organisation_key, typed))

    def learn(self, place: Organisation) -> None:
        self.names[organisation_key(place.name)] = place
        self.former |= {organisation_key(name): place for name in place.all_former_names}
        self.domains |= dict.fromkeys(place.all_domains, place)

    def called(self, name: str) -> Organisation | None:
        key = organisation_key(name)
        renamed = self.former.get(key)
        return renamed if renamed and organisation_key(renamed.name) != key else self.names.get(key)

    def get_instance(self, row):
        """A copy: what a row that is refused changed is nobody's."""
        found = self.called(row["name"])
        return _copy(found) if found else None


def _domains(text: str) -> set[str]:
    """Those that can be read; of the others the field speaks."""
    found = set()
    for part in filter(str.strip, _DIVIDED.split(text)):
        try:
            found.add(Domains.one(part))
        except ValidationError:
            continue
    return found


def with_names(place: Organisation) -> Organisation:
    """With its other names at hand, as the fields of the Resource look for them."""
    place.all_former_names = tuple(place.former_names_list) if place.pk else ()
    place.all_domains = tuple(domain.name for domain in place.domains.all()) if place.pk else ()
    return place


def _copy(place: Organisation) -> Organisation:
    copied = Organisation(**{field.attname: getattr(place, field.attname) for field in place._meta.concrete_fields})
    copied._state.adding, copied._state.db = place._state.adding, place._state.db
    if place._state.fields_cache.get("parent"):
        copied.parent = place.parent
    copied.all_former_names, copied.all_domains = place.all_former_names, place.all_domains
    return copied


class Judged(RowResult):
    """Beside what the library keeps: what is to be said of a row, and its difference as [field, before, after]."""

    def __init__(self):
        super().__init__()
        self.remarks: list[Remark] = []
        self.changes: list[list] = []


class OrganisationResource(resources.ModelResource):
    """Takes in a list. What a row does not say stays; states and bans are no columns: they have verbs of their own."""

    name = fields.Field("name", "name", Text())
    kind = fields.Field("kind", "kind", Word(words.KINDS))
    ownership = fields.Field("ownership", "ownership", Word(words.OWNERSHIPS))
    languages = fields.Field("languages", "languages", Languages())
    frequency = fields.Field("frequency", "frequency", Word(words.FREQUENCIES))
    press_day = fields.Field("press_day", "press_day", Word(words.DAYS))
    region = fields.Field("region", "region", Word(words.REGIONS))
    city = fields.Field("city", "city", Text())
    postal_address = fields.Field("postal_address", "postal_address", Text())
    website = fields.Field("website", "website", Website())
    press_unit = fields.Field("press_unit", "press_unit", Text())
    parent = fields.Field("parent", "parent", Parent())
    former_names = Added("all_former_names", "former_names", Names())
    domains = Added("all_domains", "domains", Domains())
    note = fields.Field("note", "note", Text())

    class Meta:
        model = Organisation
        fields = import_order = (
            "name", "kind", "ownership", "languages", "frequency", "press_day", "region", "city", "postal_address",
            "website", "press_unit", "parent", "former_names", "domains", "note",
        )  # fmt: skip
        import_id_fields = ("name",)
        instance_loader_class = ByName
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        skip_html_diff = True
        use_transactions = True

    def __init__(self, *, replaces: bool):
        super().__init__()
        self.replaces = replaces
        self.remarks: list[Remark] = []
        self.unread: list[str] = []
        self.known: ByName

    @classmethod
    def get_row_result_class(cls):
        return Judged

    def planned(self, table: Table) -> list[Judged]:
        """What `written` would do, without a word to the database but for reading it."""
        return self._all_right(self.import_data_inner(table, True, False, False, False))

    def written(self, table: Table) -> list[Judged]:
        return self._all_right(self.import_data(table, use_transactions=True))

    @staticmethod
    def _all_right(result) -> list[Judged]:
        """A refused row is an answer; anything else that was raised is a mistake, and nothing of it is kept."""
        for row in result.rows:
            for error in row.errors:
                raise error.error
        return result.rows

    def init_instance(self, row=None):
        return with_names(Organisation())

    def import_row(self, row, instance_loader, **kwargs):
        result = super().import_row(row, instance_loader, **kwargs)
        result.remarks = _refusals(result.validation_error) or self.remarks
        return result

    def before_import_row(self, row, **kwargs):
        self.remarks, self.unread = [], []
        if not organisation_key(row["name"]):
            raise ValidationError({"name": _refusal("unnamed")})
        found = self.known.called(row["name"])
        if found and found.restricted_on:
            raise ValidationError({"name": _refusal("not-to-be-used", row["name"])})
        if found and organisation_key(found.name) != organisation_key(row["name"]):
            self.remarks.append(Remark("called-now", found.name))

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """A cell that cannot be read goes into the note; one that is empty says nothing."""
        name, typed = field.column_name, row[field.column_name]
        if name == "note":
            instance.note = _joined(instance.note, [*typed.split("\n"), *self.unread])
        elif typed and not (name == "name" and instance.name):
            try:
                self._import(field, instance, row, **kwargs)
            except ValidationError as error:
                if error.code not in {"unread-value", "unknown-parent"}:
                    raise ValidationError({name: error}) from error
                self.remarks.append(Remark(error.code, error.params["value"]))
                self.unread.append(typed)

    def _import(self, field, instance, row, **kwargs) -> None:
        before = field.get_value(instance)
        value = self._parent(instance, row["parent"]) if field.column_name == "parent" else field.clean(row)
        if isinstance(field, Added):
            self._refuse_of_others(field, instance, value)
            field.save(instance, row, **kwargs)
        elif before in ("", None) or self.replaces:
            setattr(instance, field.attribute, value)
        elif before != value:
            self.remarks.append(Remark("other-value", row[field.column_name]))

    def _parent(self, instance: Organisation, typed: str) -> Organisation:
        """One that is there, and is no part of this one itself; one that is banned is answered as an unknown one."""
        found = above = self.known.called(typed)
        for _step in range(_DEEPEST):
            if above is None:
                break
            if organisation_key(above.name) == organisation_key(instance.name):
                raise _refusal("unknown-parent", typed)
            above = above.parent
        if found is None or found.restricted_on:
            raise _refusal("unknown-parent", typed)
        return found

    def _refuse_of_others(self, field, instance: Organisation, names: Iterable[str]) -> None:
        of = self.known.domains.get if field.column_name == "domains" else self.known.called
        for name in names:
            other = of(name)
            if other and organisation_key(other.name) != organisation_key(instance.name):
                raise _refusal("not-to-be-used" if other.restricted_on else "of-another", name)

    def values(self, instance: Organisation) -> dict[str, object]:
        return {field.column_name: field.export(instance) for field in self.get_import_fields()}

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not import_validation_errors and self.values(instance) == self.values(original)

    def after_save_instance(self, instance, row, **kwargs):
        """Its other names, by which its people are found as well; and that the rows below find it."""
        if not kwargs["dry_run"]:
            _add(Domain, instance, instance.all_domains)
            if _add(FormerName, instance, instance.all_former_names):
                reindex_people(instance)
        self.known.learn(_copy(instance))

    def after_import_row(self, row, row_result, **kwargs):
        before, after = self.values(row_result.original or self.init_instance()), self.values(row_result.instance)
        row_result.changes = [[name, before[name], after[name]] for name in after if before[name] != after[name]]


def _add(model: type[Domain | FormerName], place: Organisation, names: Iterable[str]) -> bool:
    """Write those that are not there yet, and say whether there are any."""
    there = set(model.objects.filter(organisation=place).values_list("name", flat=True)) if names else set()
    new = [name for name in names if name not in there]
    for name in new:
        model.objects.create(organisation=place, name=name)
    return bool(new)


def _refusals(error: ValidationError | None) -> list[Remark]:
    """Why a row is refused: in our words, or in those of the field."""
    found = [one for errors in error.error_dict.values() for one in errors] if error else []
    return [
        Remark(one.code, one.params["value"]) if one.code in TEXTS else Remark("not-valid", " ".join(one.messages))
        for one in found
    ]


def _joined(note: str, lines: Iterable[str]) -> str:
    """The note with those of the lines that it does not have."""
    known = note.split("\n") if note else []
    return "\n".join([*known, *(line for line in dict.fromkeys(filter(None, lines)) if line not in known)])
