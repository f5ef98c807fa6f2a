"""What a job says that changes many contacts, or takes that back."""

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Right
from jobs import kinds
from jobs.kinds import Told
from jobs.models import Job

from ..actions import bulk
from ..models import BulkChange
from ..states import BulkAction, Region, Scope
from .bulk import done_words, nothing_words, restored_words, with_sealed


def register_all() -> None:
    asked = {"right": Right.CONTACTS_EDIT, "seen_with": Right.CONTACTS_VIEW}
    kinds.register(kinds.Kind(bulk.CHANGE, bulk.go_on, bulk.change_ended, tell=_tell_change, **asked))
    kinds.register(kinds.Kind(bulk.UNDO, bulk.go_back, bulk.undo_ended, tell=_tell_undo, **asked))


def _tell_change(job: Job, user) -> Told:
    change = _change_of(job)
    done = done_words(change.action, change.count, _value(job, change)) if change.count else nothing_words()
    outcome = with_sealed(done, job.params["sealed"])
    return Told(_what(job, change), outcome, job.params["back"], _undo(job, change, user) if change.count else "")


def _tell_undo(job: Job, user) -> Told:
    """One that was stopped can be gone on with, for those who are not as before yet."""
    change, restored = _change_of(job), job.result.get("restored", 0)
    title = _("Taking back: %(what)s") % {"what": _what(job, change)}
    return Told(title, restored_words(restored, job.done - restored), job.params["back"], _undo(job, change, user))


def _change_of(job: Job) -> BulkChange:
    return BulkChange.objects.select_related("job").get(pk=job.params["change"])


def _what(job: Job, change: BulkChange) -> str:
    action, words = BulkAction(change.action).label, _value(job, change)
    return f"{action}: {words}" if words else str(action)


def _value(job: Job, change: BulkChange) -> str:
    """What was given, in the language of who reads: names were kept in that of who began it."""
    (given,) = change.what.values()
    match change.action:
        case BulkAction.REGION:
            return str(Region(given).label if given else _("Not known"))
        case BulkAction.STOP:
            return str(Scope(given).label)
        case BulkAction.OWNER if given is None:
            return _("Nobody")
    return job.params["words"]


def _undo(job: Job, change: BulkChange, user) -> str:
    if not bulk.is_open_to(change, user):
        return ""
    return f"{reverse('crm:bulk-undo', args=[change.pk])}?{urlsplit(job.params['back']).query}"
