import pytest
from django.test import Client

from core.signing import make_token
from crm.actions.suppression import suppress
from crm.models import Suppression
from mailings.pipeline.render import UNSUBSCRIBE
from mailings.pipeline.send import send_due
from tests.factories.mailings import make_reader, make_started

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    make_reader("reader@navid.test", languages="tg ru")
    return make_started("ru tg").deliveries.get()


@pytest.fixture
def link(delivery):
    return f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"


def stops():
    return list(Suppression.objects.values_list("address", "reason"))


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(link, method):
    for _ in range(10):
        getattr(Client(), method)(link)

    assert stops() == []


def test_button_unsubscribes(link):
    Client(enforce_csrf_checks=True).post(link, {"action": "unsubscribe"})

    assert stops() == [("reader@navid.test", "unsubscribed")]


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", None], ids=["urlencoded", "multipart"])
def test_one_click_post_of_a_mail_program_unsubscribes_without_a_redirect(link, content_type):
    client = Client(enforce_csrf_checks=True)
    body = "List-Unsubscribe=One-Click" if content_type else {"List-Unsubscribe": "One-Click"}

    answer = client.post(link, body, content_type=content_type) if content_type else client.post(link, body)

    assert (answer.status_code, answer.content, stops()) == (200, b"", [("reader@navid.test", "unsubscribed")])


def test_unsubscribing_twice_is_unsubscribing_once(link):
    Client().post(link)
    Client().post(link)

    assert stops() == [("reader@navid.test", "unsubscribed")]


def test_next_mailing_leaves_the_person_out_and_says_why(link, smtp):
    Client().post(link)
    make_reader("other@navid.test")

    mailing = make_started("ru")
    send_due()

    assert (list(mailing.exclusions.values_list("address", "reason")), smtp.recipients) == (
        [("reader@navid.test", "unsubscribed")],
        ["other@navid.test"],
    )


def test_unsubscribing_can_be_taken_back(link):
    Client().post(link)
    Client().post(link, {"action": "back"})

    assert stops() == []


def test_taking_back_does_not_lift_what_staff_stopped(link):
    suppress("reader@navid.test", "manual", by="test")
    Client().post(link, {"action": "back"})

    assert stops() == [("reader@navid.test", "manual")]


def test_page_shows_no_address_to_whoever_holds_the_link(link):
    page = Client().get(link).content.decode()

    assert ("reader@navid.test" in page, "r•••r@navid.test" in page) == (False, True)


def test_page_speaks_the_language_of_the_letter(link):
    assert 'lang="tg"' in Client().get(link).content.decode()


def test_page_sets_no_cookie_and_has_no_script(link):
    answer = Client().get(link)

    assert (dict(answer.cookies), "<script" in answer.content.decode()) == ({}, False)


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAAAAAAAAAAAAAA", "..", "ы"])
def test_wrong_token_is_not_found(token, db):
    assert Client().get(f"/u/{token}/").status_code == 404


def test_token_of_another_purpose_is_not_found(delivery):
    assert Client().post(f"/u/{make_token('rsvp', delivery.pk)}/").status_code == 404
