import pytest

from accounts.models import User
from core import panels


@pytest.mark.parametrize(("role", "shown"), [("editor", ["a", "b"]), ("member", ["a"])])
def test_a_panel_stands_only_where_the_person_may_look(monkeypatch, role, shown):
    monkeypatch.setattr(panels, "_panels", {"page": []})
    panels.register("page", panels.Panel("Open", "a"))
    panels.register("page", panels.Panel("Closed", "b", right="audit.history"))

    assert [panel.url_name for panel in panels.panels_of("page", User(role=role))] == shown


@pytest.mark.parametrize(("about", "shown"), [("member", ["a"]), ("editor", []), (None, [])])
def test_a_panel_about_people_of_one_right_stands_on_no_other_page(monkeypatch, about, shown):
    monkeypatch.setattr(panels, "_panels", {"page": [panels.Panel("Represents", "a", of="organisation.own")]})
    person = about and User(role=about)

    assert [panel.url_name for panel in panels.panels_of("page", User(role="editor"), about=person)] == shown
