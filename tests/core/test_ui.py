import re

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from fontTools.ttLib import TTFont

from accounts.models import User
from core import assets, navigation
from core.icons import ICONS
from core.styleguide import styleguide
from core.templatetags import ui

NBSP = "\u00a0"
NOT_SHOWN = {"cut", "dims", "htmx-request", "push", "table-wrap", "toasts"}


def render(source, request=None, **context):
    request = request or RequestFactory().get("/list/?q=a&page=2&sort=name")
    return engines["django"].from_string(source).render(context, request)


class Form(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="For letters")
    kind = forms.ChoiceField(choices=[("a", "A & B")], widget=forms.RadioSelect, required=False)
    agreed = forms.BooleanField(required=False)


def test_icon_is_decoration_without_a_label():
    html = render('{% icon "send" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#send" in html


def test_icon_with_a_label_is_an_image():
    assert 'role="img" aria-label="Close &amp; go"' in render('{% icon "x" label=label %}', label="Close & go")


def test_icon_refuses_a_name_outside_the_sprite():
    with pytest.raises(TemplateSyntaxError):
        render('{% icon "unicorn" %}')


def test_sprite_holds_every_icon_once():
    sprite = assets.sprite()
    assert [sprite.count(f'id="{name}"') for name in ICONS] == [1] * len(ICONS)
    assert sprite == assets.sprite()
    assert "style=" not in sprite


def test_source_serif_is_renamed_in_its_subset(tmp_path):
    only = {"tajik": assets.RANGES["tajik"]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "RANGES", only)
        assets._build_font(tmp_path, "desk-serif", *assets.FONTS["desk-serif"])
    font = TTFont(tmp_path / "desk-serif-tajik.woff2")
    named = {record.nameID: str(record) for record in font["name"].names}
    assert named[1] == "Desk Serif"
    assert not [text for number, text in named.items() if "Source" in text and number not in {0, 7, 13, 14}]
    assert set(font.getBestCmap()) == assets.code_points(only["tajik"])
    assert "Reserved Font Name" in (tmp_path / "desk-serif-OFL.txt").read_text()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ғайрат Субҳӣ", "ҒС"), ("Мехрона С.", "МС"), ("радио «Чашма»", "Ч"), ("анҷела", "А"), ("", ""), ("<b>", "B")],
)
def test_initials_are_two_letters(name, expected):
    assert ui.initials(name) == expected


def test_avatar_keeps_its_tint():
    html = render('{% avatar "Олег Рябинин" %}{% avatar "Анҷела Лолазор" "lg" %}')
    assert re.findall(r'class="([^"]*)"', html) == ["avatar avatar--2", "avatar avatar--3 avatar--lg"]


@pytest.mark.parametrize(
    "tag", ["avatar name", "badge name", "state name", "due name", "person name name", "percent_bar 5 label=name"]
)
def test_tags_escape_data(tag):
    assert "<script>" not in render("{% " + tag + " %}", name="<script>")


def test_badge_refuses_an_unknown_tone():
    with pytest.raises(TemplateSyntaxError):
        render('{% badge "x" "pink" %}')


def test_lang_tags_tell_the_full_name():
    html = render("{% lang_tags codes %}", codes=["tg", "xx"])
    assert ">тҷ</abbr>" in html
    assert 'title="xx"' in html


def test_bar_parts_never_exceed_the_whole():
    html = render("{% bar parts total=10 %}", parts=[(8, "ok", "a"), (8, "bad", "b")])
    assert 'width="80.00%"' in html
    assert 'x="80.00%" width="20.00%"' in html
    assert 'aria-label="a 8, b 8"' in html


def test_bar_of_nothing_is_empty():
    assert "<rect" not in render("{% bar parts %}", parts=[])
    assert 'width="0.00%"' in render("{% percent_bar 0 total=0 %}")


def test_card_escapes_its_title_and_keeps_its_content():
    html = render("{% card title=title %}<p>{{ title }}</p>{% endcard %}", title="<b>")
    assert "<p>&lt;b&gt;</p>" in html
    assert "<b>" not in html


def test_field_shows_the_hint_or_the_error():
    calm = render("{% field form.email %}", form=Form())
    wrong = render("{% field form.email %}", form=Form({"email": "x"}))
    assert 'aria-describedby="id_email_helptext"' in calm
    assert "field__error" not in calm
    assert 'id="id_email_error"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert 'id="id_email_helptext" hidden' in wrong


def test_field_of_choices_is_a_fieldset_with_escaped_labels():
    html = render("{% field form.kind %}", form=Form())
    assert "<fieldset" in html
    assert "A &amp; B" in html
    assert 'class="check"' in html


def test_field_of_one_box_has_its_label_beside_it():
    assert '<label class="choice"' in render("{% field form.agreed %}", form=Form())


def test_field_passes_attributes_to_the_control():
    assert 'data-count="70"' in render("{% field form.email data_count=70 %}", form=Form())


def test_error_summary_links_to_the_fields_and_takes_the_focus():
    html = render("{% error_summary form %}", form=Form({"email": "x"}))
    assert 'href="#id_email"' in html
    assert "autofocus" in html
    assert not render("{% error_summary form %}", form=Form()).strip()


def test_sort_header_turns_the_order_and_keeps_the_search():
    html = render('{% sort_header "Name" "name" %}{% sort_header "City" "city" %}')
    assert 'aria-sort="ascending"' in html
    assert "?q=a&amp;sort=-name" in html
    assert "?q=a&amp;sort=city" in html
    assert "page=" not in html


def test_pager_keeps_the_query():
    html = render("{% pager page %}", page=Paginator(range(120), 50).page(2))
    assert 'href="?q=a&amp;page=3&amp;sort=name"' in html
    assert 'rel="prev"' in html


def test_pager_of_one_page_is_nothing():
    assert not render("{% pager page %}", page=Paginator(range(3), 50).page(1)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("права и суд", f"права и{NBSP}суд"),
        ("и в суд", f"и{NBSP}в{NBSP}суд"),
        ("да — нет", f"да{NBSP}— нет"),
        ("1 284 письма", f"1{NBSP}284{NBSP}письма"),
        ("96,4 %", f"96,4{NBSP}%"),
        ("сегодня вечером", "сегодня вечером"),
    ],
)
def test_nbsp_joins_what_belongs_together(text, expected):
    assert ui.nbsp(text) == expected


def test_nbsp_leaves_the_escaping_on():
    assert render("{{ text|nbsp }}", text="<b>") == "&lt;b&gt;"


def test_mask_address_shows_only_the_ends():
    assert render("{{ address|mask_address }}", address="subhi@chashma.example") == "s•••i@chashma.example"


def test_navigation_shows_registered_entries_in_order(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation.Entry, "url", property(lambda self: f"/{self.url_name}/"))
    navigation.register(navigation.Entry("b", "Second", "users", order=20, prefix="/b/"))
    navigation.register(navigation.Entry("a", "First", "sun", order=10))
    html = render("{% navigation_links %}", RequestFactory().get("/b/5/"))
    assert html.index("First") < html.index("Second")
    assert html.count('aria-current="page"') == 1


def test_a_section_inside_another_one_is_where_the_person_is(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation.Entry, "url", property(lambda self: f"/{self.url_name}/"))
    navigation.register(navigation.Entry("b", "Outer", "users", order=10, prefix="/b/"))
    navigation.register(navigation.Entry("b/c", "Inner", "sun", order=20))
    html = render("{% navigation_links %}", RequestFactory().get("/b/c/"))
    assert re.findall(r'<a[^>]*href="([^"]*)"[^>]*aria-current="page"', html) == ["/b/c/"]


@pytest.mark.parametrize(
    ("role", "shown"),
    [("head", "abcd"), ("viewer", "acd"), ("member", "ac"), (None, "a")],
)
def test_navigation_shows_what_opens_for_the_person(monkeypatch, role, shown):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation.Entry, "url", property(lambda self: f"/{self.url_name}/"))
    rights = {"a": (), "b": "audit.view", "c": ("contacts.view", "organisation.own"), "d": "mailings.view"}
    for order, (name, right) in enumerate(rights.items()):
        navigation.register(navigation.Entry(name, name, "users", order=order, right=right))
    request = RequestFactory().get("/")
    request.user = User(role=role) if role else AnonymousUser()

    assert re.findall(r'href="/(.)/"', render("{% navigation_links %}", request)) == list(shown)


def test_styleguide_shows_every_component():
    response = styleguide(RequestFactory().get("/styleguide/?theme=dark"))
    shown = set(" ".join(re.findall(r'class="([^"]*)"', response.content.decode())).split())
    assert b'data-theme="dark"' in response.content
    assert components() - shown == set()


def components() -> set[str]:
    """The blocks of ui.css. Left out: what only places, and what only a script or htmx sets."""
    css = re.sub(r"/\*.*?\*/", "", (settings.ROOT / "static/css/ui.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = {name for name in re.findall(r"\.([a-z][\w-]*)", css) if "__" not in name and "--" not in name}
    return {name for name in blocks if not re.fullmatch(r"w-\d+", name)} - NOT_SHOWN
