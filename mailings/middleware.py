"""Links and pictures of letters are answered before anybody asks for sessions, languages or people."""

from django.http import Http404
from django.urls import resolve

_PLACES = ("/l/", "/o/")
_URLS = "mailings.public_urls"


class VisitsMiddleware:
    """Stands before whatever costs time or touches the database, behind what makes an answer safe.

    What is wrong with a visit is told on the ordinary way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in {"GET", "HEAD"} and request.path_info.startswith(_PLACES):
            try:
                view, arguments, named = resolve(request.path_info, _URLS)
                return view(request, *arguments, **named)
            except Http404:
                pass
        return self.get_response(request)
