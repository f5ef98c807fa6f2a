"""Which columns of the contact list a person sees. The name is always there."""

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right

from ..models import ColumnChoice


@dataclass(frozen=True)
class Column:
    """`sort` is the key it sorts by, `css` its width; `of_staff` says that members of the coalition have it not."""

    name: str
    label: str | Promise
    sort: str = ""
    css: str = ""
    of_staff: bool = False


# In the order in which they stand.
COLUMNS = [
    Column("organisation", _("Outlet or organisation"), css="w-18"),
    Column("kind", _("Who"), sort="kind", css="w-10"),
    Column("languages", _("Languages"), css="w-8"),
    Column("city", _("City"), sort="city", css="w-8"),
    Column("region", _("Region"), sort="region", css="w-10"),
    Column("email", _("E-mail")),
    Column("phone", _("Telephone"), css="w-10"),
    Column("topics", _("Topics"), of_staff=True),
    Column("tags", _("Tags"), of_staff=True),
    Column("basis", _("Basis for writing")),
    Column("owner", _("Who keeps in touch"), css="w-10", of_staff=True),
    Column("event", _("Last event"), of_staff=True),
    Column("added", _("Added"), sort="added", css="w-8"),
]
USUAL = ["organisation", "kind", "languages", "city", "basis", "event"]


def available(user) -> list[Column]:
    return [column for column in COLUMNS if user.may(Right.CONTACTS_VIEW) or not column.of_staff]


def chosen(user) -> list[Column]:
    """The columns a person sees: their own choice, or the usual ones."""
    choice = ColumnChoice.objects.filter(user=user).first()
    names = USUAL if choice is None else choice.columns
    return [column for column in available(user) if column.name in names]


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.name, column.label) for column in available(user)]
