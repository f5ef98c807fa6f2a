"""The form on the website. No account, no cookie, no script; whoever sends it learns nothing of what we know."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..actions.requests import add_request
from ..actions.requests_form import count_refusal
from ..desk_states import Source
from ..forms.requests_public import PublicRequestForm
from .senders import sends_too_much


@login_not_required
@csrf_exempt  # there is no session that another page could borrow; the form carries a signed time
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """A reporter asks. Robots, and who sends too much, see the same thanks and leave a number in a counter."""
    language = _language(request)
    with override(language):
        form = PublicRequestForm(request.POST if request.method == "POST" else None, initial={"language": language})
        context = {"form": form, "language": language}
        if request.method != "POST":
            return render(request, "public/press_request.html", context)
        reason = form.is_robot or ("limit" if form.is_valid() and sends_too_much(request, "press-form") else "")
        if reason:
            count_refusal(reason)
        elif form.is_valid():
            add_request(source=Source.FORM, by="reporter", **form.values())
        else:
            return render(request, "public/press_request.html", context, status=422)
        return render(request, "public/press_request.html", {"language": language, "is_sent": True})


def _language(request) -> str:
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
