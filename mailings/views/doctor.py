"""How our domain and this machine are: for who looks after the installation."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..models import Checkup
from ..pipeline import doctor


@requires(Right.ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request):
    """What was found last, and what this machine tells at once; a POST looks at the letter that was pasted."""
    last = Checkup.objects.first()
    pasted = request.POST.get("letter", "").strip()
    signed = doctor.look_at_letter(pasted.encode()) if pasted else doctor.not_looked_at()
    found = [doctor.from_json(kept) for kept in last.findings] if last else []
    outside = [doctor.told(finding) for finding in found]
    inside = [doctor.told(finding) for finding in doctor.inside()]
    context = {
        "last": last,
        "is_looking": last is not None and last.is_looking,
        "outside": outside,
        "signed": doctor.told(signed),
        "inside": inside,
        "wrong": sum(one["state"] == "error" for one in [*outside, *inside]),
        "letter": pasted,
    }
    status = 422 if request.method == "POST" and not pasted else 200
    return render(request, "mailings/doctor.html", context | {"nothing_pasted": status == 422}, status=status)


@requires(Right.ACCOUNTS)
@require_POST
def look(request):
    actions.ask_for_checkup(by=request.user)
    return redirect("mailings:doctor")
