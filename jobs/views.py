from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires

from . import actions
from .kinds import tell
from .models import Beat, Job


@requires(Right.DESK)
@require_safe
def detail(request, pk):
    """How far a job is, and what came of it. htmx asks for the part that changes, until it has ended."""
    job = _job(request, pk)
    context = {
        "job": job,
        "told": tell(job, request.user),
        "worker_is_late": job.is_open and not job.is_held(timezone.now()) and Beat.is_late(),
        "beat": Beat.objects.first(),
    }
    response = render(request, "jobs/_job.html" if request.htmx else "jobs/job_detail.html", context)
    if request.htmx and not job.is_open:
        response["HX-Refresh"] = "true"  # what one may do now stands outside the part that is polled
    return response


@requires(Right.DESK)
@require_POST
def stop(request, pk):
    job = _job(request, pk)
    if job.is_open:
        actions.stop(job, by=request.user)
    else:
        messages.warning(request, _("It had ended already."))
    return redirect("jobs:job-detail", pk=pk)


def _job(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("by"), pk=pk)
