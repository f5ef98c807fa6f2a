"""The card of what a person does not want, and the two stop lists."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.actions.stops import add_rule, remember
from crm.actions.suppression import suppress
from crm.models import StopRule, Suppression, Topic
from tests.factories.contacts import make_contact, make_everybody, make_staff

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ADDRESS = "subhi@chashma.test"


@pytest.fixture
def subhi():
    return make_contact("Субҳӣ", emails=[ADDRESS])


@pytest.fixture
def marzia():
    return make_contact("Марзия", sensitivity="sealed", emails=["marzia@tanho.test"])


def typed(**changed):
    return {"scope": "everything", "topic": "", "channel": "", "until_on": "", "reason": ""} | changed


def kept():
    return list(StopRule.objects.in_force().values_list("scope", "text"))


def is_checked(page, scope):
    return f'id="consent-{scope}"' in page and "checked" in page.split(f'id="consent-{scope}"')[1].split(">")[0]


# The switches


def test_switch_off_is_a_rule_at_once(subhi, client_of, author):
    answer = client_of(author).post(f"/contacts/{subhi.pk}/stops/switch/", {"scope": "greetings"})

    assert (answer.url, kept()) == (f"/contacts/{subhi.pk}/#consent", [("greetings", "")])


def test_switch_with_htmx_brings_the_card_as_it_now_is(subhi, client_of, author):
    client = client_of(author)
    card = client.post(f"/contacts/{subhi.pk}/stops/switch/", {"scope": "greetings"}, headers=HTMX).content.decode()

    assert {scope: is_checked(card, scope) for scope in ("bulk", "invitations", "greetings")} == {
        "bulk": True,
        "invitations": True,
        "greetings": False,
    }


def test_no_mailings_means_no_invitations_and_no_greetings(subhi, client_of, author):
    add_rule(subhi, scope="bulk", by=author)
    page = client_of(author).get(f"/contacts/{subhi.pk}/").content.decode()

    assert [is_checked(page, scope) for scope in ("bulk", "invitations", "greetings")] == [False, False, False]


def test_editor_cannot_switch_on_again_and_reads_why(subhi, client_of, author):
    add_rule(subhi, scope="bulk", by=author)
    client = client_of(author)
    refusal = client.post(f"/contacts/{subhi.pk}/stops/switch/", {"scope": "bulk", "wants": "on"})
    page = client.get(f"/contacts/{subhi.pk}/").content.decode()

    assert (refusal.status_code, kept(), "#contacts.lift" in page) == (403, [("bulk", "")], True)


def test_head_switches_on_every_rule_of_the_kind(subhi, client_of, author, head):
    add_rule(subhi, scope="bulk", until_on=timezone.localdate(), by=author)
    add_rule(subhi, scope="bulk", by=author)
    add_rule(subhi, scope="greetings", by=author)
    client_of(head).post(f"/contacts/{subhi.pk}/stops/switch/", {"scope": "bulk", "wants": "on"})

    assert kept() == [("greetings", "")]


def test_switch_there_is_not_is_not_found(subhi, client_of, author):
    answer = client_of(author).post(f"/contacts/{subhi.pk}/stops/switch/", {"scope": "topic"})

    assert (answer.status_code, kept()) == (404, [])


# The form


def test_rule_with_topic_day_and_reason_is_kept(subhi, client_of, author):
    topic, day = Topic.objects.named("Армия"), timezone.localdate() + timedelta(days=9)
    data = typed(scope="topic", topic=topic.pk, until_on=day.isoformat(), reason="Сказал сам")
    client_of(author).post(f"/contacts/{subhi.pk}/stops/", data)

    assert list(StopRule.objects.values_list("contact", "scope", "topic", "until_on", "text", "set_by")) == [
        (subhi.pk, "topic", topic.pk, day, "Сказал сам", author.pk)
    ]


def test_topic_of_another_scope_is_left_out(subhi, client_of, author):
    topic = Topic.objects.named("Армия")
    client_of(author).post(f"/contacts/{subhi.pk}/stops/", typed(scope="bulk", topic=topic.pk, channel="phone"))

    assert list(StopRule.objects.values_list("scope", "topic", "channel")) == [("bulk", None, "")]


@pytest.mark.parametrize(
    "wrong",
    [{"scope": "topic"}, {"scope": "channel"}, {"until_on": "2020-01-01"}, {"until_on": "скоро"}, {"scope": ""}],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_refused_comes_back_as_typed(subhi, client_of, author, wrong, headers):
    answer = client_of(author).post(
        f"/contacts/{subhi.pk}/stops/", typed(reason="Слова не пропали") | wrong, headers=headers
    )

    assert (answer.status_code, "Слова не пропали" in answer.content.decode(), kept()) == (422, True, [])


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
@pytest.mark.parametrize("path", ["stops/", "stops/switch/"])
def test_who_does_not_edit_stops_nothing(subhi, client_of, role, path):
    answer = client_of(make_staff(role)).post(f"/contacts/{subhi.pk}/{path}", typed(scope="greetings"))

    assert (answer.status_code, kept()) == (403, [])


def test_viewer_sees_the_card_and_nothing_to_press(subhi, client_of, author):
    add_rule(subhi, scope="greetings", reason="Траур", by=author)
    page = client_of(make_staff("viewer")).get(f"/contacts/{subhi.pk}/").content.decode()

    assert ("Траур" in page, f'/contacts/{subhi.pk}/stops/"' in page) == (True, False)


def test_hidden_contact_is_not_found(client_of, author):
    make_everybody()
    hidden = make_contact("Скрытый", organisation="Запрещённая")
    client = client_of(author)

    assert [
        client.post(f"/contacts/{hidden.pk}/{path}", typed()).status_code for path in ("stops/", "stops/switch/")
    ] == [
        404,
        404,
    ]


# Sealed


def test_editor_changes_nothing_of_a_sealed_contact(marzia, client_of, author):
    client = client_of(author)
    answers = [
        client.post(f"/contacts/{marzia.pk}/{path}", typed(scope="bulk")) for path in ("stops/", "stops/switch/")
    ]

    assert ([answer.status_code for answer in answers], kept()) == ([403, 403], [])


def test_reason_of_a_sealed_contact_is_shown_once_and_the_look_written_down(marzia, client_of, head):
    add_rule(marzia, scope="bulk", reason="Тайная причина", by=head)
    client = client_of(head)
    pages = [client.get(f"/contacts/{marzia.pk}/"), client.get("/contacts/stop-list/")]
    before = Entry.objects.filter(action="crm.contact.revealed").count()
    shown = client.post(f"/contacts/{marzia.pk}/stops/reasons/", headers=HTMX)

    assert (["Тайная причина" in page.content.decode() for page in pages], before) == ([False, False], 0)
    assert ("Тайная причина" in shown.content.decode(), "no-store" in shown.headers["Cache-Control"]) == (True, True)
    assert Entry.objects.filter(action="crm.contact.revealed").count() == 1


def test_editor_is_refused_the_reasons(marzia, client_of, author, head):
    add_rule(marzia, scope="bulk", reason="Тайная причина", by=head)
    answer = client_of(author).post(f"/contacts/{marzia.pk}/stops/reasons/")

    assert (answer.status_code, "Тайная" in answer.content.decode()) == (403, False)


# Lifting


def test_head_lifts_from_the_card_and_from_the_list(subhi, client_of, author, head):
    first, second = (add_rule(subhi, scope=scope, by=author) for scope in ("everything", "greetings"))
    client = client_of(head)
    answers = [
        client.post(f"/contacts/stops/{first.pk}/lift/"),
        client.post(f"/contacts/stops/{second.pk}/lift/", {"from": "list"}),
    ]

    assert ([answer.url for answer in answers], kept()) == (
        [f"/contacts/{subhi.pk}/#consent", "/contacts/stop-list/"],
        [],
    )


def test_editor_is_refused_lifting(subhi, client_of, author):
    rule = add_rule(subhi, scope="everything", by=author)

    assert (client_of(author).post(f"/contacts/stops/{rule.pk}/lift/").status_code, len(kept())) == (403, 1)


# People


def test_list_shows_rules_in_force_and_of_deleted_cards(subhi, client_of, author, head):
    add_rule(subhi, scope="everything", reason="Живой", by=author)
    gone = make_contact("Ушедшая", emails=["gone@chashma.test"])
    add_rule(gone, scope="greetings", reason="Удалена", by=author)
    remember(gone)
    gone.delete()
    page = client_of(author).get("/contacts/stop-list/").content.decode()

    assert [word in page for word in ("Субҳӣ", "Живой", "Удалена", "Ушедшая")] == [True, True, True, False]


def test_list_is_narrowed_by_scope_and_by_name_in_any_script(subhi, client_of, author):
    other = make_contact("Ҷамшед Холов", emails=["jh@navid.test"])
    add_rule(subhi, scope="everything", by=author)
    add_rule(other, scope="greetings", by=author)
    client = client_of(author)

    found = [client.get(f"/contacts/stop-list/?{query}").content.decode() for query in ("scope=greetings", "q=jamshed")]

    assert [("Субҳӣ" in page, "Ҷамшед" in page) for page in found] == [(False, True), (False, True)]


def test_list_hides_whom_one_may_not_know_of(client_of, head):
    make_everybody()
    for contact in [make_contact("Тайный Друг", sensitivity="internal"), make_contact("Открытый Друг")]:
        add_rule(contact, scope="bulk", by=head)
    page = client_of(make_staff("viewer")).get("/contacts/stop-list/").content.decode()

    assert ["Тайный" in page, "Открытый" in page] == [False, True]


@pytest.mark.parametrize("path", ["/contacts/stop-list/", "/contacts/stop-list/addresses/"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(client_of, author, path):
    client = client_of(author)

    def add(number):
        contact = make_contact(f"Человек {number}", emails=[f"{number}@navid.test"])
        add_rule(contact, scope="topic", topic=Topic.objects.named("Армия"), by=author)
        suppress(f"{number}@navid.test", "hard_bounce", by="test")

    add(1)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    add(2)
    add(3)
    with CaptureQueriesContext(connection) as three:
        client.get(path)

    assert len(one) == len(three)


# Addresses


def addresses_seen_by(client, query=""):
    return client.get(f"/contacts/stop-list/addresses/{query}").content.decode()


def test_address_is_masked_for_who_may_not_know_whose_it_is(client_of, author):
    make_contact("Тайный", sensitivity="internal", emails=["inner@navid.test"])
    make_contact("Открытый", emails=["open@navid.test"])
    for address in ("inner@navid.test", "open@navid.test", "nobodys@navid.test"):
        suppress(address, "unsubscribed", evidence=f"от {address}", by="test")

    pages = [addresses_seen_by(client_of(user)) for user in (author, make_staff("viewer"))]
    seen = [[name for name in ("inner@", "open@", "nobodys@") if name in page] for page in pages]

    assert seen == [["inner@", "open@", "nobodys@"], ["open@"]]


def test_masked_address_is_not_found_by_its_letters(client_of):
    make_contact("Тайный", sensitivity="internal", emails=["inner@navid.test"])
    suppress("inner@navid.test", "unsubscribed", by="test")
    page = addresses_seen_by(client_of(make_staff("viewer")), "?q=inner")

    assert "i•••r@" not in page


def test_sealed_address_is_found_whole_by_the_head_alone(marzia, client_of, head, author):
    suppress("marzia@tanho.test", "unsubscribed", by="test")
    pages = [
        client_of(user).get(f"/contacts/stop-list/addresses/?q={query}")
        for user in (head, author)
        for query in ("marzia@tanho.test", "marzia")
    ]

    assert [len(page.context["rows"]) for page in pages] == [1, 0, 0, 0]


def test_address_is_put_on_by_hand(client_of, author):
    data = {"address": " Subhi@Chashma.TEST,", "evidence": "Просил по телефону, subhi@chashma.test"}
    answer = client_of(author).post("/contacts/stop-list/addresses/new/", data)

    assert (answer.status_code, list(Suppression.objects.values_list("address", "reason", "evidence"))) == (
        302,
        [("Subhi@chashma.test", "manual", "Просил по телефону, s•••i@c•••.test")],
    )


@pytest.mark.parametrize("wrong", [{"address": "не адрес"}, {"evidence": ""}])
def test_what_is_no_address_or_has_no_reason_comes_back_as_typed(client_of, author, wrong):
    data = {"address": "subhi@chashma.test", "evidence": "Просил"} | wrong
    answer = client_of(author).post("/contacts/stop-list/addresses/new/", data)

    typed_back = [value in answer.content.decode() for value in data.values() if value]
    assert (answer.status_code, all(typed_back), Suppression.objects.count()) == (422, True, 0)


def test_sealed_address_put_on_by_hand_does_not_become_readable(marzia, client_of, author):
    client_of(author).post("/contacts/stop-list/addresses/new/", {"address": "marzia@tanho.test", "evidence": "x"})

    assert Suppression.objects.get().address == ""


@pytest.mark.parametrize("reason", ["hard_bounce", "manual"])
def test_head_takes_off_with_a_reason_that_the_journal_keeps(client_of, head, reason):
    entry = suppress(ADDRESS, reason, by="test")
    client_of(head).post(f"/contacts/stop-list/addresses/{entry.pk}/lift/", {"why": "works"})

    assert (Suppression.objects.count(), Entry.objects.get(action="crm.address.lifted").details) == (
        0,
        {"why": "works"},
    )


@pytest.mark.parametrize("reason", ["unsubscribed", "complaint"])
def test_what_the_recipient_said_nobody_else_takes_back(client_of, head, reason):
    entry = suppress(ADDRESS, reason, by="test")
    answer = client_of(head).post(f"/contacts/stop-list/addresses/{entry.pk}/lift/", {"why": "asked"})

    assert (answer.status_code, Suppression.objects.count()) == (403, 1)


def test_without_a_reason_nothing_comes_off(client_of, head):
    entry = suppress(ADDRESS, "manual", by="test")
    client_of(head).post(f"/contacts/stop-list/addresses/{entry.pk}/lift/", {"why": ""})

    assert Suppression.objects.count() == 1


def test_editor_takes_nothing_off(client_of, author):
    entry = suppress(ADDRESS, "hard_bounce", by="test")
    answer = client_of(author).post(f"/contacts/stop-list/addresses/{entry.pk}/lift/", {"why": "works"})

    assert (answer.status_code, Suppression.objects.count()) == (403, 1)
