"""Asking for approval, giving it, and taking it back when something changes."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.changes import difference
from audit.log import log

from ..models import ApprovedList, Mailing
from ..permissions import Approver, approver
from ..pipeline.audience import Audience
from ..pipeline.checks import check, has_errors
from ..pipeline.freeze import audience_of, recipient_marks
from ..states import MailingStatus, WrongState

UNAPPROVED = {
    "approved_by": None,
    "approved_at": None,
    "approved_alone": False,
    "approved_fingerprint": "",
}


@transaction.atomic
def submit(mailing: Mailing, *, by) -> None:
    """Ask for approval. Raises WrongState if an error would stop the mailing anyway."""
    mailing.hold()
    _refuse_errors(mailing, audience_of(mailing))
    before = mailing.status
    mailing.move_to(MailingStatus.IN_REVIEW)
    log("mailings.mailing.submitted", mailing, by=by, changes=moved(before, mailing))
    _ask_approvers(mailing, by)


def _ask_approvers(mailing: Mailing, by: User) -> None:
    """A letter to each second pair of eyes; which mailing it is, only its address tells: others read mailboxes, too."""
    for holder in User.objects.with_right(Right.MAILINGS_APPROVE).exclude(pk__in=mailing.hands):
        tell(holder, StaffLetter.Kind.APPROVAL_WANTED, by=by.name, path=f"/mailings/{mailing.pk}/")


@transaction.atomic
def return_to_draft(mailing: Mailing, *, by) -> None:
    before = mailing.status
    mailing.move_to(MailingStatus.DRAFT, **UNAPPROVED)
    log("mailings.mailing.returned", mailing, by=by, changes=moved(before, mailing))


@transaction.atomic
def reopen_for_segments(segments: set[int], *, by) -> None:
    """The rule of these segments was changed, and with it every audience that names them: it is to be approved anew."""
    reopen_waiting(Mailing.objects.waiting().naming(segments), by=by)


def reopen_waiting(mailings: Iterable[Mailing], *, by) -> None:
    """Take back the approval, or the request for it, of what has not left meanwhile."""
    for mailing in mailings:
        mailing.hold()
        if mailing.is_editable:
            reopen(mailing, by=by)


def approver_of(mailing: Mailing, user: User) -> Approver:
    """What this person is to the mailing: its second pair of eyes, its only possible approver, or neither."""
    holders = set(User.objects.with_right(Right.MAILINGS_APPROVE).values_list("pk", flat=True))
    what = approver(user.pk, hands=mailing.hands, holders=holders)
    return Approver.NONE if what is Approver.ALONE and not settings.APPROVE_ALONE else what


@transaction.atomic
def approve(mailing: Mailing, *, seen: str, by) -> None:
    """Approve exactly what the approver saw: `seen` is the fingerprint on their page. Raises WrongState otherwise."""
    mailing.hold()
    what = approver_of(mailing, by)
    if what is Approver.NONE:
        raise WrongState(_("Whoever wrote or changed the mailing cannot approve it: ask a colleague."))
    if seen != mailing.fingerprint():
        raise WrongState(_("The text or the audience was changed while you were reading. Read it again, then approve."))
    audience = audience_of(mailing)
    _refuse_errors(mailing, audience)
    before = mailing.status
    mailing.move_to(
        MailingStatus.APPROVED,
        approved_by=by,
        approved_at=timezone.now(),
        approved_alone=what is Approver.ALONE,
        approved_fingerprint=seen,
    )
    ApprovedList.objects.update_or_create(mailing=mailing, defaults={"recipients": recipient_marks(audience)})
    log(
        "mailings.mailing.approved",
        mailing,
        by=by,
        changes=moved(before, mailing),
        fingerprint=seen,
        recipients=len(audience.recipients),
        how=what,
    )
    if mailing.author_id != by.pk:
        tell(mailing.author, StaffLetter.Kind.APPROVED, by=by.name, path=f"/mailings/{mailing.pk}/")


def reopen(mailing: Mailing, *, by) -> None:
    """Any edit takes back the request for approval and the approval itself."""
    if not mailing.is_editable:
        raise WrongState(_("This mailing has left already: its text and audience cannot be changed."))
    before = mailing.status
    if before != MailingStatus.DRAFT:
        mailing.move_to(MailingStatus.DRAFT, **UNAPPROVED)
        log("mailings.mailing.reopened", mailing, by=by, changes=moved(before, mailing))
    mailing.last_editor = by
    mailing.save(update_fields=["last_editor"])
    mailing.editors.add(by)


def refuse_second_way(mailing: Mailing) -> None:
    """Whom a mailing goes to, and what it is, was settled when its first part left."""
    if mailing.is_second_way:
        raise WrongState(_("A part of this mailing has left: only its text can be corrected for the rest."))


def moved(before: str, mailing: Mailing) -> dict[str, list]:
    return difference({"status": before}, {"status": mailing.status})


def _refuse_errors(mailing: Mailing, audience: Audience) -> None:
    findings = check(mailing, audience)
    if has_errors(findings):
        raise WrongState(findings[0].text)
