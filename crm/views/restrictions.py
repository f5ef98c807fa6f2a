"""Organisations that a court has banned, and whom members of the coalition represent."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.roles import Right
from core.rights import requires

from ..actions.organisations import lift_restriction, represent, restrict
from ..forms.organisations import RepresentationForm, RestrictionForm
from ..models import Organisation, Representation


@requires(Right.CONTACTS_RESTRICTED)
@require_http_methods(["GET", "HEAD", "POST"])
def restricted(request):
    """Organisations banned by a court, and the form that adds one."""
    form = RestrictionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = restrict(**form.cleaned_data, by=request.user)
        people = found.positions.count()
        hidden = ngettext(
            "%(name)s: %(count)s person is now hidden from ordinary roles and left out of mailings.",
            "%(name)s: %(count)s people are now hidden from ordinary roles and left out of mailings.",
            people,
        )
        messages.success(request, hidden % {"name": found.name, "count": people})
        return redirect("crm:restricted-list")
    listed = Organisation.objects.filter(restricted_on__isnull=False).annotate(people=Count("positions"))
    context = {"form": form, "organisations": listed.order_by("-restricted_on", "name_key")}
    return render(request, "crm/restricted_list.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_RESTRICTED)
@require_POST
def unrestrict(request, pk):
    organisation = get_object_or_404(Organisation, pk=pk, restricted_on__isnull=False)
    lift_restriction(organisation, by=request.user)
    messages.success(
        request, _("%(name)s is restricted no more: its people get mailings again.") % {"name": organisation.name}
    )
    return redirect("crm:restricted-list")


@requires(Right.ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def representatives(request):
    """Member representatives and the organisation each one speaks for, with a form for each."""
    refused = None
    if request.method == "POST":
        form = RepresentationForm(request.POST, by=request.user)
        if form.is_valid():
            user, organisation = form.cleaned_data["user"], form.cleaned_data["organisation"] or None
            represent(user, organisation, by=request.user)
            said = (
                _("%(name)s represents %(organisation)s.")
                if organisation
                else _("%(name)s represents no organisation.")
            )
            messages.success(request, said % {"name": user.name, "organisation": organisation})
            return redirect("crm:representation-list")
        refused = form
    members = User.objects.with_right(Right.OWN_ORGANISATION).select_related("representation__organisation")
    people = Representation.objects.people()
    rows = [(user, _form_of(user, refused, request.user), people.get(user.pk, 0)) for user in members.order_by("name")]
    offered = Organisation.objects.visible_to(request.user).values_list("name", flat=True)
    context = {"rows": rows, "organisations": offered, "refused": refused}
    return render(request, "crm/representation_form.html", context, status=422 if refused else 200)


def _form_of(user, refused, by):
    if refused and refused.data.get("user") == str(user.pk):
        return refused
    entry = getattr(user, "representation", None)
    initial = {"user": user.pk, "organisation": entry.organisation.name if entry else ""}
    return RepresentationForm(initial=initial, auto_id=f"id_{user.pk}_%s", by=by)


@requires(Right.ACCOUNTS)
@require_safe
def representation_panel(request, pk):
    """Whom a member speaks for, on the page of their account; without htmx, the page where that is set."""
    if not request.htmx:
        return redirect("crm:representation-list")
    member = get_object_or_404(User.objects.select_related("representation__organisation"), pk=pk)
    entry = getattr(member, "representation", None)
    people = Representation.objects.filter(user=member).people().get(pk, 0)
    return render(request, "crm/_representation.html", {"entry": entry, "people": people})
