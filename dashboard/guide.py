"""The guide for those who use Payom: pages of Markdown in three languages, shown in the interface's own."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent.parent / "docs" / "guide"
# In the order in which somebody new needs them.
PAGES = (
    "contacts",
    "import",
    "duplicates",
    "segments",
    "wishes",
    "preferences",
    "writing",
    "mailings",
    "reports",
    "incoming",
    "evidence",
    "greetings",
    "events",
    "requests",
    "accounts",
    "safety",
)
_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Page:
    name: str
    title: str
    body: SafeString


def pages() -> list[Page]:
    """All pages in the language of whoever reads."""
    return _pages(get_language() or settings.LANGUAGE_CODE)


@cache
def _pages(language: str) -> list[Page]:
    return [_page(name, FOLDER / language / f"{name}.md") for name in PAGES]


def _page(name: str, file: Path) -> Page:
    """The first line is the title, and stands on the page by itself."""
    title, _, text = file.read_text().partition("\n")
    # Ours, and no HTML is let through: nothing of it can be active.
    return Page(name, title.removeprefix("# "), SafeString(_markdown.render(text)))
