from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from audit.sentences import sentence
from core.rights import requires

from . import actions
from .kinds import tell
from .models import Beat, Job

_PAGE = 30


@requires(Right.DESK)
@require_safe
def job_list(request):
    """What is at work, and what was: one's own; all of it for who watches over the journal."""
    jobs = Job.objects.visible_to(request.user).select_related("by").defer("sealed", "params", "result")
    page = Paginator(jobs, _PAGE).get_page(request.GET.get("page"))
    described = [(job, sentence(job.kind)) for job in page]
    return render(request, "jobs/job_list.html", {"jobs": described, "page_obj": page})


@requires(Right.DESK)
@require_safe
def detail(request, pk):
    """How far a job is, and what came of it. htmx asks for the part that changes, until it has ended."""
    job = _job(request, pk)
    told = tell(job, request.user)
    if request.htmx and job.state == Job.State.DONE and told.onward:
        return HttpResponse(headers={"HX-Redirect": told.onward})
    context = {
        "job": job,
        "told": told,
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
