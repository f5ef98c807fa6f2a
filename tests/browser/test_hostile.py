"""A thousand hostile strings in every free-text field, by the product's own forms; Chromium looks at what shows them.

Pages are fetched by the test client and shown in bundles: forty on one page, under the headers of a real one. What got
into a page by a hole would run, open a dialog, breach the policy or fetch something there as it would on a page alone.
"""

import re
from html.parser import HTMLParser
from io import BytesIO
from itertools import cycle

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import CharField, TextField
from openpyxl import Workbook

from crm.models import ImportBatch
from demo import catcher
from jobs.running import work
from mailings.pipeline.send import send_due
from tests.architecture.addresses import ALL, everybody
from tests.factories.mailings import make_reader, make_started
from tests.hostile import COUNT, ELSEWHERE, STRINGS, is_hidden, packed, turns_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

# Says aloud what must not happen; a breach of the policy says so itself.
HOOK = """
for (const name of ["alert", "confirm", "prompt", "open", "print"])
  window[name] = (...words) => console.error(`hostile ${name}: ${words[0]}`);
"""
# What no template of ours has, and what leads out of the product's own pages by itself.
# The editor sets the widths of its tables itself.
PROBE = f"""is_letter => [...document.querySelectorAll("*")].filter(element =>
  [...element.attributes].some(({{name, value}}) =>
    /^on/i.test(name) || /^(data-)?hx-on/i.test(name) ||
    name === "style" && !is_letter && !element.closest(".ProseMirror") ||
    /^(href|src|action|formaction|data|xlink:href|srcdoc)$/i.test(name) &&
      (/^[\\s\\x00-\\x20]*(javascript|data|vbscript):/i.test(value) ||
       value.includes("{ELSEWHERE}") && !element.matches("a") && !value.startsWith("/"))))
  .map(element => element.outerHTML.slice(0, 200))"""
BUNDLE = 40
# Without its sandbox, so that a script in a letter would be noticed and not only kept from running.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


class Browser:
    """A signed-in page with ears, and a client that fetches what it is to show."""

    def __init__(self, page, client):
        self.page, self.client = page, client
        page.add_init_script(HOOK)
        page.context.on("page", lambda other: page.complaints.append(f"window: {other.url}"))
        page.on("dialog", self._refuse)
        # The panels of forty contacts at once would ask for forty pages.
        page.route("**/mailings/of-contact/**", lambda route: route.fulfill(body=""))

    def _refuse(self, dialog):
        self.page.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def show(self, answers, *, policy=None):
        """Bodies and titles of these answers, forty at a time, under the headers of the first."""
        answers = list(answers)
        for start in range(0, len(answers), BUNDLE):
            part = answers[start : start + BUNDLE]
            pages = [answer.content.decode() for answer in part]
            headers = {name: value for name, value in part[0].headers.items() if name != "Content-Length"}
            if policy:
                headers["Content-Security-Policy"] = policy
            self._show(bundle(pages, is_letter=bool(policy)), headers, len(pages), is_letter=bool(policy))

    def _show(self, html, headers, count, is_letter):
        self.page.route("**/bundle/", lambda route: route.fulfill(body=html, headers=headers))
        self.page.goto("/bundle/")
        assert self.page.locator("i[data-end]").count() == count  # none swallowed what follows it
        assert self.page.evaluate(PROBE, is_letter) == []
        self.page.unroute("**/bundle/")

    def visit(self, *addresses):
        """The real pages of the real server."""
        for address in addresses:
            answer = self.page.goto(address)
            assert answer.status < 500, address
            assert self.page.evaluate(PROBE, "/preview/" in address) == []

    def fill(self, address, **fields):
        return self.client.post(address, fields)


def bundle(pages: list[str], *, is_letter: bool) -> str:
    """One page with the titles and the contents of all; the sidebar, which says who is signed in, of each, too."""
    titles = "".join(re.search(r"<title>.*?</title>", page, re.DOTALL)[0] for page in pages)
    parts = [r"<body[^>]*>(.*)</body>"] if is_letter else [r"<main[^>]*>(.*)</main>", r'(<div class="me">.*?)</aside>']
    contents = ["".join(found[1] for part in parts if (found := re.search(part, page, re.DOTALL))) for page in pages]
    css = "letter" if is_letter else "desk"
    # What a page loads by itself belongs to the page: a bundle asks the server for nothing.
    contents = [re.sub(r'\bhx-(?:get|post)="[^"]*"', "", content) for content in contents]
    joined = "".join(f'<div class="{css}">{content}</div><i data-end></i>' for content in contents)
    head, _body, _rest = pages[0].partition("<body")
    return f'{head.replace("</head>", f"{titles}</head>")}<body class="{css}">{joined}</body></html>'


@pytest.fixture
def browser(open_browser, client_of):
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")  # thousands of commits that no power cut threatens
    user = everybody()
    return Browser(open_browser(user), client_of(user))


def ways(number: int) -> dict[str, str]:
    return {"emails": f"reader{number}@navid.test", "phones": "", "languages": "ru", "basis": "unknown"}


def hidden_characters() -> dict[str, str]:
    """Fields in which a character is kept that cannot be seen; a letter and a note may have lines."""
    found = {}
    for label in ("accounts", "crm", "mailings"):
        for model in apps.get_app_config(label).get_models():
            names = [field.name for field in model._meta.fields if isinstance(field, CharField | TextField)]
            for row in model.objects.values(*names):
                found |= {f"{model._meta.label}.{name}": repr(text) for name, text in row.items() if hides(name, text)}
    return found


def hides(name: str, text: object) -> bool:
    is_one = turns_round if name == "body" else is_hidden
    return isinstance(text, str) and any(is_one(char) for char in text if char not in "\r\n\t")


def test_there_are_a_thousand_and_each_is_there_once():
    assert (len(STRINGS), len(set(STRINGS))) == (COUNT, COUNT)


def test_the_hook_the_probe_and_the_bundle_notice_what_they_should(browser):
    """Without this their silence would prove nothing."""
    answer = browser.client.get("/settings/")
    answer.content = answer.content.replace(b"</h1>", b"</h1><img src=x onerror=alert(1)>", 1)

    with pytest.raises(AssertionError, match="onerror"):
        browser.show([answer])
    browser.page.evaluate("alert('said')")
    heard, browser.page.complaints[:] = list(browser.page.complaints), []

    assert any("hostile alert: said" in words for words in heard)
    assert any("Content Security Policy" in words for words in heard)


def test_settings_and_mailings(browser):
    """Names of staff stand on every page, so they change on the way."""
    # What stands in braces and is no merge field is refused, and shown as it was typed: that is looked at below.
    pages, letters, body = [], [], cycle(packed(4000, allowed=is_for_a_letter))
    for number, (name, job_title) in enumerate(zip(packed(150), packed(150, turn=7), strict=True)):
        me = {"name": name, "job_title": job_title, "language": "ru", "theme": "system"}
        assert browser.fill("/settings/", **me).status_code == 302
        if number % 4 == 0:
            pages.append(browser.client.get("/settings/"))
    for number, (title, subject) in enumerate(
        zip(*(packed(200, turn=turn, allowed=is_for_a_letter) for turn in (0, 5)), strict=True)
    ):
        address = browser.fill("/mailings/new/", title=title, kind="statement").headers["Location"]
        words = {"subject": subject, "preheader": title, "body": f"<p>{next(body)}</p>", "revision": 0}
        assert browser.fill(address, **words).status_code == 302
        letters.append(browser.client.get(address.replace("/text/", "/preview/")))
        if number % 4 == 0:
            pages.append(browser.client.get(address))

    browser.show([*pages, *(browser.client.get(f"/mailings/?page={page}") for page in range(2, 6))])
    browser.show(letters, policy=LETTER_POLICY)
    browser.visit("/", "/mailings/", "/settings/", address, address.replace("text", "preview"))
    assert hidden_characters() == {}


def is_for_a_letter(char: str) -> bool:
    return char not in "{}"


def test_contacts_and_their_letters(browser, smtp):
    """Names in pages and letters, and what mail servers answer: anybody may run one."""
    shown, replies = [], cycle(packed(400, allowed=is_for_smtp))
    for number, name in enumerate(packed(200)):
        fields = dict.fromkeys(["name", "organisation", "title", "source"], name)
        fields |= dict.fromkeys(["given_name", "city"], name[:100])
        answer = browser.fill("/contacts/new/", kind="partner", **fields, **ways(number))
        assert answer.status_code == 302, answer.context["form"].errors
        shown.append(answer.headers["Location"])
        if number % 2:
            smtp.refuse[f"reader{number}@navid.test"] = f"550 5.2.2 {next(replies)}"
    mailing = make_started("ru", kind=["partner"])
    send_due(seconds=60)
    for envelope in smtp.envelopes:
        catcher.keep(envelope.data)
    notes = [browser.fill(f"{shown[0]}edit/", name="x", kind="other", note=note, **ways(0)) for note in packed(9000)]
    addresses = [*shown, *(f"{address}edit/" for address in shown[::20])]
    lists = [f"/mailings/{mailing.pk}/deliveries/", f"/mailings/{mailing.pk}/recipients/", "/contacts/"]
    addresses += [f"{path}?page={page}" for path in lists for page in range(2, 6)]

    browser.show(map(browser.client.get, addresses))
    browser.show(map(browser.client.get, inbox_letters()), policy=LETTER_POLICY)
    browser.visit(*lists, *shown[:3], f"/mailings/{mailing.pk}/report/", "/", "/demo/inbox/")
    browser.visit(smtp.envelopes[0].message["List-Unsubscribe"].partition(",")[0].strip("<>"))
    assert {answer.status_code for answer in notes} == {302}
    assert mailing.deliveries.sent().count() == mailing.deliveries.failed().count() == len(shown) // 2
    assert hidden_characters() == {}


def is_for_smtp(char: str) -> bool:
    return char.isascii() and char.isprintable()


def inbox_letters() -> list[str]:
    return [f"/demo/inbox/{name}/body/" for name in catcher.names()]


def test_import(browser):
    """Cells, column titles, names of sheets and of the file."""
    book, columns = Workbook(), iter(packed(100, allowed=is_for_excel))
    short = cycle(packed(100, turn=3, allowed=is_for_excel))
    longer = [cycle(packed(200, turn=turn, allowed=is_for_excel)) for turn in range(4)]
    for number, name in enumerate(packed(31, allowed=is_for_a_sheet)[:15]):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(
            ["ФИО", "СМИ", "Должность", "Примечание", "Город", "e-mail"] + [next(columns, "") for _ in range(40)]
        )
        for _ in range(40):
            sheet.append([*map(next, longer), next(short), "r@navid.test <script>alert(1)</script>", "x"])
    content = BytesIO()
    book.save(content)
    for name in packed(150)[::60]:
        upload = SimpleUploadedFile(f"{name}.xlsx", content.getvalue())
        answer = browser.fill("/contacts/import/", file=upload, kind="journalist", basis="unknown")
        assert answer.status_code == 302
        waiting = browser.client.get(answer.headers["Location"])
        work()
    address = f"/contacts/import/{ImportBatch.objects.latest('pk').pk}/"
    review = [waiting, *(browser.client.get(f"{address}?show={tab}") for tab in ("created", "refused", "proposals"))]
    assert browser.client.post(f"{address}commit/").status_code == 302
    work()
    addresses = [f"{path}?page={page}" for path in (f"{address}result/", "/contacts/") for page in range(2, 14)]

    browser.show([*review, *map(browser.client.get, addresses)])
    browser.visit("/contacts/import/", f"{address}result/", "/contacts/", "/")
    assert next(columns, None) is None
    assert hidden_characters() == {}


def is_for_a_sheet(char: str) -> bool:
    return is_for_excel(char) and char not in "[]:*?/\\'"


def is_for_excel(char: str) -> bool:
    return char.isprintable() or is_hidden(char) and char >= "\x80" and char not in "\ue000"


def test_what_stands_in_the_address(browser):
    """Searches, filters, languages and tabs: whatever a link says that somebody sends."""
    make_reader()
    mailing = make_started("ru")
    names = ["q", "kind", "language", "city", "letters", "sort", "page", "state", "bounce", "domain", "reason", "show",
             "status", "lang", "next", "screen", "contact", "part"]  # fmt: skip
    paths = [path.replace("/1/", f"/{mailing.pk}/").replace("/x/", "/ru/") for path in ALL]
    answers = [browser.client.get(path, dict.fromkeys(names, words)) for words in packed(8000) for path in paths]

    # 400: to be led back to an address longer than a browser takes is refused.
    assert {answer.status_code for answer in answers} <= {200, 302, 400, 404, 405}
    browser.show(answer for answer in answers if b"</main>" in answer.content and answer.status_code == 200)


class Forms(HTMLParser):
    """The forms of a page that post: where to, and their fields with what stands in them."""

    FREE = {"text", "search", "email", "tel", "url", "password", "hidden", ""}

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self.is_open = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.is_open = attrs.get("method") == "post"
            self.found += [(attrs.get("action", ""), {}, set())] if self.is_open else []
        elif self.is_open and (name := attrs.get("name")):
            _action, fields, free = self.found[-1]
            kind = attrs.get("type", "")
            if tag in {"input", "button"} and (kind not in {"radio", "checkbox"} or "checked" in attrs):
                fields.setdefault(name, attrs.get("value", ""))
            if tag == "textarea" or tag == "input" and kind in self.FREE and name != "csrfmiddlewaretoken":
                free.add(name)

    def handle_endtag(self, tag):
        self.is_open = self.is_open and tag != "form"


def test_every_form_found_anywhere(browser):
    """Filled with hostile words in every free field, hidden ones too; what a refusal says is looked at like a page."""
    make_reader()
    mailing = make_started("ru")
    # After these nothing else would answer.
    answers, ends = [], {"/sign-out/", "/lockdown/"}
    filled = set(ends)
    for path in [path.replace("/1/", f"/{mailing.pk}/").replace("/x/", "/ru/") for path in ALL]:
        if path in ends or (page := browser.client.get(path)).status_code != 200:
            continue
        for action, fields, free in Forms(page.content.decode(errors="replace")).found:
            if not free or (action or path) in filled:
                continue
            filled.add(action or path)
            answers += [
                browser.client.post(action or path, fields | dict.fromkeys(free, words)) for words in packed(4000)
            ]

    assert {"/contacts/new/", "/mailings/new/", "/settings/"} <= filled
    assert {answer.request["PATH_INFO"] for answer in answers if answer.status_code in {405, 500}} == set()
    assert {answer.status_code for answer in answers} <= {200, 302, 400, 403, 404, 409, 422, 429}
    browser.show(answer for answer in answers if b"</main>" in answer.content)
