"""HTML written by people: kept to an allow-list before it is stored and again before it is sent or shown."""

import re

import nh3
from django.utils.safestring import SafeString

ALLOWED = {
    "h2": set(), "h3": set(), "p": set(), "br": set(), "hr": set(), "strong": set(), "em": set(),
    "ul": set(), "ol": {"start"}, "li": set(), "blockquote": set(), "a": {"href", "title"},
    "table": set(), "tbody": set(), "tr": set(), "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
    # A picture is one of ours, by its number; what fetches from elsewhere there is none.
    "img": {"data-attachment", "alt"},
}  # fmt: skip

# Controls, and what shows the letters that follow in another order: a link could say one thing and be read as another.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# A picture that is none of ours would fetch from elsewhere or show nothing.
_STRANGE_PICTURE = re.compile(r"<img\b(?![^>]*\bdata-attachment=)[^>]*>", re.IGNORECASE)


def sanitise(html: str) -> SafeString:
    """Only headings, paragraphs, lists, tables, quotes, emphasis, links, own pictures; it may stand in a page."""
    cleaned = nh3.clean(
        _STRANGE_PICTURE.sub("", html),
        tags=set(ALLOWED),
        attributes={tag: names for tag, names in ALLOWED.items() if names},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "xml"},
    )
    return SafeString(_UNSEEN.sub("", cleaned))
