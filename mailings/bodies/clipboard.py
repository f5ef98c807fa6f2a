"""What comes from a word processor or another page, in the tags that a letter knows, and made safe."""

import re

from core.html import sanitise

_TAGS = [
    (re.compile(rf"<(/?)(?:{names})(?=[\s/>])", re.IGNORECASE), rf"<\1{tag}")
    for names, tag in (("b", "strong"), ("i", "em"), ("h1", "h2"), ("h[4-6]", "h3"), ("div", "p"))
]
# Paragraphs that hold nothing are how word processors make room; once inside a list item, once around it.
_EMPTY = re.compile(r"<(p|h2|h3|li|strong|em)>(?:\s|&nbsp;|<br>)*</\1>")
_LAYERS = 3


def tidy(html: str) -> str:
    """Bold, italics and headings of other programs kept as ours; styles, comments and empty paragraphs dropped."""
    for pattern, tag in _TAGS:
        html = pattern.sub(tag, html)
    html = sanitise(html)
    for _layer in range(_LAYERS):
        html = _EMPTY.sub("", html)
    return html.strip()
