"""What becomes of an organisation: another name, part of another, closed, open again; each a small page of its own."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from ..actions import organisations as actions
from ..forms.organisations import CloseForm, MergeForm, RenameForm
from ..states import OrganisationStatus
from .organisations import offered, people_of, visible
from .steps import done


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, pk):
    organisation = visible(request, pk)
    form = RenameForm(request.POST or None, instance=organisation, by=request.user)
    if request.method == "POST" and form.is_valid():
        old, data = organisation.name, form.cleaned_data
        step = actions.rename(organisation, data["name"], until=data["until"], by=request.user)
        done(request, _("%(old)s is called %(new)s now.") % {"old": old, "new": organisation.name}, step)
        return redirect("crm:organisation-detail", pk=pk)
    return _page(request, "crm/organisation_rename.html", form, organisation)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk):
    organisation = visible(request, pk)
    if organisation.status == OrganisationStatus.MERGED:
        return redirect("crm:organisation-detail", pk=pk)
    initial = {"into": request.GET.get("into", "")}
    form = MergeForm(request.POST or None, initial=initial, instance=organisation, by=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        take = data["people"] == "move"
        step = actions.merge(organisation, data["into"], on=data["on"], take_people=take, by=request.user)
        names = {"name": organisation.name, "into": data["into"].name}
        done(request, _("%(name)s is part of %(into)s now.") % names, step)
        return redirect("crm:organisation-detail", pk=data["into"].pk)
    return _page(request, "crm/organisation_merge.html", form, organisation)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, pk):
    organisation = visible(request, pk)
    if organisation.status != OrganisationStatus.ACTIVE:
        return redirect("crm:organisation-detail", pk=pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = actions.close(organisation, **form.cleaned_data, by=request.user)
        done(request, _("%(name)s is closed.") % {"name": organisation.name}, step)
        return redirect("crm:organisation-detail", pk=pk)
    return _page(request, "crm/organisation_close.html", form, organisation)


@requires(Right.CONTACTS_EDIT)
@require_POST
def reopen(request, pk):
    organisation = visible(request, pk)
    if organisation.status != OrganisationStatus.ACTIVE:
        actions.reopen(organisation, by=request.user)
        done(request, _("%(name)s works again.") % {"name": organisation.name})
    return redirect("crm:organisation-detail", pk=pk)


def _page(request, template, form, organisation):
    people = people_of([organisation], request.user).get(organisation.pk, 0)
    words = ngettext("%(count)s person or post is there now.", "%(count)s people and posts are there now.", people)
    context = {"form": form, "organisation": organisation, "people": words % {"count": people}}
    context["organisations"] = offered(request.user)
    return render(request, template, context, status=422 if form.errors else 200)
