"""What a job says that reads a list, writes it, or takes it back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Right
from jobs import kinds
from jobs.kinds import Told
from jobs.models import Job

from ..actions import import_undo, imports, organisation_imports, organisation_undo
from ..models import ImportBatch, OrganisationImport
from ..models.imports import Upload


def register_all() -> None:
    asked = {"right": Right.CONTACTS_IMPORT, "seen_with": Right.CONTACTS_IMPORT}
    for words, import_, undo in (
        (_Words(ImportBatch, "crm:import", imports.tally), imports, import_undo),
        (
            _Words(OrganisationImport, "crm:organisation-import", organisation_imports.tally),
            organisation_imports,
            organisation_undo,
        ),
    ):
        reading = kinds.Kind(import_.READ, import_.read_on, import_.reading_ended, tell=words.reading, **asked)
        writing = kinds.Kind(import_.WRITE, import_.write_on, import_.writing_ended, tell=words.writing, **asked)
        for kind in (reading, writing, kinds.Kind(undo.UNDO, undo.undo_on, undo.undo_ended, tell=words.undo, **asked)):
            kinds.register(kind)


@dataclass(frozen=True)
class _Words:
    """`pages` is how the names of the pages begin on which the list is gone on with."""

    uploads: type[Upload]
    pages: str
    tally: Callable[[Upload], dict[str, int]]

    def reading(self, job: Job, user) -> Told:
        batch = self._batch(job, user)
        if batch is None:
            return Told(_("Reading a list"))
        title = _("Reading the list «%(name)s»") % {"name": batch.filename}
        done = _("The list is read. Nothing is written yet: open it and check what will be.")
        there = self._page(job.params.get("then", "columns"), batch)
        return Told(title, job.result.get("error") or done, there, onward=there)

    def writing(self, job: Job, user) -> Told:
        batch = self._batch(job, user)
        if batch is None:
            return Told(_("Writing a list"))
        title = _("Writing the list «%(name)s»") % {"name": batch.filename}
        done = _("New: %(created)s, updated: %(changed)s, refused: %(refused)s.") % self.tally(batch)
        there = self._page("result", batch)
        return Told(title, done, there, onward=there)

    def undo(self, job: Job, user) -> Told:
        batch = self._batch(job, user)
        if batch is None:
            return Told(_("Taking a list back"))
        title = _("Taking back the list «%(name)s»") % {"name": batch.filename}
        there = self._page("result", batch)
        return Told(title, undone_words(job.result), there, onward=there)

    def _batch(self, job: Job, user) -> Upload | None:
        return self.uploads.objects.visible_to(user).filter(pk=job.params["batch"]).first()

    def _page(self, name: str, batch: Upload) -> str:
        return reverse(f"{self.pages}-{name}", args=[batch.pk])


def undone_words(counts: dict[str, int]) -> str:
    """What taking back did, in numbers."""
    known = {"removed": 0, "restored": 0, "stayed": 0} | counts
    return _("Removed: %(removed)s, as before: %(restored)s, left as they are: %(stayed)s.") % known
