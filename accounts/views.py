from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from core.rights import requires

from .forms import SettingsForm
from .roles import Right


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    # The demo room fills it: nothing is shown on a real installation.
    demo_accounts: list = []

    def get_context_data(self, **context):
        return super().get_context_data(demo_accounts=self.demo_accounts, **context)


@requires(Right.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def personal_settings(request):
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(request.user.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
