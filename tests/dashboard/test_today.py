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
    assert {name: [may for _mailing, may in rows] for name, rows in waiting.items()} == {
        "author": [False],
        "head": [True],
    }


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
