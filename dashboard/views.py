from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import Lockdown, User
from accounts.receivers import NEW_DEVICE
from accounts.roles import Right
from audit.kinds import Kind
from audit.models import Entry
from core.rights import requires
from crm.models import Contact, FollowUp, ImportBatch, Unread
from events.actions.remarks import waiting_for_a_person
from jobs.kinds import Told, tell
from jobs.models import Job
from mailings.actions import approver_of
from mailings.models import Incoming, Mailing, Occasion, OwnDataRequest
from mailings.permissions import Approver
from mailings.pipeline.analytics import problems, totals
from mailings.states import MailingStatus
from mailings.views.occasions import Row, rows_of

from . import guide

# How far Today looks forward.
_AHEAD = timedelta(days=7)
_OCCASION_AHEAD = timedelta(days=45)
_JOBS_SHOWN = 5
# So long a job that has ended is still shown: as long as it can be undone.
_BEHIND = timedelta(hours=1)


@dataclass(frozen=True)
class Concern:
    """Something to look at: how often, in a sentence, and where the rows behind it are."""

    text: str
    count: int
    url: str
    icon: str


def _waits_for(user, mailing) -> bool:
    """Whether the next step with a mailing is this person's: one's own drafts, others' requests, whatever is stuck."""
    if mailing.status == MailingStatus.DRAFT:
        return user.pk in {mailing.author_id, mailing.last_editor_id}
    if mailing.status == MailingStatus.IN_REVIEW:
        return approver_of(mailing, user) is not Approver.NONE
    return mailing.status in {MailingStatus.APPROVED, MailingStatus.PAUSED}


@requires(Right.DESK)
@require_safe
def today(request):
    """What waits for this person, and how the last mailing went; each part for those who may see it."""
    user = request.user
    waiting = _mailings_for(user)
    imports = list(ImportBatch.objects.filter(status=ImportBatch.Status.UPLOADED, uploaded_by=user))
    last = _last_mailing() if user.may(Right.MAILINGS_VIEW) else None
    # What is tried again by itself waits for nobody.
    troubles = [one for one in problems(last, seen_by=user) if not one.waiting] if last else []
    concerns = _concerns(user)
    reminders = _reminders_for(user)
    due = [reminder for reminder in reminders if reminder.days_late >= 0]
    context = {
        "now": timezone.localtime(),
        # During a lock down only the key holder comes here.
        "lockdown": Lockdown.objects.on().first() if user.may(Right.LOCK_DOWN) else None,
        "jobs": _jobs_of(user),
        "waiting": waiting,
        "imports": imports,
        "last": last,
        "totals": totals(last) if last else None,
        "problems": troubles,
        "concerns": concerns,
        "reminders": due,
        "coming": [reminder for reminder in reminders if reminder.days_late < 0],
        "todo": len(waiting) + len(imports) + len(troubles) + len(concerns) + len(due),
        "occasion": _next_occasion() if user.may(Right.MAILINGS_WRITE) else None,
        "contacts": Contact.objects.visible_to(user).count(),
    }
    return render(request, "dashboard/today.html", context)


def _next_occasion() -> Row | None:
    """What people are greeted on next, and whether a card is being prepared."""
    coming = Occasion.objects.coming(timezone.localdate(), days=_OCCASION_AHEAD.days)
    return next(iter(rows_of(coming[:1])), None)


def _mailings_for(user) -> list[Mailing]:
    if not user.may(Right.MAILINGS_WRITE, Right.MAILINGS_APPROVE):
        return []
    over = [MailingStatus.FINISHED, MailingStatus.CANCELLED]
    mailings = Mailing.objects.for_list().prefetch_related("editors").exclude(status__in=over)
    return [mailing for mailing in mailings if _waits_for(user, mailing)]


def _jobs_of(user) -> list[tuple[Job, Told]]:
    """What this person has begun that is at work, or has just ended."""
    recent = Q(ended_at=None) | Q(ended_at__gt=timezone.now() - _BEHIND)
    return [(job, tell(job, user)) for job in Job.objects.filter(recent, by=user).defer("sealed")[:_JOBS_SHOWN]]


def _reminders_for(user) -> list[FollowUp]:
    """This person's reminders, those that are late first, up to a week ahead."""
    ahead = timezone.localdate() + _AHEAD
    mine = FollowUp.objects.visible_to(user).open().filter(assignee=user, due_on__lte=ahead)
    return list(mine.select_related("contact"))


def _last_mailing() -> Mailing | None:
    return Mailing.objects.for_list().filter(frozen_count__isnull=False).order_by("-started_at").first()


def _concerns(user) -> list[Concern]:
    """What whoever edits contacts, or watches over the accounts, should look at."""
    found = [
        *(_unread(user) if user.may(Right.CONTACTS_EDIT) else []),
        *(_about_own_data(user) if user.may(Right.CONTACTS_ERASE) else []),
        *(_unrecognised(user) if user.may(Right.MAILINGS_WRITE) else []),
        *(_undecided(user) if user.may(Right.EVENTS_EDIT) else []),
        *(_watched() if user.may(Right.AUDIT) else []),
        *(_unprotected() if user.may(Right.ACCOUNTS) else []),
    ]
    return [concern for concern in found if concern.count]


def _unread(user) -> Iterator[Concern]:
    count = Unread.objects.visible_to(user).count()
    text = ngettext("%(count)s entry of contacts cannot be read", "%(count)s entries of contacts cannot be read", count)
    yield Concern(text % {"count": count}, count, reverse("crm:unread-list"), "triangle-alert")


def _about_own_data(user) -> Iterator[Concern]:
    count = OwnDataRequest.objects.visible_to(user).waiting().count()
    text = ngettext(
        "%(count)s person waits for an answer about their data",
        "%(count)s people wait for an answer about their data",
        count,
    )
    yield Concern(text % {"count": count}, count, reverse("mailings:own-data-list"), "user-x")


def _unrecognised(user) -> Iterator[Concern]:
    count = Incoming.objects.visible_to(user).unrecognised().count()
    text = ngettext(
        "%(count)s letter in the mailbox is recognised by nobody",
        "%(count)s letters in the mailbox are recognised by nobody",
        count,
    )
    yield Concern(text % {"count": count}, count, f"{reverse('mailings:incoming-list')}?show=waiting", "inbox")


def _undecided(user) -> Iterator[Concern]:
    """Guests who propose another hour, answer in words or name a colleague wait for a person."""
    for event, count in waiting_for_a_person(user, timezone.now()):
        text = ngettext("%(event)s: %(count)s guest to decide on", "%(event)s: %(count)s guests to decide on", count)
        url = reverse("events:event-detail", args=[event.pk])
        yield Concern(text % {"event": event.title, "count": count}, count, url, "calendar-days")


def _watched() -> Iterator[Concern]:
    """What the journal says of the last day."""
    since = timezone.localdate() - timedelta(days=1)
    recent = Entry.objects.filter(at__date__gte=since)
    journal = f"{reverse('audit:entry-list')}?since={since.isoformat()}"
    count = recent.filter(action=NEW_DEVICE).count()
    text = ngettext(
        "%(count)s sign-in from a new device since yesterday",
        "%(count)s sign-ins from new devices since yesterday",
        count,
    )
    yield Concern(text % {"count": count}, count, f"{journal}&action={NEW_DEVICE}", "smartphone")
    count = recent.filter(kind=Kind.EXPORT).count()
    text = ngettext("%(count)s export since yesterday", "%(count)s exports since yesterday", count)
    yield Concern(text % {"count": count}, count, f"{journal}&kind={Kind.EXPORT}", "download")


def _unprotected() -> Iterator[Concern]:
    count = User.objects.without_demanded_factor().count()
    text = ngettext(
        "%(count)s person has no second factor yet, though their role demands it",
        "%(count)s people have no second factor yet, though their role demands it",
        count,
    )
    yield Concern(text % {"count": count}, count, f"{reverse('accounts:user-list')}?lacking=1", "shield-alert")


@requires(Right.DESK)
@require_safe
def guide_page(request, name=guide.PAGES[0]):
    pages = guide.pages()
    page = next((one for one in pages if one.name == name), None)
    if page is None:
        raise Http404
    return render(request, "dashboard/guide.html", {"page": page, "pages": pages})
