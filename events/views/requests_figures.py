"""How the desk answers, in figures; and the requests of one contact or outlet, for their pages."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact, Organisation

from ..desk_states import Consent, Result
from ..models import PressRequest
from ..pipeline import desk_figures

PERIODS = {"30": 30, "90": 90, "365": 365}
_SHOWN = 20


@requires(Right.REQUESTS_VIEW)
@require_safe
def figures(request):
    """Of the last 30, 90 or 365 days: when the first answer came, how often in time, on what, by whom, in what."""
    days = PERIODS.get(request.GET.get("days"), PERIODS["90"])
    since = timezone.now() - timedelta(days=days)
    found = PressRequest.objects.visible_to(request.user).filter(received_at__gt=since)
    spoke = found.filter(questions__status=Consent.YES)
    counts = desk_figures.results(found)
    context = {
        "days": days,
        "periods": [*PERIODS.values()],
        "all": desk_figures.figures(found),
        "results": [(label, counts.get(value, 0)) for value, label in Result.choices],
        "by_topic": desk_figures.by(found, "topic__name"),
        "by_organisation": desk_figures.by(spoke, "questions__expert__organisation__name"),
        "by_language": desk_figures.by(found, "language", words=dict(settings.LANGUAGES)),
    }
    return render(request, "events/request_figures.html", context)


@requires(Right.REQUESTS_VIEW)
@require_safe
def of_contact(request, pk):
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    return _panel(request, contact=contact)


@requires(Right.REQUESTS_VIEW)
@require_safe
def of_organisation(request, pk):
    """What an outlet asked; of a member organisation, what its speakers were asked is in the figures."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    return _panel(request, organisation=organisation)


def _panel(request, **whose):
    found = PressRequest.objects.visible_to(request.user).for_list().filter(**whose)
    return render(request, "events/_request_panel.html", {"requests": found[:_SHOWN], **whose})
