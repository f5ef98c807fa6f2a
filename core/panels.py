"""Let an app hang a panel on another app's page, which knows only the address it is fetched from."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    title: str | Promise
    url_name: str
    # Who may see it; empty: everyone who sees the page.
    right: str = ""
    # On a person's page: it is about people who hold this right.
    of: str = ""


_panels: dict[str, list[Panel]] = defaultdict(list)


def register(page: str, panel: Panel) -> None:
    if panel not in _panels[page]:
        _panels[page].append(panel)


def panels_of(page: str, user: object, *, about: object = None) -> list[Panel]:
    """The panels of a page that open for this person; `about` is whom the page is about, if it is about somebody."""
    mine = [panel for panel in _panels[page] if not panel.right or user.has_perm(panel.right)]
    return [panel for panel in mine if not panel.of or about is not None and about.has_perm(panel.of)]
