"""A person works elsewhere now; one position by itself."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from ..actions import moves
from ..forms.positions import MoveForm, PositionForm
from ..models import Organisation, Position
from .organisations import offered
from .steps import done, of_contact, page_of


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_contact
def move(request, contact):
    form = MoveForm(request.POST or None, contact=contact, by=request.user)
    if request.method == "POST" and form.is_valid():
        step = moves.move(contact, form.move(), by=request.user)
        done(request, _("%(name)s: the change of work is written down.") % {"name": contact.name}, step)
        return page_of(request, contact)
    return _page(request, "crm/move_form.html", form, contact)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@of_contact
def position(request, contact, number=None):
    found = _position(request, contact, number) if number else Position(contact=contact)
    form = PositionForm(request.POST or None, instance=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = moves.save_position(form.instance, organisation=form.cleaned_data["organisation"], by=request.user)
        done(request, _("Saved: %(name)s") % {"name": saved})
        return page_of(request, contact)
    return _page(request, "crm/position_form.html", form, contact)


@requires(Right.CONTACTS_EDIT)
@require_POST
@of_contact
def delete(request, contact, number):
    step = moves.delete_position(_position(request, contact, number), by=request.user)
    done(request, _("The position is deleted."), step)
    return page_of(request, contact)


def _position(request, contact, number):
    """Whoever may not see a banned organisation does not learn that somebody worked there."""
    known = Organisation.objects.visible_to(request.user).order_by().values("pk")
    found = Position.objects.select_related("organisation", "contact", "post")
    return get_object_or_404(found.filter(contact=contact, organisation__in=known), pk=number)


def _page(request, template, form, contact):
    context = {"form": form, "contact": contact, "organisations": offered(request.user)}
    return render(request, template, context, status=422 if form.errors else 200)
