"""Contacts on paper: a list, or labels for envelopes. Paper gets lost as files do, so the way out is the same."""

from allauth.account.decorators import reauthentication_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires
from core.text import clean, fold

from ..forms.exports import PER_SHEET, PrintForm
from ..models import Export
from .exports import gate


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def create(request, pk=None):
    return gate(request, pk, form_class=PrintForm, template="crm/print_form.html", write=page, answer=_answer)


def page(request, typed, export, contacts):
    if export.format == Export.Format.LIST:
        return render_to_string("crm/print_list.html", {"export": export, "contacts": contacts}, request)
    prefetch_related_objects(contacts, "names")
    labels = [*[None] * (typed["first"] - 1), *map(_label, contacts)]
    most = PER_SHEET[export.format]
    sheets = [labels[start : start + most] for start in range(0, len(labels), most)]
    return render_to_string("crm/label_sheets.html", {"export": export, "sheets": sheets}, request)


def _label(contact) -> list[str]:
    """Whom the post looks for: the name in the language the person reads first, where to, and the town.

    Letters go to a contact's own address, else to that of the organisation they work at.
    """
    names = {name.language: str(name) for name in contact.names.all()}
    name = next((names[code] for code in contact.language_codes if names.get(code)), contact.name)
    organisation = contact.position and contact.position.organisation
    if contact.postal_address:
        return [name, *_envelope(contact.postal_address, contact.city)]
    if organisation and organisation.postal_address:
        return [name, organisation.name, *_envelope(organisation.postal_address, organisation.city or contact.city)]
    return [name, *filter(None, [organisation and organisation.name, contact.city])]


def _envelope(address: str, town: str) -> list[str]:
    """The lines of an address, and the town unless they name it."""
    lines = list(filter(None, map(clean, address.splitlines())))
    return lines if not town or fold(town) in fold(address).split() else [*lines, town]


def _answer(_export, page):
    return HttpResponse(page, headers={"Cache-Control": "no-store"})
