from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from audit.log import log
from audit.models import Entry
from crm.models import Contact
from tests.factories.mailings import make_draft, make_reader, person

pytestmark = pytest.mark.django_db
DUSHANBE = ZoneInfo("Asia/Dushanbe")


@pytest.fixture
def client(client_of, head):
    return client_of(head)


@pytest.fixture
def administrator(client_of, db):
    """Sees the journal, but neither contacts nor letters."""
    return client_of(User.objects.create_user("admin@payom.test", "x", name="Сергей К.", role="administrator"))


def rows(page):
    """What the test did; signing in for it is an entry too."""
    return [row for row in page.context["rows"] if row.entry.action != "accounts.signed_in"]


def actions(page):
    return [row.entry.action for row in rows(page)]


def text(page) -> str:
    return page.content.decode()


@pytest.fixture
def lived(author, head):
    """An entry of every sort, by two people and a recipient."""
    contact = Contact.objects.create(name="Ғайрат Субҳӣ")
    log("crm.contact.changed", contact, by=author, changes={"city": ["Хорог", "Панҷакент"]}, source="Ёвон")
    log("crm.contact.revealed", contact, by=head)
    log("crm.contacts.exported", by=head, count=412, filter={"city": ["Куляб"]}, reason="Конференция", mark="a1b2")
    log("accounts.sign_in.refused", by="сосед", reason="password")
    log("crm.address.suppressed", by="recipient", changes={"reason": [None, "unsubscribed"]})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "export"}, ["crm.contacts.exported"]),
        ({"by": "recipient"}, ["crm.address.suppressed"]),
        ({"q": "субхи"}, ["crm.contact.revealed", "crm.contact.changed"]),
        ({"q": "gayrat subhi"}, ["crm.contact.revealed", "crm.contact.changed"]),
        ({"q": "crm.contacts"}, ["crm.contacts.exported"]),
        ({"q": "нет такого"}, []),
        ({"kind": "write", "q": "субхи"}, ["crm.contact.changed"]),
        ({"kind": "gossip"}, 5),
        ({"since": "2026-13-45"}, 5),
        ({"by": "99"}, 5),
    ],
    ids=str,
)
def test_filters_narrow_the_journal(client, lived, query, found):
    shown = actions(client.get("/journal/", query))

    assert (len(shown) if isinstance(found, int) else shown) == found


def test_search_finds_an_action_by_its_words(client, lived, head):
    head.language = "en"
    head.save()

    assert actions(client.get("/journal/", {"q": "taken out"})) == ["crm.contacts.exported"]


def test_filter_by_person_knows_them_by_account_and_newest_name(client, lived, author):
    author.name = "Мехрона Саидова"
    author.save()
    log("crm.contact.added", by=author)
    page = client.get("/journal/", {"by": author.pk})

    assert actions(page) == ["crm.contact.added", "crm.contact.changed"]
    assert [chip.value for chip in page.context["chips"]] == ["Мехрона Саидова"]


def test_days_are_days_of_dushanbe(client):
    for hour in (datetime(2026, 5, 7, 0, 30, tzinfo=DUSHANBE), datetime(2026, 5, 8, 0, 30, tzinfo=DUSHANBE)):
        Entry.objects.create(
            at=hour, action="crm.contact.added", by="test", kind="write", keep_until=timezone.now() + timedelta(days=9)
        )
    page = client.get("/journal/", {"since": "2026-05-07", "until": "2026-05-07"})

    assert [timezone.localtime(row.entry.at).day for row in rows(page)] == [7]
    assert [chip.value for chip in page.context["chips"]] == ["07.05.2026", "07.05.2026"]


def test_row_shows_before_and_after_in_words(client_of, head):
    contact = make_reader(city="Хорог")
    log("crm.contact.changed", contact, by=head, changes={"kind": ["journalist", "partner"], "note": [None, 1240]})
    row = client_of(head).get("/journal/").context["rows"][1]

    assert [(change.label, change.before, change.after) for change in row.changes] == [
        ("Кто", "Журналист", "Партнёр"),
        ("Примечание", "—", "1\xa0240"),
    ]


def test_row_leads_to_its_record(client):
    contact, draft = make_reader(), make_draft()
    shown = {row.url for row in rows(client.get("/journal/"))}

    assert shown == {f"/contacts/{contact.pk}/", f"/mailings/{draft.pk}/"}


def test_who_signs_in_is_named_once(client, head):
    row = client.get("/journal/").context["rows"][0]

    assert (row.entry.action, row.author, row.label) == ("accounts.signed_in", head.name, "")


def test_htmx_gets_the_table_alone(client, lived):
    page = client.get("/journal/", headers={"HX-Request": "true"})

    assert ("<html" in text(page), "results" in text(page)) == (False, True)


def test_journal_without_a_fitting_entry_says_what_to_do(client):
    assert 'href="/journal/"' in text(client.get("/journal/", {"q": "нет такого"})).partition("blank__title")[2]


@pytest.mark.parametrize("role", ["editor", "member", "viewer"])
def test_journal_is_closed_to_others(client_of, role):
    other = User.objects.create_user("other@payom.test", "x", name="Д.", role=role)

    assert client_of(other).get("/journal/").status_code == 403


def test_administrator_sees_that_it_happened_and_not_to_whom(administrator, lived):
    page = administrator.get("/journal/")

    assert len(actions(page)) == 5
    assert [word for word in ("Субҳӣ", "Хорог", "Панҷакент", "Ёвон") if word in text(page)] == []
    assert [row.is_hidden for row in rows(page)] == [True, False, True, True, True]


def test_head_sees_the_same_entries_whole(client, lived):
    page = client.get("/journal/")

    assert [word for word in ("Субҳӣ", "Хорог", "Панҷакент", "Ёвон") if word not in text(page)] == []
    assert [row.is_hidden for row in rows(page)] == [False] * 5


def test_administrator_sees_every_export_with_filter_count_reason_and_mark(administrator, lived):
    page = text(administrator.get("/journal/", {"kind": "export"}))

    assert [word for word in ("Куляб", "412", "Конференция", "a1b2") if word not in page] == []


def test_search_tells_the_administrator_nothing_about_who_is_in_the_list(administrator, lived):
    assert actions(administrator.get("/journal/", {"q": "субхи"})) == []


def test_viewing_rights_of_one_room_open_that_room_alone(client_of, author, monkeypatch):
    make_reader(name="Ғайрат Субҳӣ")
    make_draft()
    monkeypatch.setattr("accounts.models.user.rights_of", lambda *_, **__: frozenset({"audit.view", "mailings.view"}))
    page = client_of(author).get("/journal/")

    assert {row.label for row in rows(page)} == {"", "Заявление"}


def test_records_that_a_model_keeps_from_a_person_stay_hidden(client, lived, monkeypatch):
    monkeypatch.setattr(
        type(Contact.objects.all()), "visible_to", lambda queryset, user: queryset.none(), raising=False
    )
    monkeypatch.setattr(
        type(Contact.objects), "visible_to", lambda manager, user: manager.get_queryset().none(), raising=False
    )

    assert {row.label for row in rows(client.get("/journal/"))} == {""}
    assert actions(client.get("/journal/", {"q": "субхи"})) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_journal_takes_the_same_queries_whatever_the_size(client, django_assert_num_queries, rows):
    for _ in range(rows):
        log("crm.contact.changed", Contact.objects.create(name="Умар"), by=person("author@payom.test"))
    client.get("/journal/")

    with django_assert_num_queries(7):
        client.get("/journal/")


def test_reading_the_journal_writes_nothing(client, lived):
    before = list(Entry.objects.values())
    client.get("/journal/", {"q": "субхи"})

    assert list(Entry.objects.values()) == before


def test_a_page_holds_fifty(client):
    for _ in range(51 - Entry.objects.count()):
        log("crm.contact.added", by="test")

    assert [len(client.get("/journal/", {"page": page}).context["rows"]) for page in (1, 2)] == [50, 1]
