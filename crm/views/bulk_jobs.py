"""What a job says that changes many contacts, or takes that back."""

from urllib.parse import urlsplit

from django.urls import reverse

from accounts.roles import Right
from audit.sentences import sentence
from jobs import kinds
from jobs.kinds import Told
from jobs.models import Job

from ..actions import bulk
from ..models import BulkChange
from ..states import BulkAction
from .bulk import done_words, nothing_words, restored_words, with_sealed


def register_all() -> None:
    asked = {"right": Right.CONTACTS_EDIT, "seen_with": Right.CONTACTS_VIEW}
    kinds.register(kinds.Kind(bulk.CHANGE, bulk.go_on, bulk.change_ended, tell=_tell_change, **asked))
    kinds.register(kinds.Kind(bulk.UNDO, bulk.go_back, bulk.undo_ended, tell=_tell_undo, **asked))


def _tell_change(job: Job, user) -> Told:
    change = BulkChange.objects.select_related("job").get(pk=job.params["change"])
    words, back = job.params["words"], job.params["back"]
    action = BulkAction(change.action).label
    outcome = done_words(change.action, change.count, words) if change.count else nothing_words()
    may_undo = change.count and bulk.is_open_to(change, user)
    return Told(
        title=f"{action}: {words}" if words else str(action),
        outcome=with_sealed(outcome, job.params["sealed"]),
        back=back,
        undo=f"{reverse('crm:bulk-undo', args=[change.pk])}?{urlsplit(back).query}" if may_undo else "",
    )


def _tell_undo(job: Job, user) -> Told:
    restored = job.result.get("restored", 0)
    return Told(sentence(job.kind), restored_words(restored, job.done - restored), job.params["back"])
