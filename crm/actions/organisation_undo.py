"""Take an import of organisations back, from its last row to its first; what somebody worked with since stays."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from audit.log import log
from crm.matching.record import references
from jobs.actions import begin
from jobs.models import Job
from jobs.running import Handle

from ..models import Domain, FormerName, Organisation, OrganisationImport, OrganisationRow
from ..states import OrganisationStatus
from .import_undo import CannotUndo
from .organisation_imports import Outcome, is_long
from .organisation_resource import OrganisationResource, with_names
from .organisations import reindex_people

__all__ = ["CannotUndo", "begin_undo", "is_long", "undo"]

# The kind of job, under the name that the journal gives to what it does.
UNDO = "crm.organisations.taken_back"
_CHUNK = 100
# They come and go with their organisation: no work of anybody.
_OWN = {FormerName, Domain}
_NAMES = {"former_names": FormerName, "domains": Domain}


@transaction.atomic
def undo(batch: OrganisationImport, *, by: User) -> dict[str, int]:
    """Take back a short list at once. Return how many went, are as before, and stay. Raises CannotUndo."""
    batch = _to_undo(batch)
    for row in _left(batch):
        _undo_one(row, by=by)
    return _close(batch, by=by)


@transaction.atomic
def begin_undo(batch: OrganisationImport, *, by: User) -> Job:
    """Take back a long list by a job, or go on with it. Raises CannotUndo."""
    batch = _to_undo(batch)
    batch.job = begin(UNDO, params={"batch": batch.pk}, total=len(_left(batch)), by=by)
    batch.save(update_fields=["job"])
    return batch.job


def undo_on(handle: Handle) -> None:
    """The job's work: each row says what became of it, so that none is met twice."""
    batch = OrganisationImport.objects.get(pk=handle.job.params["batch"])
    left = _left(batch)
    for start in range(0, len(left), _CHUNK):
        with handle.chunk() as row:
            some = left[start : start + _CHUNK]
            for one in some:
                _undo_one(one, by=row.by)
            row.done = min(row.done + len(some), row.total)
    with handle.chunk() as row:
        row.result = _close(batch, by=row.by)


def undo_ended(job: Job) -> None:
    """One that was stopped is gone on with from the page of the import."""


def _to_undo(batch: OrganisationImport) -> OrganisationImport:
    batch = OrganisationImport.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if batch.is_at_work or not batch.can_be_undone:
        raise CannotUndo
    return batch


def _left(batch: OrganisationImport) -> list[OrganisationRow]:
    did = batch.rows.filter(outcome__in=[Outcome.CREATED, Outcome.CHANGED], taken_back="")
    return list(did.exclude(organisation=None).order_by("-pk"))


def _undo_one(row: OrganisationRow, *, by: User) -> None:
    place = Organisation.objects.visible_to(by).select_for_update().filter(pk=row.organisation_id).first()
    if place is None or place.restricted_on:
        row.taken_back = "stayed"
    elif row.outcome == Outcome.CREATED:
        row.taken_back = _remove(row, place)
    else:
        row.taken_back = _turn_back(row, place)
    if row.taken_back == "removed":
        row.organisation = None
    row.save(update_fields=["taken_back", "organisation"])


def _remove(row: OrganisationRow, place: Organisation) -> str:
    resource = OrganisationResource(replaces=False)
    as_made = resource.values(resource.init_instance()) | {name: after for name, _before, after in row.changes}
    is_as_made = place.status == OrganisationStatus.ACTIVE and resource.values(with_names(place)) == as_made
    if not is_as_made or _is_named(row, place):
        return "stayed"
    place.delete()
    return "removed"


def _is_named(row: OrganisationRow, place: Organisation) -> bool:
    """Whether anything else hangs on it by now, in any room."""
    if OrganisationRow.objects.filter(organisation=place).exclude(batch=row.batch_id).exists():
        return True
    return any(
        model._base_manager.filter(**{column: place.pk}).exists()
        for model, columns in references(Organisation).items()
        if model not in _OWN and model is not OrganisationRow
        for column in columns
    )


def _turn_back(row: OrganisationRow, place: Organisation) -> str:
    """What still says what the list wrote says what it said before; names that it added go."""
    now = OrganisationResource(replaces=False).values(with_names(place))
    as_left = [(name, before) for name, before, after in row.changes if now[name] == after]
    for name, before in as_left:
        if name in _NAMES:
            added = set(now[name].split("; ")) - set(before.split("; "))
            _NAMES[name].objects.filter(organisation=place, name__in=added).delete()
        elif name == "parent":
            place.parent = Organisation.objects.called(before) if before else None
        else:
            setattr(place, name, None if name == "press_day" and before == "" else before)
    place.save()
    if "former_names" in dict(as_left):
        reindex_people(place)
    return "restored" if as_left else "stayed"


def _close(batch: OrganisationImport, *, by: User) -> dict[str, int]:
    batch.status, batch.undone_at = OrganisationImport.Status.UNDONE, timezone.now()
    batch.save(update_fields=["status", "undone_at"])
    counts = dict(batch.rows.exclude(taken_back="").order_by().values_list("taken_back").annotate(Count("pk")))
    counts = {"removed": 0, "restored": 0, "stayed": 0} | counts
    log(UNDO, batch, by=by, **counts)
    return counts
