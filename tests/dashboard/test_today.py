import pytest

from accounts.actions.lockdown import lift, lock_down
from accounts.models import RolePolicy
from mailings import actions
from mailings.pipeline.send import send_due
from tests.factories.accounts import make_user, sign_in
from tests.factories.mailings import make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


def test_empty_desk_opens(author, client_of):
    assert client_of(author).get("/").context["todo"] == 0


def test_mailing_to_approve_waits_for_whoever_may_approve_it(client_of):
    make_reader()
    mailing = make_draft()
    actions.submit(mailing, by=mailing.author)

    waiting = {name: client_of(person(f"{name}@payom.test")).get("/").context["waiting"] for name in ("author", "head")}
    assert waiting == {"author": [], "head": [mailing]}


def test_draft_waits_for_its_author_alone(client_of):
    draft = make_draft()

    waiting = {name: client_of(person(f"{name}@payom.test")).get("/").context["waiting"] for name in ("author", "head")}
    assert waiting == {"author": [draft], "head": []}


def test_last_mailing_shows_what_did_not_arrive(author, client_of, smtp):
    make_reader("gone@navid.test")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    make_started()
    send_due()

    page = client_of(author).get("/")
    assert ([problem.bounce_class for problem in page.context["problems"]], page.context["totals"].failed) == (
        ["hard"],
        1,
    )


def test_letter_that_is_tried_again_waits_for_nobody(author, client_of, smtp):
    make_reader("full@navid.test")
    smtp.refuse["full@navid.test"] = "452 4.2.2 Mailbox full"
    make_started()
    send_due()

    page = client_of(author).get("/")
    assert (page.context["problems"], page.context["totals"].waiting) == ([], 1)


def test_head_sees_sign_ins_from_new_devices_and_the_rows_behind_the_number(author, head, client_of):
    sign_in(author)
    sign_in(author)
    client = client_of(head)
    concern = client.get("/").context["concerns"][0]

    assert (concern.count, client.get(concern.url).context["paginator"].count) == (1, 1)


def test_administrator_sees_who_lacks_a_second_factor(author, client_of):
    RolePolicy.objects.create(role="editor", second_factor=True)
    client = client_of(make_user("administrator"))
    concern = client.get("/").context["concerns"][-1]

    assert (concern.count, [user for user, _lacks in client.get(concern.url).context["rows"]]) == (1, [author])


@pytest.mark.parametrize("role", ["administrator", "member", "door"])
def test_who_may_not_see_mailings_sees_none_here(role, client_of, smtp):
    make_reader()
    make_started()
    make_draft()
    page = client_of(make_user(role)).get("/")

    assert (page.context["last"], page.context["waiting"], page.context["contacts"]) == (None, [], 0)


def test_key_holder_is_told_on_top_that_everything_is_closed(head, client_of):
    made = lock_down(by=head, key_holder=head)
    page = client_of(head).get("/")

    assert (page.context["lockdown"], 'href="/lockdown/"' in page.content.decode().partition("notice--bad")[2]) == (
        made,
        True,
    )


def test_nothing_is_said_of_a_lock_down_that_is_over(head, client_of):
    lock_down(by=head, key_holder=head)
    lift(by=head)

    assert client_of(head).get("/").context["lockdown"] is None


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("administrator", "Sign-ins from new devices"),
        ("member", "Requests and events of your organisation"),
        ("editor", "Mailings to approve"),
    ],
)
def test_an_empty_desk_says_what_will_be_on_it(client_of, role, words):
    assert words in client_of(make_user(role, language="en")).get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "has"), [("administrator", False), ("door", False), ("member", True), ("viewer", True)]
)
def test_search_stands_where_it_may_find_something(client_of, role, has):
    page = client_of(make_user(role)).get("/").content.decode()

    assert ["data-search" in page, "phonebar__button" in page] == [has, has]
