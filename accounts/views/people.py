"""Who works here and what they may do."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.panels import panels_of
from core.rights import requires

from ..actions import people
from ..forms import PersonForm, RulesForm
from ..models import RolePolicy, User
from ..roles import Right


@requires(Right.ACCOUNTS)
@require_safe
def people_list(request):
    users, lacking = User.objects.with_factor().order_by("-is_active", "name"), bool(request.GET.get("lacking"))
    if lacking:
        users = users.without_demanded_factor()
    demanding = RolePolicy.objects.roles_with_second_factor()
    rows = [(user, user.role in demanding and not user.has_factor) for user in users]
    number = User.objects.count() if lacking else len(rows)
    chips = [{"label": _("Second factor"), "value": _("not set yet"), "without": request.path}] if lacking else []
    return render(request, "accounts/user_list.html", {"rows": rows, "chips": chips, "is_alone": number < 2})


@requires(Right.ACCOUNTS)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request):
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.invite(by=request.user, **form.cleaned_data)
        except people.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": user.email})
            return redirect("accounts:user-detail", pk=user.pk)
    return render(request, "accounts/user_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Right.ACCOUNTS)
@require_safe
def person(request, pk):
    user = get_object_or_404(User.objects.with_factor(), pk=pk)
    context = {
        "person": user,
        "sessions": user.sessions.alive().select_related("device"),
        "is_factor_demanded": RolePolicy.objects.demands_second_factor(user.role),
        "panels": panels_of("accounts.user", request.user, about=user),
    }
    return render(request, "accounts/user_detail.html", context)


@requires(Right.ACCOUNTS)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    user = get_object_or_404(User, pk=pk)
    # The form works on a copy: the action compares with what is in the database.
    form = PersonForm(request.POST or None, instance=get_object_or_404(User, pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            people.change(user, by=request.user, **form.cleaned_data)
        except people.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
            return redirect("accounts:user-detail", pk=pk)
    context = {"form": form, "person": user}
    return render(request, "accounts/user_form.html", context, status=422 if form.errors else 200)


def _step(request, pk, action, done):
    """Do one step with an account and say in one sentence what came of it."""
    user = get_object_or_404(User, pk=pk)
    try:
        result = action(user, by=request.user)
    except people.NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done(result))
    return redirect("accounts:user-detail", pk=pk)


@requires(Right.ACCOUNTS)
@require_POST
@reauthentication_required
def close(request, pk):
    return _step(request, pk, people.close, lambda _r: _("The account is closed, and signed out everywhere."))


@requires(Right.ACCOUNTS)
@require_POST
@reauthentication_required
def open_again(request, pk):
    return _step(request, pk, people.open_again, lambda _r: _("The account is open again."))


@requires(Right.ACCOUNTS)
@require_POST
@reauthentication_required
def send_link(request, pk):
    return _step(request, pk, people.send_link, lambda _r: _("The link is on its way. Links sent before are dead."))


@requires(Right.ACCOUNTS)
@require_POST
@reauthentication_required
def reset_second_factor(request, pk):
    def done(_result):
        return _("The second factor is removed. A new one is set at the next sign-in.")

    return _step(request, pk, people.reset_second_factor, done)


@requires(Right.ACCOUNTS)
@require_POST
def sign_out(request, pk):
    def done(ended):
        text = ngettext("Signed out on %(count)s device.", "Signed out on %(count)s devices.", ended)
        return text % {"count": ended}

    return _step(request, pk, people.sign_out_everywhere, done)


@requires(Right.ACCOUNTS)
@require_POST
@reauthentication_required
def show_link(request, pk):
    """The link of an invitation, to be handed over by another way. Only as long as nobody has used the account."""
    user = get_object_or_404(User, pk=pk, link_sent_at__isnull=False)
    try:
        link = people.show_link(user, by=request.user)
    except people.NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:user-detail", pk=pk)
    return render(request, "accounts/invitation_link.html", {"person": user, "link": link})


@requires(Right.ACCOUNTS)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request):
    """Which roles must have a second factor."""
    demanding = RolePolicy.objects.roles_with_second_factor()
    form = RulesForm(request.POST or None, initial={"second_factor": sorted(demanding)})
    if request.method == "POST" and form.is_valid():
        people.set_rules(set(form.cleaned_data["second_factor"]), by=request.user)
        messages.success(request, _("The rules are saved."))
        return redirect("accounts:user-list")
    return render(request, "accounts/rules.html", {"form": form}, status=422 if form.errors else 200)
