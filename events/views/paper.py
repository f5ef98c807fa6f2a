"""What an event needs on paper, as PDF."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires

from ..actions.asking import people_in
from ..actions.paper import coming, left_out, print_names, trained
from ..states import Paper, WrongState
from .events import found
from .guests import number_of


@requires(Right.EVENTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, pk):
    """Choose what to print; the file leaves by a post, and the journal says who took it."""
    event = found(pk)
    parts = event.programme.filter(is_chosen=True)
    if request.method == "POST":
        # "strips-7" are those of one part of the programme.
        what, _dash, number = request.POST.get("what", "").partition("-")
        if what not in Paper.values:
            messages.error(request, _("Choose what to print."))
            return redirect("events:paper", pk=pk)
        part = parts.filter(pk=number_of(number)).first()
        if number and part is None:
            messages.error(request, _("This part is not in the programme any more. Nothing was printed."))
            return redirect("events:paper", pk=pk)
        try:
            content = print_names(event, Paper(what), part, by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
            return redirect("events:paper", pk=pk)
        return as_pdf(content, f"{what}-{pk}")
    context = {"event": event, "guests": coming(event, request.user).count()}
    context |= {"speakers": event.speakers.count(), "left_out": left_out(event, request.user)}
    context["parts"] = [(part, people_in(part)) for part in parts]
    context["trained"] = trained(event, request.user).count()
    return render(request, "events/paper.html", context)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
