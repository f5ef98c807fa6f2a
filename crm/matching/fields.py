"""What a card says of itself once, and which of two answers stays. Pure: two contacts in, one changed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.models import Contact
from crm.states import Sensitivity

KEEP, DROP, BOTH = "keep", "drop", "both"

# Columns that only fit each other are chosen together.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "given_name": ("given_name",),
    "gender": ("gender",),
    "kind": ("kind",),
    "languages": ("languages",),
    "region": ("region",),
    "city": ("city",),
    "postal_address": ("postal_address",),
    "birthday": ("birth_day", "birth_month"),
    "owner": ("owner",),
    "preferred_way": ("preferred_way",),
    "basis": ("basis", "basis_on", "basis_proof"),
    "source": ("source",),
    "photo": ("photo",),
    "archived": ("archived_at",),
    "note": ("note",),
}
LABELS = {
    "birthday": _("Birthday"),
    "basis": Contact._meta.get_field("basis").verbose_name,
    "archived": Contact._meta.get_field("archived_at").verbose_name,
}
_WEAKEST_FIRST = (
    Contact.Basis.UNKNOWN,
    Contact.Basis.PUBLIC_OFFICE,
    Contact.Basis.PERSONAL,
    Contact.Basis.MEMBERSHIP,
    Contact.Basis.CONSENT,
)


def label(name: str) -> str:
    return LABELS[name] if name in LABELS else Contact._meta.get_field(name).verbose_name


def answer(contact: Contact, name: str) -> tuple:
    """What a card says, comparable; a text reads the same sealed or not."""
    if name == "photo":
        return (contact.photo.name or "",)
    texts = contact.reveal()
    return tuple(texts[column] if column in texts else getattr(contact, column) for column in FIELDS[name])


def differ(keep: Contact, drop: Contact) -> list[str]:
    """The fields in which two cards do not say the same."""
    return [name for name in FIELDS if answer(keep, name) != answer(drop, name)]


def suggested(keep: Contact, drop: Contact, name: str) -> str:
    """Which answer stays unless somebody says otherwise: the one that is there, of two bases the weaker one."""
    if name == "basis":
        return DROP if _strength(drop) < _strength(keep) else KEEP
    if name == "archived":
        return KEEP
    if name == "note" and all(answer(keep, name)) and all(answer(drop, name)):
        return BOTH
    return KEEP if any(answer(keep, name)) or not any(answer(drop, name)) else DROP


def needs_proof(keep: Contact, drop: Contact, choice: str) -> bool:
    """Whether a choice takes the stronger of two bases on nobody's word: then it is not taken."""
    chosen, other = (keep, drop) if choice == KEEP else (drop, keep)
    return _strength(chosen) > _strength(other) and not chosen.reveal()["basis_proof"]


def _strength(contact: Contact) -> int:
    return _WEAKEST_FIRST.index(contact.basis)


def columns() -> dict[str, list[str]]:
    """The columns of each field, and of what nobody chooses, by their names in the database."""
    names = FIELDS | {"sensitivity": ("sensitivity",)}
    return {name: [Contact._meta.get_field(one).attname for one in columns] for name, columns in names.items()}


def is_stricter(one: str, other: str) -> bool:
    return Sensitivity.values.index(one) > Sensitivity.values.index(other)


def stricter(keep: Contact, drop: Contact) -> str:
    """The more careful of two sensitivities."""
    return max(keep.sensitivity, drop.sensitivity, key=Sensitivity.values.index)


def fill(keep: Contact, drop: Contact, choices: Mapping[str, str]) -> None:
    """Set on `keep` what the choices, and for the rest the suggestions, say. The caller saves."""
    picked = {name: choices.get(name) or suggested(keep, drop, name) for name in FIELDS}
    texts, others = keep.reveal(), drop.reveal()
    for name, columns in FIELDS.items():
        for column in columns if picked[name] == DROP else ():
            if column in texts:
                texts[column] = others[column]
            else:
                setattr(keep, column, getattr(drop, column))
    if picked["note"] == BOTH:
        texts["note"] = "\n\n".join(filter(None, dict.fromkeys([texts["note"], others["note"]])))
    keep.sensitivity = stricter(keep, drop)
    keep.keep(texts)
    if keep.is_sealed:
        keep.photo = ""
