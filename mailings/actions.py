"""What people do with a mailing. Each happens in one transaction and is written down; staff are named by `by=`."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Lockdown, User
from accounts.roles import Right
from audit.changes import Text, difference
from audit.log import log
from core.html import sanitise
from crm.actions.suppression import lift, suppress
from crm.criteria import includes_restricted
from crm.models import Suppression

from .models import Delivery, Mailing, MailingVersion
from .permissions import Approver, approver
from .pipeline.audience import Audience
from .pipeline.checks import check, has_errors
from .pipeline.freeze import audience_of, freeze, recipient_marks
from .states import DeliveryStatus, MailingStatus, WrongState

_UNAPPROVED = {
    "approved_by": None,
    "approved_at": None,
    "approved_alone": False,
    "approved_fingerprint": "",
    "approved_recipients": [],
}


class StaleText(Exception):
    """Somebody saved this version meanwhile. Carries what they saved; nothing was overwritten."""

    def __init__(self, theirs: MailingVersion):
        super().__init__()
        self.theirs = theirs


@transaction.atomic
def create(*, title: str, kind: str, topics=(), by) -> Mailing:
    mailing = Mailing.objects.create(title=title, kind=kind, author=by, last_editor=by)
    mailing.topics.set(topics)
    mailing.editors.add(by)
    log("mailings.mailing.created", mailing, by=by)
    return mailing


@transaction.atomic
def describe(mailing: Mailing, *, title: str, kind: str, topics=(), by) -> None:
    """Change what a mailing is called and what it is: that says who does not want it."""
    mailing.hold()
    _reopen(mailing, by=by)
    before = _described(mailing)
    mailing.title, mailing.kind = title, kind
    mailing.save(update_fields=["title", "kind"])
    mailing.topics.set(topics)
    log("mailings.mailing.described", mailing, by=by, changes=difference(before, _described(mailing)))


def _described(mailing: Mailing) -> dict[str, object]:
    topics = sorted(mailing.topics.values_list("name", flat=True))
    return {"title": mailing.title, "kind": mailing.kind, "topics": topics}


@transaction.atomic
def save_version(mailing: Mailing, language: str, *, words: Mapping[str, str], revision: int, by) -> MailingVersion:
    """Store one language version: subject, preheader, body. Raises StaleText if `revision` is not the last one."""
    mailing.hold()
    version, _made = MailingVersion.objects.select_for_update().get_or_create(mailing=mailing, language=language)
    if version.revision != revision:
        raise StaleText(version)
    _reopen(mailing, by=by)
    before = _lengths(version)
    version.subject, version.preheader = words["subject"], words["preheader"]
    version.body = sanitise(words["body"])
    version.revision += 1
    version.save()
    changes = difference(before, _lengths(version))
    log("mailings.version.saved", mailing, by=by, changes=changes, language=language, revision=version.revision)
    return version


def _lengths(version: MailingVersion) -> dict[str, Text]:
    """No words of a letter stand in the journal, only how many there were."""
    return {name: Text(getattr(version, name)) for name in ("subject", "preheader", "body")}


@transaction.atomic
def set_audience(mailing: Mailing, rule: Mapping[str, list[str]], *, by) -> None:
    """Say who gets a mailing. Raises WrongState where `by` may not include people of restricted organisations."""
    if includes_restricted(rule) and not by.may(Right.CONTACTS_RESTRICTED):
        raise WrongState(_("People of restricted organisations can be included only by who may see them."))
    mailing.hold()
    _reopen(mailing, by=by)
    before = _rule(mailing)
    mailing.audience = {name: sorted(values) for name, values in rule.items() if values}
    mailing.save(update_fields=["audience"])
    log("mailings.audience.set", mailing, by=by, changes=difference(before, _rule(mailing)))


def _rule(mailing: Mailing) -> dict[str, list[str]]:
    return {f"audience.{name}": values for name, values in mailing.audience.items()}


@transaction.atomic
def submit(mailing: Mailing, *, by) -> None:
    """Ask for approval. Raises WrongState if an error would stop the mailing anyway."""
    mailing.hold()
    _refuse_errors(mailing, audience_of(mailing))
    before = mailing.status
    mailing.move_to(MailingStatus.IN_REVIEW)
    log("mailings.mailing.submitted", mailing, by=by, changes=_moved(before, mailing))


@transaction.atomic
def return_to_draft(mailing: Mailing, *, by) -> None:
    before = mailing.status
    mailing.move_to(MailingStatus.DRAFT, **_UNAPPROVED)
    log("mailings.mailing.returned", mailing, by=by, changes=_moved(before, mailing))


def approver_of(mailing: Mailing, user: User) -> Approver:
    """What this person is to the mailing: its second pair of eyes, its only possible approver, or neither."""
    holders = set(User.objects.with_right(Right.MAILINGS_APPROVE).values_list("pk", flat=True))
    return approver(user.pk, hands=mailing.hands, holders=holders)


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
        approved_recipients=recipient_marks(audience),
    )
    log(
        "mailings.mailing.approved",
        mailing,
        by=by,
        changes=_moved(before, mailing),
        fingerprint=seen,
        recipients=len(audience.recipients),
        how=what,
    )


@transaction.atomic
def start(mailing: Mailing, *, by) -> int:
    """Freeze the audience and let the workers send. Return the number of letters. Raises WrongState."""
    _refuse_lockdown()
    mailing.hold()
    if mailing.status != MailingStatus.APPROVED:
        raise mailing.not_now()
    before = mailing.status
    letters = freeze(mailing)
    log("mailings.mailing.started", mailing, by=by, changes=_moved(before, mailing), letters=letters)
    return letters


@transaction.atomic
def pause(mailing: Mailing, *, by) -> None:
    before = mailing.status
    mailing.move_to(MailingStatus.PAUSED, pause_kind=Mailing.PauseKind.PERSON, pause_words="")
    log("mailings.mailing.paused", mailing, by=by, changes=_moved(before, mailing))


@transaction.atomic
def resume(mailing: Mailing, *, by) -> None:
    _refuse_lockdown()
    before = mailing.status
    mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    log("mailings.mailing.resumed", mailing, by=by, changes=_moved(before, mailing))


@transaction.atomic
def cancel(mailing: Mailing, *, by) -> int:
    """Stop for good: what has not left stays here. Return how many letters that is."""
    before = mailing.status
    mailing.move_to(MailingStatus.CANCELLED, finished_at=timezone.now())
    unsent = [DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED, DeliveryStatus.DEFERRED]
    kept = mailing.deliveries.filter(status__in=unsent).update(
        status=DeliveryStatus.CANCELLED, claim=None, lease_until=None
    )
    log("mailings.mailing.cancelled", mailing, by=by, changes=_moved(before, mailing), kept=kept)
    return kept


@transaction.atomic
def decide_unknown(delivery: Delivery, *, send_again: bool, by) -> None:
    """A person decides on a letter whose outcome is not known: send it again, or count it as sent."""
    if send_again and delivery.mailing.status == MailingStatus.CANCELLED:
        raise WrongState(
            _("The mailing was stopped: nothing of it is sent any more. Count the letter as sent or leave it.")
        )
    fate = (
        {"status": DeliveryStatus.QUEUED} if send_again else {"status": DeliveryStatus.SENT, "sent_at": timezone.now()}
    )
    if Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.UNKNOWN).update(**fate) != 1:
        raise WrongState(_("Somebody has already decided on this letter."))
    if send_again:
        Mailing.objects.filter(pk=delivery.mailing_id, status=MailingStatus.FINISHED).update(
            status=MailingStatus.SENDING, finished_at=None
        )
    changes = {"status": [DeliveryStatus.UNKNOWN, fate["status"]]}
    log("mailings.delivery.decided", delivery, by=by, changes=changes, mailing=delivery.mailing.title)


@transaction.atomic
def decide_all_unknown(mailing: Mailing, *, send_again: bool, seen: int, by) -> int:
    """After a backup was restored: one decision on all letters that may have left, if they are as many as were seen."""
    if mailing.pause_kind != Mailing.PauseKind.RESTORED:
        raise mailing.not_now()
    mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    fate = (
        {"status": DeliveryStatus.QUEUED} if send_again else {"status": DeliveryStatus.SENT, "sent_at": timezone.now()}
    )
    letters = mailing.deliveries.filter(status=DeliveryStatus.UNKNOWN).update(**fate)
    if letters != seen:
        raise WrongState(_("Meanwhile somebody has decided on some of these letters. Look at the number again."))
    log("mailings.mailing.decided", mailing, by=by, send_again=send_again, letters=letters)
    return letters


@transaction.atomic
def unsubscribe(delivery: Delivery) -> None:
    """The recipient wants no more letters. Saying it twice is saying it once."""
    suppress(
        delivery.address,
        Suppression.Reason.UNSUBSCRIBED,
        key=delivery.address_key,
        evidence=delivery.mailing.title,
        by="recipient",
    )
    Delivery.objects.filter(pk=delivery.pk, unsubscribed_at=None).update(unsubscribed_at=timezone.now())


@transaction.atomic
def resubscribe(delivery: Delivery) -> None:
    """The recipient takes the unsubscribing back. What staff or a bounce stopped stays stopped."""
    if lift(delivery.address, Suppression.Reason.UNSUBSCRIBED, key=delivery.address_key, by="recipient"):
        Delivery.objects.filter(address_key=delivery.address_key).update(unsubscribed_at=None)


def _moved(before: str, mailing: Mailing) -> dict[str, list]:
    return difference({"status": before}, {"status": mailing.status})


def _reopen(mailing: Mailing, *, by) -> None:
    """Any edit takes back the request for approval and the approval itself."""
    if not mailing.is_editable:
        raise WrongState(_("This mailing has left already: its text and audience cannot be changed."))
    before = mailing.status
    if before != MailingStatus.DRAFT:
        mailing.move_to(MailingStatus.DRAFT, **_UNAPPROVED)
        log("mailings.mailing.reopened", mailing, by=by, changes=_moved(before, mailing))
    mailing.last_editor = by
    mailing.save(update_fields=["last_editor"])
    mailing.editors.add(by)


def _refuse_lockdown() -> None:
    if Lockdown.objects.on().exists():
        raise WrongState(_("Everything is locked down: nothing is sent until the lock down is lifted."))


def _refuse_errors(mailing: Mailing, audience: Audience) -> None:
    findings = check(mailing, audience)
    if has_errors(findings):
        raise WrongState(findings[0].text)
