import pytest

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
