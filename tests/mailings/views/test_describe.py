"""Kind and topics of a mailing, which say who does not want it."""

import pytest

from audit.models import Entry
from crm.actions.stops import add_rule
from crm.models import Topic
from mailings.models import Exclusion, Mailing
from mailings.states import MailingStatus, Reason
from tests.factories.contacts import make_staff
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started

pytestmark = pytest.mark.django_db


@pytest.fixture
def army():
    return Topic.objects.named("Армия")


def typed(**changed):
    return {"title": "Заявление", "kind": "statement"} | changed


def test_new_mailing_has_the_topics_chosen_for_it(client_of, author, army):
    Topic.objects.named("Здоровье")
    client_of(author).post("/mailings/new/", typed(kind="review", topics=[army.pk]))

    mailing = Mailing.objects.get()
    assert (mailing.kind, [topic.name for topic in mailing.topics.all()]) == ("review", ["Армия"])


def test_without_topics_the_form_does_not_ask(client_of, author):
    client = client_of(author)
    page = client.get("/mailings/new/").content.decode()
    client.post("/mailings/new/", typed())

    assert ('name="topics"' in page, Mailing.objects.count()) == (False, 1)


def test_kind_and_topics_change_until_it_leaves(client_of, author, army):
    mailing = make_draft()
    client_of(author).post(f"/mailings/{mailing.pk}/edit/", typed(kind="invitation", topics=[army.pk]))

    mailing.refresh_from_db()
    assert (mailing.kind, list(mailing.topics.all())) == ("invitation", [army])
    assert Entry.objects.get(action="mailings.mailing.described").changes == {
        "kind": ["statement", "invitation"],
        "topics": [[], ["Армия"]],
    }


def test_topics_left_out_of_an_older_form_stay(client_of, author, army):
    mailing = make_draft()
    mailing.topics.add(army)
    client_of(author).post(f"/mailings/{mailing.pk}/edit/", typed(topics=[army.pk], title="Другое"))

    assert list(mailing.topics.all()) == [army]


def test_change_takes_the_approval_back(client_of, author):
    make_reader()
    mailing = make_approved()
    client_of(author).post(f"/mailings/{mailing.pk}/edit/", typed(kind="greeting"))

    mailing.refresh_from_db()
    assert (mailing.status, mailing.approved_by) == (MailingStatus.DRAFT, None)


def test_what_has_left_is_not_changed(client_of, author):
    make_reader()
    mailing = make_started()
    answer = client_of(author).post(f"/mailings/{mailing.pk}/edit/", typed(kind="greeting"))

    mailing.refresh_from_db()
    assert (answer.url, mailing.kind) == (f"/mailings/{mailing.pk}/report/", "statement")


def test_mailing_without_a_title_comes_back_as_typed(client_of, author):
    mailing = make_draft()
    answer = client_of(author).post(f"/mailings/{mailing.pk}/edit/", typed(title="", kind="greeting"))

    mailing.refresh_from_db()
    form = answer.context["form"]
    assert (answer.status_code, form["kind"].value(), mailing.kind) == (422, "greeting", "statement")


def test_viewer_changes_nothing(client_of):
    mailing = make_draft()

    assert client_of(make_staff("viewer")).post(f"/mailings/{mailing.pk}/edit/", typed()).status_code == 403


@pytest.mark.parametrize("when", ["recipients/?reason=no_mailings", "left-out/"])
def test_reason_opens_the_rule_on_the_person_s_page(client_of, author, when):
    make_reader("other@navid.test")
    reader = make_reader()
    add_rule(reader, scope="bulk", by=author)
    mailing = make_started() if when == "left-out/" else make_draft()
    page = client_of(author).get(f"/mailings/{mailing.pk}/{when}").content.decode()

    assert f'href="/contacts/{reader.pk}/#consent"' in page


def test_reason_that_is_no_rule_opens_nothing(client_of, author):
    make_reader("other@navid.test")
    reader = make_reader("", name="Без адреса")
    mailing = make_started()
    page = client_of(author).get(f"/mailings/{mailing.pk}/left-out/").content.decode()

    assert Exclusion.objects.get().reason == Reason.NO_ADDRESS
    assert f'href="/contacts/{reader.pk}/#consent"' not in page
