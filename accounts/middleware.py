"""What happens to a request because of who makes it: language, and whether the page is for this person at all."""

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.utils import translation

from core.rights import rights_for

from .models import User
from .roles import Right


class PersonalSettingsMiddleware:
    """The interface speaks the language that the signed-in person chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class RightsMiddleware:
    """Opens a page only to those who hold a right that its view names. A view that names none opens for nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_current:
            logout(request)
            return redirect_to_login(request.get_full_path())
        rights = rights_for(view)
        if request.user.may(*rights):
            return None
        return refuse(request, rights)


def refuse(request, rights: tuple[str, ...]):
    """Say which right is missing and who could help."""
    context = {
        "missing": [Right(right).label for right in rights],
        "helpers": User.objects.with_right(Right.ACCOUNTS).order_by("name")[:3],
    }
    return render(request, "403.html", context, status=403)
