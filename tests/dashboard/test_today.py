import pytest

from mailings import actions
from mailings.pipeline.send import send_due
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
