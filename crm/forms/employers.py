"""The name of an organisation as somebody types it for a place of work."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from core.text import clean

from ..models import Organisation, organisation_key


def employer(typed: str, *, by: User) -> str:
    """The name without what nobody sees. Refuses a banned one: for `by` the contact would be gone once it is saved."""
    name = clean(typed)
    if typed and not organisation_key(name):
        raise forms.ValidationError(_("An organisation has letters or digits in its name."))
    known = Organisation.objects.called(name)
    if known and known.restricted_on and not by.may(Right.CONTACTS_RESTRICTED):
        raise forms.ValidationError(
            _(
                "“%(name)s” is banned by a court. Who works there can be entered only by a person who sees the people "
                "of banned organisations: ask the head. Nothing was saved; what is typed stays here."
            ),
            params={"name": name},
        )
    return name
