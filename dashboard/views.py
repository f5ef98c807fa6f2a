from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact, ImportBatch
from mailings.actions import approver_of
from mailings.models import Mailing
from mailings.permissions import Approver
from mailings.pipeline.analytics import problems, totals
from mailings.states import MailingStatus


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
    """What waits for this person, and how the last mailing went."""
    open_mailings = (
        Mailing.objects.for_list()
        .prefetch_related("editors")
        .exclude(status__in=[MailingStatus.FINISHED, MailingStatus.CANCELLED])
    )
    last = Mailing.objects.for_list().filter(frozen_count__isnull=False).order_by("-started_at").first()
    waiting = [mailing for mailing in open_mailings if _waits_for(request.user, mailing)]
    imports = list(ImportBatch.objects.filter(status=ImportBatch.Status.UPLOADED, uploaded_by=request.user))
    troubles = problems(last, seen_by=request.user) if last else []
    context = {
        "now": timezone.localtime(),
        "waiting": waiting,
        "imports": imports,
        "last": last,
        "totals": totals(last) if last else None,
        "problems": troubles,
        "todo": len(waiting) + len(imports) + len(troubles),
        "contacts": Contact.objects.visible_to(request.user).count(),
    }
    return render(request, "dashboard/today.html", context)
