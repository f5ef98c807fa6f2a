"""Tags of the interface, built in to every template. Each one has a row in /styleguide/."""

import re
from functools import lru_cache
from zlib import crc32

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, HiddenInput, RadioSelect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import addresses, navigation
from core.html import sanitise
from core.icons import ICONS

register = template.Library()

KNOWN_ICONS = frozenset(ICONS) | {"mark"}
TONES = frozenset(["", "accent", "gold", "ok", "bad", "info", "plum", "line", "off"])
NOTICE_ICONS = {
    "info": "info",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "ok": "circle-check",
    "plum": "git-merge",
}
LANGUAGES = {
    "tg": ("тҷ", _("Tajik")),
    "ru": ("ру", _("Russian")),
    "en": ("en", _("English")),
}


# Small marks


@register.simple_tag
def icon(name: str, label="", css: str = "icon"):
    """An icon of the sprite; with a label it is an image, without one it is decoration."""
    if name not in KNOWN_ICONS:
        raise template.TemplateSyntaxError(f"No icon {name!r}: add it to core/icons.py")
    url = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, url)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, url)


@register.simple_tag
def mark():
    return icon("mark", css="mark")


@register.filter
def initials(name) -> str:
    """Two letters of a name; quotation marks and small words do not count."""
    words = [word for word in re.findall(r"[\w-]+", str(name)) if word[:1].isupper() or word[:1].isdigit()]
    words = words or re.findall(r"\w+", str(name))
    return "".join(word[0] for word in words[:2]).upper()


@register.simple_tag
def avatar(name, size: str = ""):
    """Initials in one of six tints, the same name always in the same; size sm, lg or xl."""
    css = f"avatar avatar--{crc32(str(name).encode()) % 6}" + (f" avatar--{size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(name))


@register.inclusion_tag("components/person.html")
def person(name, line="", url="", phone_line="", mark="", mark_label="", phone_lead=""):
    """Avatar, name, perhaps an icon behind it, and one line; on a phone between `phone_lead` and `phone_line`."""
    on_phone = {"phone_lead": phone_lead, "phone_line": phone_line}
    return {"name": name, "line": line, "url": url, "mark": mark, "mark_label": mark_label} | on_phone


@register.simple_tag
def badge(label, tone: str = "", icon_name: str = "", dot: bool = False):
    """A pill: tone accent, gold, ok, bad, info, plum or line."""
    css = "badge" + (f" badge--{_tone(tone)}" if tone else "") + (" badge--dot" if dot else "")
    return format_html('<span class="{}">{}{}</span>', css, icon(icon_name) if icon_name else "", label)


@register.simple_tag
def state(label, tone: str = ""):
    """A dot and a word; tone `off` is a hollow dot."""
    return format_html('<span class="state{}">{}</span>', f" state--{_tone(tone)}" if tone else "", label)


@register.simple_tag
def due(label, level: str = ""):
    """A clock and words; level "" (later), `soon` (under a day) or `late` (under twelve hours, or over)."""
    return format_html('<span class="due{}">{}{}</span>', f" due--{level}" if level else "", icon("clock"), label)


@register.simple_tag
def lang_tags(codes):
    """Short language tags with their full names, of a list of codes or of "tg ru"."""
    return _lang_tags(tuple(codes.split() if isinstance(codes, str) else codes), get_language())


@lru_cache(maxsize=200)
def _lang_tags(codes: tuple[str, ...], _interface: str) -> str:
    names = (LANGUAGES.get(code, (code, code)) for code in codes)
    tags = format_html_join("", '<abbr class="lang" title="{1}">{0}</abbr>', names)
    return format_html('<span class="langs">{}</span>', tags)


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"No tone {tone!r}")
    return tone


# Bars: lengths are SVG attributes, since inline styles are forbidden


@register.simple_tag
def bar(parts, total=None, label="", size: str = ""):
    """Parts of a whole, each (value, tone, label), as one bar."""
    parts = list(parts)
    total = total or sum(value for value, *_rest in parts) or 1
    label = label or ", ".join(f"{name} {value}" for value, _tone_name, name in parts)
    rects, start = [], 0.0
    for value, tone, _name in parts:
        width = min(100 * float(value) / float(total), 100 - start)
        rects.append((f"{start:.2f}", f"{width:.2f}", _tone(tone)))
        start += width
    rect = '<rect class="bar__part bar__part--{2}" x="{0}%" width="{1}%" height="100%"></rect>'
    body = format_html_join("", rect, rects)
    css = "bar" + (f" bar--{size}" if size else "")
    return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', css, label, body)


@register.simple_tag
def percent_bar(value, total=100, tone: str = "accent", label=""):
    """One part of a whole."""
    return bar([(value or 0, tone, label)], total or 1, label or f"{100 * (value or 0) / (total or 1):.0f} %")


# Blocks


@register.simple_block_tag
def card(content, title="", note="", css: str = "", flush: bool = False, line: bool = False):
    """A card; `flush` lets rows and tables touch its edges, `line` draws one under the head."""
    return _component("card", content=content, title=title, note=note, css=css, flush=flush, line=line)


@register.simple_block_tag
def notice(content, tone: str = "info", title="", icon_name: str = "", css: str = ""):
    """A message that stays: info, warn, bad, ok or plum."""
    return _component("notice", content=content, tone=tone, title=title, icon=icon_name or NOTICE_ICONS[tone], css=css)


@register.simple_block_tag
def empty(content, icon_name: str = "inbox", title=""):
    """What will be here and how to start; also for errors, with the icon wifi-off."""
    return _component("empty", content=content, icon=icon_name, title=title)


@register.inclusion_tag("components/skeleton.html")
def skeleton(rows: int = 4):
    return {"rows": range(rows)}


def _component(name: str, **context):
    return render_to_string(f"components/{name}.html", context)


# Forms


@register.simple_tag
def field(bound_field, **attrs):
    """A whole field of a form: label, control, hint or error. Attributes go to the control, `_` is written for `-`."""
    widget = bound_field.field.widget
    widget.attrs.update({name.replace("_", "-"): value for name, value in attrs.items()})
    return bound_field.as_field_group()


@register.filter
def control(bound_field, css: str = ""):
    """The bare control with its class, for table cells and toolbars."""
    widget = bound_field.field.widget
    name = "check" if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple) else "control"
    if isinstance(widget, HiddenInput):
        name = ""
    classes = " ".join(filter(None, [name, css, widget.attrs.get("class", "")]))
    return bound_field.as_widget(attrs={"class": classes} if classes else {})


@register.filter
def kind(bound_field) -> str:
    """How a field is laid out: check, choices or text."""
    widget = bound_field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "text"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form, title: str = ""):
    return {"form": form, "title": title}


# Lists


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context, label, key: str, css: str = "", default: str = ""):
    """A table head that sorts by ?sort=key, then by ?sort=-key; `default` is the order used when nothing is asked."""
    asked = context["request"].GET.get("sort") or default
    order = {key: "ascending", f"-{key}": "descending"}.get(asked, "")
    following = f"-{key}" if asked == key else key
    return {"request": context["request"], "label": label, "order": order, "following": following, "css": css}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page_obj):
    return {"request": context["request"], "page": page_obj}


@register.filter
def mask_address(address) -> str:
    return addresses.mask(str(address))


# Typography

_SHORT_WORD = re.compile(r"(?<![\w-])([^\W\d_]{1,2}) (?=[\w«„\"(])")
_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|%|[^\W\d_])")


@register.filter(is_safe=True)
def nbsp(text) -> str:
    """No-break spaces after one- and two-letter words, before a dash, inside numbers and before their units."""
    text = str(text)
    for _pass in range(2):  # Two short words in a row share a space with the first match.
        text = _SHORT_WORD.sub("\\1\u00a0", text)
    return _NUMBER.sub("\u00a0", text.replace(" —", "\u00a0—"))


@register.filter
def cleaned(html):
    """HTML that people wrote, through the allow-list, ready to stand in a page."""
    return sanitise(str(html))


# Rights


@register.inclusion_tag("components/why_not.html", takes_context=True)
def why_not(context, *rights: str):
    """Why buttons of this page are not there for somebody: nothing where all of these rights are held."""
    user = context["request"].user
    return {"missing": next((right for right in rights if not user.has_perm(right)), "")}


# The shell


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation_links(context, place: str = "sidebar"):
    request = context.get("request")
    path = getattr(request, "path", "")
    mine = [entry for entry in navigation.entries() if entry.is_for(getattr(request, "user", None))]
    # Of a section and one that lies inside it, the inner one is where the person is.
    here = max((entry for entry in mine if entry.is_current(path)), key=lambda entry: len(entry.url), default=None)
    links = [{"entry": entry, "current": entry is here} for entry in mine]
    return {"links": links, "place": place, "first": links[:4], "rest": links[4:]}
