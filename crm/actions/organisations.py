"""The life of an organisation: its names, its end, a ban by a court; and whom a member of the coalition speaks for."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.changes import difference, snapshot
from audit.log import log
from core.text import clean, sort_key

from ..dates import in_order
from ..models import Contact, Domain, FormerName, Organisation, Position, Representation, Step, organisation_key
from ..states import OrganisationStatus
from .moves import Way, retire, ways_of
from .steps import Recorder, touched

# A name, and until when.
Names = Mapping[str, str]
_FIELDS = [
    "name", "kind", "ownership", "languages", "frequency", "press_day", "region", "city", "website", "press_unit",
    "postal_address", "status", "status_on", "note",
]  # fmt: skip


@transaction.atomic
def restrict(name: str, *, on: date, note: str, by: User) -> Organisation:
    """Hide the people of an organisation from ordinary roles and leave them out of mailings."""
    organisation = Organisation.objects.named(name)
    organisation.restricted_on, organisation.restricted_note = on, note
    organisation.save()
    log("crm.organisation.restricted", organisation, by=by, on=on.isoformat())
    return organisation


@transaction.atomic
def lift_restriction(organisation: Organisation, *, by: User) -> None:
    """The ban is over, or was entered by mistake: its people are seen and written to like all others."""
    organisation.restricted_on, organisation.restricted_note = None, ""
    organisation.save()
    log("crm.organisation.restriction_lifted", organisation, by=by)


@transaction.atomic
def represent(user: User, organisation: Organisation | None, *, by: User) -> Representation | None:
    """Say which organisation a member represents; None: none any more. Raises ValidationError in another role."""
    if organisation and not user.may(Right.OWN_ORGANISATION):
        raise ValidationError(_("Only a member representative represents an organisation: change the role first."))
    if organisation is None:
        Representation.objects.filter(user=user).delete()
        log("crm.representation.ended", user, by=by)
        return None
    entry, _made = Representation.objects.update_or_create(user=user, defaults={"organisation": organisation})
    log("crm.representation.set", user, by=by, organisation=organisation.name)
    return entry


@transaction.atomic
def save_organisation(organisation: Organisation, *, former_names: Names, domains: Names, by: User) -> Organisation:
    """Add or change one with its former names and domains, each a name and until when. People are found by all names.

    Raises IntegrityError where a name or a domain is another's: the form says so before.
    """
    added = organisation.pk is None
    before = None if added else _as_it_is(organisation.pk)
    organisation.save()
    _replace(FormerName, organisation, former_names, "until")
    _replace(Domain, organisation, domains, "retired_on")
    after = _as_it_is(organisation.pk)
    if added:
        log("crm.organisation.added", organisation, by=by)
        return organisation
    if any(before[name] != after[name] for name in ("name", "former_names")):
        reindex_people(organisation)
    log("crm.organisation.changed", organisation, by=by, changes=difference(before, after))
    return organisation


@transaction.atomic
def rename(organisation: Organisation, name: str, *, until: str, by: User) -> Step:
    """Another name from now on; by the old one it is still found."""
    done, old = Recorder(), organisation.name
    name = clean(name)
    done.change(organisation, name=name, name_key=organisation_key(name), sort_key=sort_key(name)[:400])
    _keep_as_former(organisation, old, until, done)
    reindex_people(organisation)
    log("crm.organisation.renamed", organisation, by=by, changes={"name": [old, organisation.name]})
    return done.step("crm.organisation.renamed", organisation, by=by)


@transaction.atomic
def merge(organisation: Organisation, into: Organisation, *, on: str, take_people: bool, by: User) -> Step:
    """One has become part of another, which is found by its names from now on. Its people go along, or stay."""
    done = Recorder()
    for place in Organisation.objects.select_for_update().filter(pk__in=[organisation.pk, into.pk]).order_by("pk"):
        if place.status == OrganisationStatus.MERGED or place.restricted_on:
            raise ValueError("neither of two that are merged is merged already, or banned")
    status = OrganisationStatus.MERGED
    done.change(organisation, status=status, status_on=on, successor=into)
    for name in [organisation.name, *organisation.former_names_list]:
        _keep_as_former(into, name, on if name == organisation.name else "", done)
    for domain in organisation.domains.all():
        done.change(domain, organisation=into)
    for position in _current(organisation) if take_people else ():
        _carry_over(position, into, on, done)
    touched(_people_of(organisation, into))
    log("crm.organisation.merged", organisation, by=by, into=into.name, people=take_people)
    return done.step("crm.organisation.merged", organisation, by=by)


@transaction.atomic
def close(organisation: Organisation, *, on: str, end_positions: bool, retire_addresses: bool, by: User) -> Step:
    """It is no more. Its posts are put away, its people worked there until then, and its addresses are not used."""
    done = Recorder()
    done.change(organisation, status=OrganisationStatus.CLOSED, status_on=on)
    for position in _current(organisation):
        for way in addresses_of_work(position) if retire_addresses else ():
            retire(way, done)
        if end_positions:
            _end(position, on, done)
    touched(_people_of(organisation))
    log("crm.organisation.closed", organisation, by=by, on=on)
    return done.step("crm.organisation.closed", organisation, by=by)


@transaction.atomic
def reopen(organisation: Organisation, *, by: User) -> None:
    """It works again. People and addresses that have ended stay as they are: nobody knows who came back."""
    was = organisation.status
    organisation.status, organisation.status_on, organisation.successor = OrganisationStatus.ACTIVE, "", None
    organisation.save()
    log("crm.organisation.reopened", organisation, by=by, changes={"status": [was, organisation.status]})


def addresses_of_work(position: Position) -> list[Way]:
    """What is bound to a position, all addresses of a post, and those at the organisation's own domains."""
    is_post = position.contact.is_post
    domains = [f"@{domain.name}" for domain in position.organisation.domains.all()]
    return [
        way
        for way in [*position.contact.emails.all(), *position.contact.phones.all()]
        if not way.is_retired
        and (way.position_id == position.pk or is_post or str(way).casefold().endswith(tuple(domains)))
    ]


def reindex_people(*organisations: Organisation) -> None:
    Contact.objects.filter(pk__in=_people_of(*organisations)).reindex()


def _people_of(*organisations: Organisation) -> list[int]:
    positions = Position.objects.filter(organisation__in=organisations).order_by()
    return list(positions.values_list("contact", flat=True).distinct())


def _current(organisation: Organisation) -> list[Position]:
    """The current positions with what hangs on them, in a fixed number of queries."""
    positions = organisation.positions.current().select_related("contact", "organisation")
    return list(positions.prefetch_related("contact__emails", "contact__phones", "organisation__domains"))


def _carry_over(position: Position, into: Organisation, on: str, done: Recorder) -> None:
    """The work goes on at another organisation: title, post and work addresses go along."""
    here = Position.objects.filter(contact=position.contact, organisation=into, ended_on="").first()
    if here is None:
        here = Position(contact=position.contact, organisation=into, title=position.title, started_on=on)
        here.post = position.post
        done.make(here)
    for way in ways_of(position):
        done.change(way, position=here)
    _end(position, on, done, puts_post_away=False)


def _end(position: Position, on: str, done: Recorder, *, puts_post_away: bool = True) -> None:
    # Who began after the day that is named here began later than somebody remembers.
    ended_on = on if in_order(position.started_on, on) else position.started_on
    done.change(position, ended_on=ended_on)
    if position.contact.is_post and puts_post_away and not position.contact.archived_at:
        # To the second: what is written down of a step is no finer.
        done.change(position.contact, archived_at=timezone.now().replace(microsecond=0))


def _keep_as_former(organisation: Organisation, name: str, until: str, done: Recorder) -> None:
    key = organisation_key(name)
    if key != organisation.name_key and not organisation.former_names.filter(name_key=key).exists():
        done.make(FormerName(organisation=organisation, name=name, until=until))


def _replace(model: type[FormerName | Domain], organisation: Organisation, typed: Names, until: str) -> None:
    """Rows that are named again keep their key; the others go, and new ones come."""
    kept = {row.name: row for row in model.objects.filter(organisation=organisation)}
    for name, day in typed.items():
        row = kept.pop(name, None) or model(organisation=organisation, name=name)
        setattr(row, until, day)
        row.save()
    model.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()


def _as_it_is(pk: int) -> dict[str, object]:
    """What the journal compares."""
    organisation = Organisation.objects.select_related("parent").get(pk=pk)
    return snapshot(organisation, _FIELDS) | {
        "parent": organisation.parent.name if organisation.parent else "",
        "former_names": organisation.former_names_list,
        "domains": [domain.name for domain in organisation.domains.all()],
    }
