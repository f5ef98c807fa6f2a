import pytest

from accounts.models import User
from audit.history import history
from audit.log import log
from crm.actions.suppression import suppress
from tests.factories.mailings import make_draft, make_reader

pytestmark = pytest.mark.django_db


def actions(rows):
    return [row.entry.action for row in rows]


def test_history_is_of_one_record_the_newest_first(author):
    one, other = make_reader("one@navid.test"), make_reader("two@navid.test")
    draft = make_draft()
    log("crm.contact.changed", one, by=author)
    log("crm.contact.changed", other, by=author)

    assert actions(history(one)) == ["crm.contact.changed", "crm.contact.added"]
    assert actions(history(draft)) == ["mailings.audience.set", "mailings.version.saved", "mailings.mailing.created"]


def test_history_is_of_twenty_entries(author):
    contact = make_reader()
    for _ in range(25):
        log("crm.contact.changed", contact, by=author)

    assert len(history(contact)) == 20


def test_contact_page_has_its_history_with_the_stop_list(client_of, author):
    contact = make_reader("one@navid.test")
    suppress("one@navid.test", "manual", by=author)
    client = client_of(author)
    page = client.get(f"/contacts/{contact.pk}/history/", headers={"HX-Request": "true"})

    tab = client.get(f"/contacts/{contact.pk}/", {"tab": "crm:contact-history"}).content.decode()
    assert f"/contacts/{contact.pk}/history/" in tab
    assert actions(page.context["rows"]) == ["crm.address.suppressed", "crm.contact.added"]


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "no-script"])
def test_history_is_a_page_of_its_own_without_script(client_of, author, script):
    draft = make_draft()
    page = client_of(author).get(f"/mailings/{draft.pk}/history/", headers={"HX-Request": "true"} if script else {})

    assert ("<html" in page.content.decode()) is not script


@pytest.mark.parametrize("place", ["contacts", "mailings"])
def test_history_of_nothing_is_not_found(client_of, author, place):
    assert client_of(author).get(f"/{place}/5/history/").status_code == 404


def test_viewer_sees_the_contact_without_its_history(client_of):
    contact = make_reader()
    client = client_of(User.objects.create_user("viewer@payom.test", "x", name="Ольга В.", role="viewer"))
    tabs = ("mailings:contact-panel", "crm:contact-history")
    pages = [client.get(f"/contacts/{contact.pk}/", {"tab": tab}).content.decode() for tab in tabs]

    assert ["of-contact" in page for page in pages] == [True, False]
    assert ["/history/" in page for page in pages] == [False, False]
    assert client.get(f"/contacts/{contact.pk}/history/").status_code == 403


@pytest.mark.parametrize("times", [1, 3])
def test_history_takes_the_same_queries_whatever_its_length(client_of, author, django_assert_num_queries, times):
    contact = make_reader()
    for _ in range(times):
        log("crm.contact.changed", contact, by=author, changes={"kind": ["journalist", "partner"]})
    client = client_of(author)

    with django_assert_num_queries(9):
        client.get(f"/contacts/{contact.pk}/history/", headers={"HX-Request": "true"})
