"""What happens to a request because of who makes it: language, presence, and whether the page is for them at all."""

from http import HTTPStatus

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from core.rights import rights_for

from . import devices, kept
from .adapters import has_second_factor
from .models import RolePolicy, User
from .roles import Right, Role, holders
from .sessions import PROVEN


class PersonalSettingsMiddleware:
    """The interface speaks the language that the signed-in person chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class PresenceMiddleware:
    """Notes that somebody is there, and gives a device that has just signed in its cookie.

    A page that asks by itself every few seconds shows that it is open, not that anybody sits before it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and "X-Poll" not in request.headers:
            request.session.note_presence()
        response = self.get_response(request)
        devices.set_cookie(request, response)
        return response


class KeptFormMiddleware:
    """Stands before the sign-in redirect: what an idle person posts is kept, and offered once they are back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        closed = getattr(view, "login_required", True) and not request.user.is_authenticated
        if closed and request.method == "POST" and not request.htmx and kept.keep(request):
            return redirect_to_login(reverse("accounts:kept-form"))
        return None


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
        if lacks_second_factor(request) and not getattr(view, "opens_without_factor", False):
            return redirect("mfa_index")
        rights = rights_for(view)
        if request.user.may(*rights):
            return None
        return refuse(request, rights)


class NotAPageMiddleware:
    """An address that only a form may send to is sometimes opened: the answer says so, in place of an empty page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            response.content = render_to_string("405.html")
        return response


def lacks_second_factor(request) -> bool:
    """Whether this person's role demands a second factor that is not set yet."""
    if request.session.get(PROVEN):
        return False
    if not RolePolicy.objects.demands_second_factor(request.user.role):
        return False
    if has_second_factor(request.user):
        request.session[PROVEN] = True
        return False
    return True


def refuse(request, rights: tuple[str, ...]):
    """Say which right is missing and who could help."""
    context = {"missing": [Right(right).label for right in rights], "helpers": _helpers(rights)[:3]}
    return render(request, "accounts/refused.html", context, status=403)


def _helpers(rights: tuple[str, ...]):
    """A head, where only a head does such things; else whoever gives rights. People who have joined."""
    of_heads = bool(rights) and all(holders(right) == [Role.HEAD] for right in rights)
    helpers = User.objects.active().filter(role=Role.HEAD) if of_heads else User.objects.with_right(Right.ACCOUNTS)
    return helpers.joined().order_by("name")
