from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import urlize
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.roles import Right
from core.rights import requires

from . import catcher

_LETTER_CSP = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF],
    "frame-ancestors": [SELF],
    # Links in a letter open as the reader's click would: in a tab of their own, outside the frame's limits.
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@requires(Right.DESK)
@require_safe
def inbox(request, name=None):
    """The letters as they arrived, the newest first, and one of them open."""
    page = Paginator(catcher.names(), 30).get_page(request.GET.get("page"))
    letters = [letter for letter in map(catcher.read, page.object_list) if letter]
    opened = catcher.read(name) if name else next(iter(letters), None)
    if name and opened is None:
        raise Http404
    return render(
        request, "demo/inbox.html", {"page_obj": page, "letters": letters, "opened": opened, "chosen": bool(name)}
    )


@requires(Right.DESK)
@require_safe
@xframe_options_sameorigin
@csp(_LETTER_CSP)
def letter(request, name):
    found = catcher.read(name)
    if found is None:
        raise Http404
    return HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1) or _as_page(found.text))


def _as_page(text):
    """A letter that has no HTML part: its text, with the links in it."""
    return format_html(
        '<!doctype html><html><head><base target="_blank"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body {{ margin: 24px 32px; background: white; color: black }}"
        " pre {{ font: 16px/1.5 sans-serif; white-space: pre-wrap; overflow-wrap: anywhere }}</style>"
        "</head><body><pre>{}</pre></body></html>",
        urlize(text),
    )
