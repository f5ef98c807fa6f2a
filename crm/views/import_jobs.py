"""What a job says that reads a list, writes it, or takes it back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Right
from jobs import kinds
from jobs.kinds import Told
from jobs.models import Job

from ..actions import import_undo, imports
from ..models import ImportBatch


def register_all() -> None:
    asked = {"right": Right.CONTACTS_IMPORT, "seen_with": Right.CONTACTS_IMPORT}
    kinds.register(kinds.Kind(imports.READ, imports.read_on, imports.reading_ended, tell=_tell_reading, **asked))
    kinds.register(kinds.Kind(imports.WRITE, imports.write_on, imports.writing_ended, tell=_tell_writing, **asked))
    kinds.register(kinds.Kind(import_undo.UNDO, import_undo.undo_on, import_undo.undo_ended, tell=_tell_undo, **asked))


def _tell_reading(job: Job, user) -> Told:
    batch = _batch(job, user)
    if batch is None:
        return Told(_("Reading a list"))
    title = _("Reading the list «%(name)s»") % {"name": batch.filename}
    done = _("The list is read. Nothing is written yet: open it and check what will be.")
    there = reverse(f"crm:import-{job.params.get('then', 'columns')}", args=[batch.pk])
    return Told(title, job.result.get("error") or done, there, onward=there)


def _tell_writing(job: Job, user) -> Told:
    batch = _batch(job, user)
    if batch is None:
        return Told(_("Writing a list"))
    title = _("Writing the list «%(name)s»") % {"name": batch.filename}
    counts = imports.tally(batch)
    done = _("New: %(created)s, updated: %(changed)s, refused: %(refused)s.") % counts
    there = reverse("crm:import-result", args=[batch.pk])
    return Told(title, done, there, onward=there)


def _tell_undo(job: Job, user) -> Told:
    batch = _batch(job, user)
    if batch is None:
        return Told(_("Taking a list back"))
    title = _("Taking back the list «%(name)s»") % {"name": batch.filename}
    there = reverse("crm:import-result", args=[batch.pk])
    return Told(title, undone_words(job.result), there, onward=there)


def _batch(job: Job, user) -> ImportBatch | None:
    return ImportBatch.objects.visible_to(user).filter(pk=job.params["batch"]).first()


def undone_words(counts: dict[str, int]) -> str:
    """What taking back did, in numbers."""
    known = {"removed": 0, "restored": 0, "stayed": 0} | counts
    return _("Removed: %(removed)s, as before: %(restored)s, left as they are: %(stayed)s.") % known
