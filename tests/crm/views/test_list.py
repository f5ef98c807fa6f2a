"""The contact list: filters, columns, rows, and what is done from it to many contacts at once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from accounts.roles import Role
from core import phones
from crm.actions.organisations import restrict
from crm.models import (
    BulkChange,
    ColumnChoice,
    Contact,
    EmailAddress,
    Organisation,
    Position,
    Segment,
    StopRule,
    Tag,
    Topic,
    Touch,
)
from crm.models.wording import Wording
from crm.states import BulkAction, Scope
from jobs.models import Job
from jobs.running import work
from tests.factories.contacts import NAVID, make_contact, make_staff
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    return person("author@payom.test")


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)


def names(page):
    return [contact.name for contact in page.context["object_list"]]


def chips(page):
    return [(chip.label, chip.value) for chip in page.context["chips"]]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def put_away(*contacts):
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).update(archived_at=timezone.now())


# Filters


@pytest.fixture
def two(editor):
    """Two contacts who differ in everything that a filter asks for, and the words of each filter for the first."""
    first = make_contact(
        "Первый", kind="partner", languages="tg", region="sughd", city="Хуҷанд", basis="consent", owner=editor,
        sensitivity="internal", organisation="Газета", emails=["first@navid.test"],
    )  # fmt: skip
    second = make_contact("Второй", organisation="Радио", is_post=True)
    Organisation.objects.filter(name="Газета").update(kind="newspaper", ownership="private")
    first.tags.add(Tag.objects.named("важное"))
    second.tags.add(Tag.objects.named("прочее"))
    first.topics.add(Topic.objects.named("армия"))
    Touch.objects.create(contact=first, kind="call", by=editor)
    guests = Segment.objects.create(name="Гости", kind="list", made_by=editor)
    guests.memberships.create(contact=first, added_by=editor)
    others = Segment.objects.create(name="Остальные", rule={"kind": ["journalist"]}, made_by=editor)
    return {
        "kind": "partner",
        "language": "tg",
        "region": "sughd",
        "city": "Хуҷанд",
        "topic": Topic.objects.get().pk,
        "tag": Tag.objects.get(name="важное").pk,
        "not_tag": Tag.objects.get(name="прочее").pk,
        "organisation": Organisation.objects.get(name="Газета").pk,
        "organisation_kind": "newspaper",
        "ownership": "private",
        "basis": "consent",
        "owner": editor.pk,
        "entity": "person",
        "letters": "yes",
        "sensitivity": "internal",
        "active": "month",
        "segment": guests.pk,
        "not_segment": others.pk,
    }


FILTERS = [
    "kind", "language", "region", "city", "topic", "tag", "not_tag", "organisation", "organisation_kind", "ownership",
    "basis", "owner", "entity", "letters", "sensitivity", "active", "segment", "not_segment",
]  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_finds_the_one_who_fits(client, two, name):
    page = client.get("/contacts/", {name: two[name]})

    assert names(page) == ["Первый"]


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_is_a_chip_in_words_that_leads_to_the_list_without_it(client, two, name):
    page = client.get("/contacts/", {name: two[name], "q": "перв"})
    (chip,) = page.context["chips"]

    assert (chip.value != str(two[name]) or name == "city", parse_qs(chip.without[1:])) == (True, {"q": ["перв"]})


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_says_what_a_rule_says(client, two, name):
    (chip,) = client.get("/contacts/", {name: two[name]}).context["chips"]
    (part,) = Wording([{name: [str(two[name])]}], sees_restricted=False).parts({name: [str(two[name])]})

    assert (chip.label, chip.value) == (part.label, ", ".join(part.values))


def test_all_filters_combine(client, two):
    assert names(client.get("/contacts/", two)) == ["Первый"]
    assert names(client.get("/contacts/", two | {"region": "khatlon"})) == []


def test_two_values_of_one_filter_find_either(client, two):
    assert names(client.get("/contacts/", {"kind": ["partner", "journalist"]})) == ["Второй", "Первый"]


@pytest.mark.parametrize("wrong", [{"tag": "999"}, {"kind": "nobody"}, {"organisation": "999"}, {"organisation": "²"}])
def test_what_is_not_there_finds_nobody_rather_than_everybody(client, two, wrong):
    assert names(client.get("/contacts/", wrong)) == []


def test_a_banned_organisation_is_found_by_who_may_know_of_it(client, client_of, head):
    make_contact("Кто-то", organisation="Запрещённая")
    restrict("Запрещённая", on=timezone.localdate(), note="", by=head)
    query = {"organisation": Organisation.objects.get().pk}

    pages = [client.get("/contacts/", query), client_of(head).get("/contacts/", query)]
    assert [(names(page), "Запрещённая" in page.content.decode()) for page in pages] == [
        ([], False),
        (["Кто-то"], True),
    ]


def test_who_was_put_away_is_shown_when_asked_for(client):
    put_away(make_contact("Ушедший"))
    make_contact("Здешний")

    pages = [client.get("/contacts/", query) for query in ({}, {"archived": "only"})]
    assert [names(page) for page in pages] == [["Здешний"], ["Ушедший"]]
    assert pages[0].context["total"] == 1


def test_equal_ones_stand_in_the_order_of_names_so_that_pages_do_not_overlap(client):
    for name in ("Ҳасан", "Анвар", "Карим"):
        make_contact(name, city="Душанбе")

    assert names(client.get("/contacts/", {"sort": "-city"})) == ["Анвар", "Карим", "Ҳасан"]


def test_oneself_is_the_first_whose_contacts_are_asked_for(client, editor):
    make_staff("head")
    choices = client.get("/contacts/").context["filterset"].form.fields["owner"].choices

    assert [value for value, _label in choices][0] == str(editor.pk)


def test_a_member_is_not_shown_the_words_we_sort_people_by(client_of):
    make_contact("Коллега", organisation=NAVID).tags.add(Tag.objects.named("осторожно"))
    page = client_of(make_staff(Role.MEMBER)).get("/contacts/")

    hidden = {"topic", "tag", "not_tag", "owner", "segment", "not_segment", "sensitivity"}
    assert (hidden & set(page.context["filterset"].filters), "осторожно" in page.content.decode()) == (set(), False)


def test_a_viewer_is_offered_only_tags_of_people_they_see(client_of):
    make_contact("Открытый").tags.add(Tag.objects.named("видное"))
    make_contact("Внутренний", sensitivity="internal").tags.add(Tag.objects.named("тайное"))
    page = client_of(make_staff(Role.VIEWER)).get("/contacts/")

    assert [label for _value, label in page.context["filterset"].form.fields["tag"].choices] == ["видное"]


# Columns


def columns(page):
    return [column.name for column in page.context["columns"]]


def test_columns_are_the_usual_ones_until_somebody_chooses(client):
    assert columns(client.get("/contacts/")) == ["organisation", "kind", "languages", "city", "basis", "event"]


def test_chosen_columns_are_kept_for_the_person_alone(client, client_of, head):
    answer = client.post("/contacts/columns/", {"columns": ["tags", "email"], "query": "kind=partner&page=2"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/contacts/?kind=partner&page=2")
    assert columns(client.get("/contacts/")) == ["email", "tags"]
    assert columns(client_of(head).get("/contacts/")) == ["organisation", "kind", "languages", "city", "basis", "event"]


def test_the_name_alone_can_be_chosen(client):
    client.post("/contacts/columns/", {})

    assert columns(client.get("/contacts/")) == []


def test_the_usual_columns_come_back(client):
    client.post("/contacts/columns/", {"columns": ["tags"]})
    client.post("/contacts/columns/", {"columns": ["tags"], "usual": "1"})

    assert ColumnChoice.objects.count() == 0


def test_a_column_that_is_not_there_changes_nothing(client):
    client.post("/contacts/columns/", {"columns": ["tags"]})
    client.post("/contacts/columns/", {"columns": ["sealed_note"]})

    assert columns(client.get("/contacts/")) == ["tags"]


@pytest.mark.parametrize("query", ["https://evil.test/", "//evil.test", "\nSet-Cookie: x=y"])
def test_choosing_columns_leads_nowhere_but_to_the_list(client, query):
    answer = client.post("/contacts/columns/", {"query": query})

    assert urlsplit(answer.headers["Location"])[:3] == ("", "", "/contacts/")


def test_every_column_shows_what_the_contact_has(client, editor):
    contact = make_contact(
        "Анвар", organisation="Газета", emails=["anvar@navid.test"], phones=["+992930000000"], city="Хуҷанд",
        region="sughd", languages="tg", basis="consent", owner=editor,
    )  # fmt: skip
    Organisation.objects.update(kind="newspaper")
    contact.tags.add(Tag.objects.named("важное"))
    contact.topics.add(Topic.objects.named("армия"))
    Touch.objects.create(contact=contact, kind="call", at=timezone.now() - timedelta(days=1))
    everything = [value for value, _label in client.get("/contacts/").context["columns_form"].fields["columns"].choices]
    client.post("/contacts/columns/", {"columns": everything})
    page = client.get("/contacts/").content.decode()

    shown = ["Газета", "anvar@navid.test", phones.display("+992930000000"), "Хуҷанд", "важное", "армия", editor.name]
    assert [word for word in shown if word not in page] == []


def test_a_sealed_contact_shows_no_address_in_any_column(client_of, head):
    make_contact("Скрытый", sensitivity="sealed", emails=["hidden@navid.test"], phones=["+992930000000"])
    client = client_of(head)
    client.post("/contacts/columns/", {"columns": ["email", "phone"]})
    page = client.get("/contacts/").content.decode()

    assert [
        word in page for word in ("hidden@navid.test", "930000000", phones.display("+992930000000"), "mailto:")
    ] == [False] * 4


# Rows


def row_of(page, name):
    return next(row for row in page.context["rows"] if row.contact.name == name)


def test_the_last_event_is_the_last_one(client):
    contact = make_contact("Анвар")
    now = timezone.now()
    for days, kind in ((3, "call"), (0, "meeting"), (9, "note")):
        Touch.objects.create(contact=contact, kind=kind, at=now - timedelta(days=days))

    assert row_of(client.get("/contacts/"), "Анвар").event.at == now


def test_a_post_shows_who_holds_it_now(client):
    post = make_contact("Пресс-секретарь", organisation="Министерство", is_post=True)
    ministry = Organisation.objects.get()
    for name, ended in (("Прежняя", "2020"), ("Нынешняя", "")):
        Position.objects.create(contact=make_contact(name), organisation=ministry, post=post, ended_on=ended)

    assert row_of(client.get("/contacts/"), "Пресс-секретарь").holders == ["Нынешняя"]


def test_a_holder_whom_the_viewer_may_not_know_of_is_not_named(client_of):
    post = make_contact("Пресс-секретарь", organisation="Министерство", is_post=True)
    holder = make_contact("Тайная", sensitivity="internal")
    Position.objects.create(contact=holder, organisation=Organisation.objects.get(), post=post)
    page = client_of(make_staff(Role.VIEWER)).get("/contacts/")

    assert (row_of(page, "Пресс-секретарь").holders, "Тайная" in page.content.decode()) == ([], False)


def test_an_address_not_used_any_more_is_neither_shown_nor_written_to(client):
    make_contact("Анвар", emails=["old@navid.test"])
    EmailAddress.objects.update(retired_on=timezone.localdate())

    assert "old@navid.test" not in client.get("/contacts/").content.decode()


def test_who_asked_for_no_mailings_is_marked(client):
    contact = make_contact("Анвар", emails=["anvar@navid.test"])
    StopRule.objects.create(contact=contact, scope=Scope.BULK)
    row = row_of(client.get("/contacts/"), "Анвар")

    assert (bool(row.refusal), row.write_to) == (True, "")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_with_everything_takes_the_same_queries_whatever_the_size(
    client, editor, people, django_assert_num_queries
):
    for number in range(people):
        post = make_contact(f"Пост {number}", organisation="Министерство", is_post=True)
        contact = make_contact(f"Человек {number}", organisation=NAVID, emails=[f"p{number}@navid.test"], owner=editor)
        Position.objects.create(contact=contact, organisation=Organisation.objects.first(), post=post)
        contact.tags.add(Tag.objects.named("важное"))
        Touch.objects.create(contact=contact, kind="call")
    choices = client.get("/contacts/").context["columns_form"].fields["columns"].choices
    client.post("/contacts/columns/", {"columns": [value for value, _label in choices]})

    with django_assert_num_queries(28):
        client.get("/contacts/", {"organisation": Organisation.objects.first().pk, "active": "year"})


def test_an_empty_list_says_how_to_begin_and_a_narrow_one_how_to_widen_it(client):
    assert 'href="/contacts/import/"' in client.get("/contacts/").content.decode()
    make_contact("Анвар")

    assert 'class="btn" href="/contacts/"' in client.get("/contacts/", {"q": "никто"}).content.decode()


# What is done to many


def together(client, action, *contacts, **more):
    return client.post("/contacts/together/", {"action": action, "contact": [one.pk for one in contacts]} | more)


def test_ticked_contacts_get_a_tag_and_the_answer_offers_to_take_it_back(client):
    first, second, third = (make_contact(name) for name in ("Анвар", "Баҳром", "Ганҷина"))
    answer = together(client, "tag", first, second, tag="важное", query="kind=journalist")
    (message,) = get_messages(answer.wsgi_request)

    assert answer.headers["Location"] == "/contacts/?kind=journalist"
    assert {contact.name for contact in Tag.objects.get().contacts.all()} == {"Анвар", "Баҳром"}
    assert message.extra_tags == f"/contacts/together/{BulkChange.objects.get().pk}/undo/?kind=journalist"


def test_taking_it_back_shows_the_list_as_it_was_asked_for(client):
    together(client, "region", make_contact("Анвар", region="sughd"), region="khatlon")
    answer = client.post(f"/contacts/together/{BulkChange.objects.get().pk}/undo/?kind=journalist")

    assert (answer.headers["Location"], Contact.objects.get().region) == ("/contacts/?kind=journalist", "sughd")


def test_taking_back_twice_is_said_and_changes_nothing(client):
    together(client, "region", make_contact("Анвар"), region="khatlon")
    address = f"/contacts/together/{BulkChange.objects.get().pk}/undo/"
    client.post(address)
    Contact.objects.update(region="khatlon")
    client.post(address)

    assert Contact.objects.get().region == "khatlon"


def test_anothers_change_is_not_there(client, client_of, head):
    together(client, "region", make_contact("Анвар"), region="khatlon")

    assert client_of(head).post(f"/contacts/together/{BulkChange.objects.get().pk}/undo/").status_code == 404


@pytest.mark.parametrize(("region", "kept"), [("none", ""), ("sughd", "sughd")])
def test_a_region_is_set_or_cleared(client, region, kept):
    contact = make_contact("Анвар", region="khatlon")
    together(client, "region", contact, region=region)

    assert Contact.objects.get().region == kept


def test_contacts_are_handed_to_a_colleague_and_to_nobody(client, head):
    contact = make_contact("Анвар")
    owners = []
    for owner in (str(head.pk), "none"):
        together(client, "owner", contact, owner=owner)
        owners.append(Contact.objects.get().owner)

    assert owners == [head, None]


def test_contacts_are_put_on_a_list(client, editor):
    guests = Segment.objects.create(name="Гости", kind="list", made_by=editor)
    together(client, "list", make_contact("Анвар"), segment=guests.pk)

    assert [member.name for member in guests.members.all()] == ["Анвар"]


def test_nobody_is_put_on_a_segment_that_keeps_itself(client, editor):
    rule = Segment.objects.create(name="По правилу", rule={}, made_by=editor)
    answer = together(client, "list", make_contact("Анвар"), segment=rule.pk)

    assert (answer.status_code, list(answer.context["form"].errors), rule.memberships.count()) == (422, ["segment"], 0)


def test_a_stop_rule_is_asked_before_it_is_written(client):
    contact = make_contact("Анвар")
    asked = together(client, "stop", contact, scope="everything", reason="Просил сам")
    before = StopRule.objects.count()
    together(client, "stop", contact, scope="everything", reason="Просил сам", confirmed="1")

    rule = StopRule.objects.get()
    assert (asked.status_code, asked.context["count"], before) == (200, 1, 0)
    assert (rule.scope, rule.reveal()) == ("everything", "Просил сам")


@pytest.mark.parametrize("action", ["tag", "untag", "topic", "list", "region", "owner", "stop"])
def test_without_saying_which_nothing_is_changed_and_the_choice_is_kept(client, action):
    contact = make_contact("Анвар")
    answer = together(client, action, contact, query="kind=journalist")

    assert (answer.status_code, answer.context["contacts"], BulkChange.objects.count()) == (422, [contact.pk], 0)


@pytest.mark.parametrize(("action", "field"), [("tag", "tag"), ("topic", "topic")])
@pytest.mark.parametrize("name", ["—", "\u200b", "x" * 61])
def test_a_name_that_names_nothing_is_refused(client, action, field, name):
    answer = together(client, action, make_contact("Анвар"), **{field: name})

    assert (answer.status_code, list(answer.context["form"].errors), Tag.objects.count()) == (422, [field], 0)


def test_a_tag_that_is_not_there_cannot_be_removed_and_is_not_made(client):
    answer = together(client, "untag", make_contact("Анвар"), tag="нетакой")

    assert (answer.status_code, Tag.objects.count()) == (422, 0)


def test_ticked_ones_are_compared_the_first_two_at_once_and_the_others_after(client):
    first, second, third = (make_contact(name) for name in ("Анвар", "Баҳром", "Ганҷина"))
    answer = together(client, "merge", first, second, third)

    assert answer.headers["Location"] == f"/contacts/merge/?a={first.pk}&b={second.pk}&b={third.pk}"


def test_one_alone_is_not_compared_and_the_list_stays_as_it_was_asked_for(client):
    answer = together(client, "merge", make_contact("Анвар"), query="kind=journalist")

    assert answer.headers["Location"] == "/contacts/?kind=journalist"
    assert said(answer) == ["Ничего не изменено: чтобы объединить, отметьте два контакта или больше."]


def test_where_nobody_is_ticked_nothing_happens(client):
    make_contact("Анвар")
    answer = client.post("/contacts/together/", {"action": "archive", "query": "kind=journalist"})

    assert (answer.headers["Location"], len(said(answer)), Contact.objects.active().count()) == (
        "/contacts/?kind=journalist",
        1,
        1,
    )


@pytest.mark.parametrize("action", ["", "erase"])
def test_what_cannot_be_done_is_not_done(client, action):
    answer = together(client, action, make_contact("Анвар"))

    assert (answer.status_code, len(said(answer)), BulkChange.objects.count()) == (302, 1, 0)


@pytest.mark.parametrize("key", ["x", "²", "-1", "9" * 30, ""])
def test_a_key_that_is_none_is_passed_over(client, key):
    answer = client.post("/contacts/together/", {"action": "archive", "contact": [key, make_contact("Анвар").pk]})

    assert (answer.status_code, Contact.objects.active().count()) == (302, 0)


@pytest.fixture
def crowd():
    """More than a page, and one who does not fit the filter."""
    Contact.objects.bulk_create(Contact(name=f"Человек {number}", sort_key=f"{number:03}") for number in range(51))
    make_contact("Партнёр", kind="partner")


def test_all_who_fit_are_asked_about_with_their_number_and_then_changed(client, crowd):
    everybody = {"everybody": "1", "query": "kind=journalist"}
    asked = together(client, "tag", tag="важное", **everybody)
    before = BulkChange.objects.count()
    together(client, "tag", tag="важное", confirmed="51", **everybody)

    assert (asked.status_code, asked.context["count"], before) == (200, 51, 0)
    assert [contact.kind for contact in Tag.objects.get().contacts.all()] == ["journalist"] * 51


def test_more_than_were_agreed_to_are_asked_about_again(client, crowd):
    everybody = {"everybody": "1", "query": "kind=journalist", "confirmed": "51"}
    make_contact("Ещё один")
    answer = together(client, "tag", tag="важное", **everybody)

    assert (answer.status_code, answer.context["count"], BulkChange.objects.count()) == (200, 52, 0)


def test_all_of_a_filter_that_is_not_understood_are_nobody(client, crowd):
    together(client, "archive", everybody="1", query="kind=nonsense", confirmed="52")

    assert Contact.objects.active().count() == 52


def test_only_contacts_that_a_person_sees_are_changed(client, client_of, head):
    hidden = make_contact("Запретный", organisation="Запрещённая")
    restrict("Запрещённая", on=timezone.localdate(), note="", by=head)
    together(client, "archive", hidden, make_contact("Анвар"))

    assert list(Contact.objects.active()) == [hidden]


def test_sealed_ones_left_alone_are_counted_in_the_answer(client):
    answer = together(client, "archive", make_contact("Скрытый", sensitivity="sealed"), make_contact("Анвар"))

    assert (Contact.objects.active().get().name, "1" in said(answer)[0].rpartition(".")[2]) == ("Скрытый", True)


def test_one_is_put_away_and_brought_back_from_the_row(client):
    contact = make_contact("Анвар")
    active = []
    for action in ("archive", "restore"):
        client.post(f"/contacts/{contact.pk}/together/", {"action": action})
        active.append(Contact.objects.active().exists())

    assert active == [False, True]


def test_a_contact_that_is_hidden_is_not_there_to_be_put_away(client, head):
    hidden = make_contact("Запретный", organisation="Запрещённая")
    restrict("Запрещённая", on=timezone.localdate(), note="", by=head)

    assert client.post(f"/contacts/{hidden.pk}/together/", {"action": "archive"}).status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
def test_who_may_not_edit_is_refused_and_sees_no_boxes(client_of, role):
    contact = make_contact("Анвар", organisation=NAVID)
    client = client_of(make_staff(role))
    answer = together(client, "archive", contact)

    assert (answer.status_code, "check--row" in client.get("/contacts/").content.decode()) == (403, False)
    assert Contact.objects.active().count() == 1


@pytest.mark.parametrize("action", BulkAction)
def test_every_action_is_on_the_page(client, action):
    make_contact("Анвар")
    query = {"archived": "only"} if action == BulkAction.RESTORE else {}
    if query:
        put_away(Contact.objects.get())
    Segment.objects.create(name="Гости", kind="list", made_by=person("author@payom.test"))

    assert f'name="action" value="{action}"' in client.get("/contacts/", query).content.decode()


def test_a_word_of_a_tag_is_shown_as_text(client):
    make_contact("Анвар").tags.add(Tag.objects.named("<script>alert(1)</script>"))
    client.post("/contacts/columns/", {"columns": ["tags"]})

    assert "<script>alert" not in client.get("/contacts/").content.decode()


# More than one waits for


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr("crm.views.bulk.AT_ONCE", 2)
    monkeypatch.setattr("crm.actions.bulk._CHUNK", 2)
    monkeypatch.setattr("jobs.running.BREATH", 0)
    return [make_contact(f"Человек {number}", region="khatlon") for number in range(3)]


def test_more_than_one_waits_for_are_changed_by_a_job_that_has_a_page(client, many):
    answer = together(client, "region", *many, region="sughd", query="kind=journalist")
    job = Job.objects.get()
    work()
    page = client.get(answer.headers["Location"]).content.decode()

    assert (answer.headers["Location"], {one.region for one in Contact.objects.all()}) == (
        f"/jobs/{job.pk}/",
        {"sughd"},
    )
    assert ("<h1>Указать регион: Согд</h1>" in page, 'href="/contacts/?kind=journalist"' in page) == (
        True,
        True,
    )


def test_as_many_as_one_waits_for_are_changed_at_once(client, many):
    together(client, "region", *many[:2], region="sughd")

    assert (Contact.objects.filter(region="sughd").count(), Job.objects.count()) == (2, 0)


def test_what_a_job_did_is_taken_back_by_a_job_from_its_page(client, many):
    page = client.get(together(client, "region", *many, region="sughd").headers["Location"])
    work()
    undo = client.get(page.request["PATH_INFO"]).context["told"].undo
    answer = client.post(undo)
    work()
    told = client.get(answer.headers["Location"]).context["told"]

    assert (told.title, told.undo) == ("Возврат: Указать регион: Согд", "")
    assert (page.context["told"].undo, {one.region for one in Contact.objects.all()}) == ("", {"khatlon"})
    assert (told.outcome, client.post(undo).headers["Location"]) == ("3 контакта снова как прежде", "/contacts/")


def test_sealed_ones_left_alone_are_counted_on_the_page_of_the_job(client, many):
    answer = together(client, "archive", make_contact("Скрытый", sensitivity="sealed"), *many)
    work()
    told = client.get(answer.headers["Location"]).context["told"]

    assert "1" in told.outcome.rpartition(".")[2]
