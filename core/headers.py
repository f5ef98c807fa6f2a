"""Headers of every page: nothing stays in a browser's cache, nothing of the device is open, no other site embeds us."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

# A security key asks for two; the rest of what a browser could open to a page is closed.
PERMISSIONS = ", ".join(
    [f"{name}=()" for name in ("camera", "microphone", "geolocation", "usb", "payment")]
    + [f"publickey-credentials-{name}=(self)" for name in ("get", "create")]
)
# Not "cookies": the one by which a browser is known again stays after signing out.
FORGET = '"cache", "storage"'


class HeadersMiddleware:
    """Stands after WhiteNoise, so that static files keep their caches; a view may set its own Cache-Control."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "signed_out", False):
            response.headers.setdefault("Clear-Site-Data", FORGET)
        return response


@receiver(user_logged_out)
def note(request, **_signal):
    """Whatever signs somebody out, the answer tells their browser to forget what it has kept."""
    if request is not None:
        request.signed_out = True
