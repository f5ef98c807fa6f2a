from functools import partial

from . import origin


class OriginMiddleware:
    """Entries written for a page of staff say where the request came from; those of any other page never do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        origin.set_current(None)
        try:
            return self.get_response(request)
        finally:
            origin.set_current(None)

    def process_view(self, request, view, args, kwargs):
        if is_for_staff(request.resolver_match):
            origin.set_current(partial(origin.of, request))


def is_for_staff(match) -> bool:
    """Any page but those a recipient opens from a letter (config/public_urls.py), even when staff open one of them.

    Each room calls its own "public" or "public-" and its name.
    """
    return not any(name.partition("-")[0] == "public" for name in match.namespaces)
