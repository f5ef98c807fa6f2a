"""What is done from the list to many contacts at once."""

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from accounts.roles import Role
from crm.actions.organisations import restrict
from crm.models import BulkChange, Contact, Segment, StopRule, Tag
from crm.states import BulkAction
from jobs.models import Job
from jobs.running import work
from tests.crm.views.lists.pages import put_away, said
from tests.factories.contacts import NAVID, make_contact, make_staff
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


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


def test_a_job_is_told_in_the_language_of_who_reads_it(client, client_of, many):
    page = together(client, "region", *many, region="sughd").headers["Location"]
    reader = make_staff(Role.HEAD)
    reader.language = "en"
    reader.save()

    assert client_of(reader).get(page).context["told"].title == "Set the region: Sughd"


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
