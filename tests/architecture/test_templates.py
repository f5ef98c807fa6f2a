"""What no page may carry (our CSP would block it), and how heavy a page may be."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.template import engines

from core import assets
from core.icons import ICONS
from core.templatetags.ui import KNOWN_ICONS

ROOT = Path(__file__).parents[2]
# Letters are read in mail programs: they need inline styles, and our CSP does not reach them.
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "email" not in path.relative_to(ROOT).parts)
# editor.css answers the editor library's own selectors, so its depth is theirs.
STYLES = sorted(path for path in (ROOT / "static/css").glob("*.css") if path.stem != "editor")
STAFF_CSS = ("tokens", "base", "ui", "app")
PUBLIC_CSS = ("tokens", "base", "ui", "public")
KB = 1024


def _classes_deep(selector: str) -> int:
    plain = re.sub(r"\[[^]]*\]|:[\w-]+\([^)]*\)", "", selector)
    return sum("." in part for part in re.split(r"[\s>+~]+", plain))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _without_comments(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->|/\*.*?\*/", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_writes_keys_without_thousands_separators(path):
    """From the thousandth contact on `{{ contact.pk }}` would write "1 725" into an address."""
    assert re.findall(r"\{\{ ?[\w.]*\.pk ?\}\}", _without_comments(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_has_no_inline_style_script_or_handler(path):
    text = _without_comments(path)
    assert not re.search(r"<style\b|\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    # A data block is no script: the policy lets it be, and so do we.
    assert not [tag for tag in scripts if "src=" not in tag and "application/json" not in tag]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_takes_nothing_from_other_servers(path):
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", _without_comments(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_names_only_icons_of_the_sprite(path):
    named = re.findall(r"""(?:\{% icon |icon_name=|\{% empty )["']([\w-]+)["']""", _without_comments(path))
    assert set(named) <= KNOWN_ICONS


def test_every_icon_of_the_sprite_is_named_somewhere():
    rooms = ("accounts", "audit", "core", "crm", "dashboard", "demo", "events", "jobs", "mailings")
    apps = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *apps])
    assert [name for name in ICONS if f'"{name}"' not in text] == []


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "405", "500"])
def test_error_page_needs_no_request_and_no_database(code):
    page = engines["django"].get_template(f"{code}.html").render()
    assert re.search(r"<title>(.+)</title>", page)[1] == re.search(r'<h1 class="blank__title">(.+)</h1>', page)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_compiles(path):
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "public" in path.parts], ids=_name)
def test_public_template_has_no_script(path):
    assert "<script" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_style_keeps_the_house_rules(path):
    text = _without_comments(path)
    selectors = re.findall(r"[^{};]+(?=\{)", text)
    assert "data:" not in text
    assert not [selector for selector in selectors if re.search(r"#[a-z]", selector)]
    assert not [one for selector in selectors for one in selector.split(",") if _classes_deep(one) > 2]
    if path.stem != "tokens":
        assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsl", text)


def test_fonts_in_css_are_the_ones_that_are_built():
    text = (ROOT / "static/css/base.css").read_text(encoding="utf-8")
    faces = re.findall(r'url\("../fonts/([\w-]+)\.woff2"\).*?unicode-range: ([^;]+);', text)
    assert dict(faces) == {
        f"{font}-{script}": ranges for font in assets.FONTS for script, ranges in assets.RANGES.items()
    }


@pytest.fixture(scope="module")
def built():
    assets.build(ROOT / "assets")
    return ROOT / "assets"


def _gz(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


def _fonts(folder: Path) -> int:
    return sum(
        (folder / f"fonts/{font}-{script}.woff2").stat().st_size
        for font in assets.FONTS
        for script in ("latin", "russian")
    )


def test_first_staff_page_fits_its_budget(built):
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    styles = [ROOT / f"static/css/{name}.css" for name in STAFF_CSS]
    script = ROOT / "static/js/app.js"
    page = 8 * KB
    assert _gz(script, htmx) <= 25 * KB
    assert _gz(*styles, script, htmx, built / "icons.svg") + _fonts(built) + page <= 120 * KB


def test_public_page_fits_its_budget(built):
    styles = [ROOT / f"static/css/{name}.css" for name in PUBLIC_CSS]
    page = 3 * KB
    assert _gz(*styles, built / "icons.svg") + _fonts(built) + page <= 85 * KB
