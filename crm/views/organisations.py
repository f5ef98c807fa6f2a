"""Outlets, state bodies and partners: the list, the page of one, and its form."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from audit.history import history_panel
from audit.models import Entry
from core.panels import panels_of
from core.rights import requires
from core.views import FilteredListView

from ..actions.organisations import save_organisation
from ..dates import words
from ..filters import OrganisationFilter
from ..forms.organisations import OrganisationForm
from ..models import Contact, Organisation, Position
from ..states import OrganisationStatus

# So many people stand on the page; the list has them all.
SHOWN = 50


def visible(request, pk):
    """The organisation, or the same 404 whether it is not there or not for this person."""
    found = Organisation.objects.visible_to(request.user).select_related("parent", "successor")
    return get_object_or_404(found.prefetch_related("former_names", "domains"), pk=pk)


@method_decorator(requires(Right.CONTACTS_VIEW), name="dispatch")
class OrganisationList(FilteredListView):
    filterset_class = OrganisationFilter
    template_name = "crm/organisation_list.html"
    partial_name = "crm/_organisation_table.html"

    def get_queryset(self):
        visible = Organisation.objects.visible_to(self.request.user)
        self.queryset = visible.prefetch_related("former_names")
        return super().get_queryset()

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        kinds = dict(
            Organisation.objects.visible_to(self.request.user).order_by().values_list("kind").annotate(Count("pk"))
        )
        groups = self.filterset_class.GROUPS
        labels = dict(self.filterset.form.fields["group"].choices)
        people = people_of(context["object_list"], self.request.user)
        return context | {
            "tabs": [(name, labels[name], sum(kinds.get(kind, 0) for kind in groups[name])) for name in groups],
            "total": sum(kinds.values()),
            "rows": [(organisation, people.get(organisation.pk, 0)) for organisation in context["object_list"]],
        }


def people_of(organisations, user) -> dict[int, int]:
    """How many contacts that `user` may see are at each of these now, as the contact list counts them."""
    seen = Contact.objects.visible_to(user).active().order_by().values("pk")
    positions = Position.objects.current().filter(
        organisation__in=[place.pk for place in organisations], contact__in=seen
    )
    return dict(positions.order_by().values_list("organisation").annotate(Count("contact", distinct=True)))


@requires(Right.CONTACTS_VIEW)
@require_safe
def detail(request, pk):
    organisation, user = visible(request, pk), request.user
    known = Organisation.objects.visible_to(user)
    seen = Contact.objects.visible_to(user)
    holders = Position.objects.current().filter(contact__in=seen).select_related("contact").order_by("pk")
    positions = organisation.positions.filter(contact__in=seen).select_related("contact", "post")
    here = positions.current()
    posts = Contact.objects.filter(pk__in=here.filter(contact__is_post=True).order_by().values("contact"))
    now = here.filter(contact__is_post=False, contact__archived_at=None).order_by("contact__sort_key", "pk")
    before = positions.exclude(pk__in=here.order_by().values("pk")).filter(contact__is_post=False)
    context = {
        "organisation": organisation,
        "parent": organisation.parent if known.filter(pk=organisation.parent_id).exists() else None,
        "successor": organisation.successor if known.filter(pk=organisation.successor_id).exists() else None,
        "parts": known.filter(parent=organisation),
        "posts": posts.active().prefetch_related(Prefetch("holders", holders, to_attr="now")),
        "people": now[:SHOWN],
        "before": before.order_by("-ended_on", "-pk")[:SHOWN],
        "count": people_of([organisation], user).get(organisation.pk, 0),
        "life": _life(organisation, known),
        "panels": panels_of("crm.organisation", user),
    }
    return render(request, "crm/organisation_detail.html", context)


@dataclass(frozen=True)
class Turn:
    """What happened to an organisation, when as far as it is known, and how it is drawn."""

    on: str
    words: str
    is_now: bool = False

    @property
    def day(self) -> str:
        return words(self.on) if self.on else ""


def _life(organisation, known) -> list[Turn]:
    """Names it had, what became part of it, when it closed and opened again: newest first."""
    turns = [
        Turn(former.until, _("was called %(name)s until then") % {"name": former.name})
        for former in organisation.former_names.all()
    ]
    turns += [
        Turn(other.status_on, _("%(name)s was merged into it") % {"name": other.name})
        for other in known.filter(successor=organisation)
    ]
    opened = Entry.objects.filter(
        action="crm.organisation.reopened", subject_type="crm.organisation", subject_id=organisation.pk
    )
    turns += [Turn(entry.at.date().isoformat(), _("opened again")) for entry in opened]
    if organisation.restricted_on:
        turns.append(Turn(organisation.restricted_on.isoformat(), _("banned by a court")))
    turns.sort(key=lambda turn: turn.on, reverse=True)
    state = {OrganisationStatus.CLOSED: _("closed"), OrganisationStatus.MERGED: _("merged into another")}
    present = Turn(organisation.status_on, state.get(organisation.status, _("works")), is_now=True)
    return [present, *turns]


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk=None):
    organisation = visible(request, pk) if pk else Organisation()
    form = OrganisationForm(request.POST or None, instance=organisation, by=request.user)
    if request.method == "POST" and form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("former_names", "domains")}
        saved = save_organisation(form.instance, **names, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
        return redirect("crm:organisation-detail", pk=saved.pk)
    context = {"form": form, "organisation": organisation, "name": form.initial.get("name", "")}
    context["organisations"] = offered(request.user)
    return render(request, "crm/organisation_form.html", context, status=422 if form.errors else 200)


def offered(user):
    """Names to choose from while one types."""
    active = Organisation.objects.visible_to(user).filter(status=OrganisationStatus.ACTIVE)
    return active.values_list("name", flat=True)


@requires(Right.HISTORY)
@require_safe
def history(request, pk):
    organisation = visible(request, pk)
    return history_panel(request, organisation.name, reverse("crm:organisation-detail", args=[pk]), organisation)
