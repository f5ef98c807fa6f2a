"""Applications to take part: the form that anybody with the link may send, and what staff decide."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from ..actions import joining
from ..actions.requests_form import count_refusal
from ..forms.joining import JoinForm
from ..states import WrongState
from .events import found
from .guests import verb
from .public import language_of, number_in
from .senders import sends_too_much


@login_not_required
@csrf_exempt  # there is no session that another page could borrow; the form carries a signed time
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """Somebody applies. Robots, and who has applied already, see the same thanks."""
    event = joining.event_of(number_in(joining.JOIN, token))
    if event is None:
        raise Http404
    language = language_of(request, settings.LANGUAGE_CODE)
    with override(language):
        form = JoinForm(request.POST or None, event=event, initial={"language": language})
        context = {"event": event, "form": form, "language": language, "token": token}
        context |= {"programme": list(event.programme.all()), "speakers": list(event.speakers.all())}
        context |= {"is_open": event.takes_answers(timezone.now())}
        if request.method != "POST" or not context["is_open"]:
            return render(request, "public/join.html", context)
        if reason := form.is_robot or ("limit" if form.is_valid() and sends_too_much(request, "join-form") else ""):
            count_refusal(reason)
            return render(request, "public/join.html", context | {"is_sent": True})
        if form.is_valid():
            try:
                joining.apply(event, form.applicant(), form.needs(), form.given())
            except WrongState as refusal:
                form.add_error(None, str(refusal))
            else:
                return render(request, "public/join.html", context | {"is_sent": True})
        return render(request, "public/join.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@requires(Right.EVENTS_EDIT)
@require_POST
def take(request, pk):
    return verb(request, pk, joining.take, _("They are on the list, and a letter says so."))


@requires(Right.EVENTS_EDIT)
@require_POST
def refuse(request, pk):
    return verb(request, pk, joining.refuse, _("Refused. A polite letter says so, without a reason."))


@requires(Right.EVENTS_EDIT)
@require_POST
def renew(request, pk):
    joining.renew_link(found(pk), by=request.user)
    messages.success(request, _("A new link is made. The former one opens nothing now."))
    return redirect("events:asks", pk=pk)
