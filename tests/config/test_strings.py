"""What the extraction finds, in Python and in templates, without gettext."""

import pytest

from config.strings import Found, Key, as_python, find, find_all


def in_template(source: str) -> list[Found]:
    return list(find(as_python(source), "t.html"))


def text(msgid: str, *, context: str | None = None, plural: str = "", path: str = "t.html") -> Found:
    return Found(Key(msgid, context), plural, path)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""{% translate "Save" %}""", text("Save")),
        ("""<p title="{% translate "It's" %}">it's "quoted" (</p>""", text("It's")),
        ("""{% translate 'May' context "month" %}""", text("May", context="month")),
        ("""{% translate "Name" as label %}""", text("Name")),
        ("""{{ value|default:_("none") }}""", text("none")),
        ("""{% button label=_("Go on") icon="arrow" %}""", text("Go on")),
        ("""{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}""", text("Hello %(name)s")),
        ("""{% blocktranslate %}100%{% endblocktranslate %}""", text("100%%")),
        ("""{% blocktranslate context "verb" %}Open{% endblocktranslate %}""", text("Open", context="verb")),
        (
            """
              {% blocktranslate trimmed count n=letters|length with who=name %}
                {{ who }} has {{ n }} letter
              {% plural %}
                {{ who }} has {{ n }} letters
              {% endblocktranslate %}
            """,
            text("%(who)s has %(n)s letter", plural="%(who)s has %(n)s letters"),
        ),
        (
            """{% blocktranslate count n=n context "x" %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}""",
            text("%(n)s day", context="x", plural="%(n)s days"),
        ),
    ],
)
def test_template(source, found):
    assert in_template(source) == [found]


def test_template_with_uneven_indents_is_read_to_its_end():
    source = """
            {% if a %}
      {% translate "One" %}
          {% else %}
  {% translate "Two" %}
            {% endif %}"""

    assert [found.key.msgid for found in in_template(source)] == ["One", "Two"]


def test_template_comment_is_left_alone():
    assert in_template("""{# {% translate "no" %} #}{% comment %}{% translate "no" %}{% endcomment %}""") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""_("Save" " all")""", text("Save all", path="x.py")),
        ("""gettext_lazy("Save")""", text("Save", path="x.py")),
        ("""pgettext_lazy("mailing", "Sent")""", text("Sent", context="mailing", path="x.py")),
        ("""ngettext("%(n)s day", "%(n)s days", n)""", text("%(n)s day", plural="%(n)s days", path="x.py")),
        ("""npgettext("c", "one", "many", n)""", text("one", context="c", plural="many", path="x.py")),
    ],
)
def test_python(source, found):
    assert list(find(source, "x.py")) == [found]


def test_python_variable_is_no_string():
    assert list(find("_(label)", "x.py")) == []


def test_own_sources_are_read():
    paths = {found.path for found in find_all()}

    assert {"accounts/models/user.py", "crm/models/contact.py", "templates/accounts/sign_in.html"} <= paths
