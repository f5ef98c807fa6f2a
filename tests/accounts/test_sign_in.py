"""The first step: who gets in, who is told what, and how often one may guess."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from tests.factories.accounts import PASSWORD, is_in, make_user, sign_in

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


def post(client, email, password):
    return client.post("/sign-in/", {"login": email, "password": password})


def said(answer):
    return [str(error) for error in answer.context["form"].non_field_errors()]


def test_person_signs_in_by_address_in_any_case(author):
    assert post(Client(), "Author@PAYOM.test", PASSWORD).headers["Location"] == "/"


@pytest.mark.parametrize(
    "closed",
    [{"is_active": False}, {"expires_at": timezone.now()}, {"role": "door", "expires_at": timezone.now()}],
    ids=["closed", "ended", "door over"],
)
def test_closed_account_gets_the_answer_of_a_wrong_password(author, closed):
    wrong = said(post(Client(), author.email, "wrong"))
    User.objects.update(**closed)

    assert (said(post(Client(), author.email, PASSWORD)), bool(wrong)) == (wrong, True)


def test_unknown_address_gets_the_answer_of_a_wrong_password_byte_for_byte(author):
    known, unknown = (post(Client(), email, "wrong") for email in (author.email, "nobody@payom.test"))
    pages = [
        answer.content.decode().replace(email, "").replace(str(answer.context["csrf_token"]), "")
        for answer, email in ((known, author.email), (unknown, "nobody@payom.test"))
    ]

    assert pages[0] == pages[1]


def test_unknown_address_costs_as_many_hashes_as_a_wrong_password(author, monkeypatch):
    """Time is not measured: what takes it is counted."""
    hashes = []
    encode = User.set_password
    monkeypatch.setattr(User, "set_password", lambda user, raw: hashes.append("made") or encode(user, raw))
    monkeypatch.setattr(User, "check_password", lambda user, raw: hashes.append("checked") or False)
    post(Client(), author.email, "wrong")
    post(Client(), "nobody@payom.test", "wrong")

    assert len(hashes) == 2


def test_account_whose_time_is_over_is_signed_out_at_the_next_click(author, client_of):
    client = client_of(author)
    User.objects.update(expires_at=timezone.now())

    assert client.get("/contacts/").headers["Location"] == "/sign-in/?next=/contacts/"


def test_guesses_from_anywhere_are_slowed_down(author):
    for _ in range(5):
        post(Client(), author.email, "wrong")

    assert (is_in(sign_in(author)), len(said(post(Client(), author.email, PASSWORD)))) == (False, 1)


def test_strangers_guesses_do_not_lock_the_owner_out_of_a_known_device(author):
    own = sign_in(author)
    own.post("/sign-out/")
    for _ in range(20):
        post(Client(**STRANGER), author.email, "wrong")
    stranger = sign_in(author, client=Client(**STRANGER))
    sign_in(author, client=own)

    assert (is_in(stranger), is_in(own)) == (False, True)


def test_guesses_in_the_same_office_do_not_lock_the_owner_out_of_a_known_device(author):
    own = sign_in(author)
    own.post("/sign-out/")
    for number in range(25):
        post(Client(), f"somebody{number}@payom.test", "wrong")
    sign_in(author, client=own)

    assert is_in(own)


def test_known_device_is_slowed_down_too(author):
    own = sign_in(author)
    own.post("/sign-out/")
    for _ in range(5):
        post(own, author.email, "wrong")

    assert not is_in(sign_in(author, client=own))


def test_cookie_of_another_person_makes_no_known_device(author, head):
    theirs = sign_in(head)
    theirs.post("/sign-out/")
    for _ in range(5):
        post(Client(**STRANGER), author.email, "wrong")

    assert not is_in(sign_in(author, client=theirs))


def test_sign_ins_and_failures_are_in_the_journal(author):
    sign_in(author)
    post(Client(), author.email, "wrong")
    post(Client(), "my-password-in-the-wrong-field@payom.test", "wrong")

    found = list(Entry.objects.order_by("pk").values_list("action", "by", "subject_id"))
    assert found == [
        ("accounts.signed_in", author.name, author.pk),
        ("accounts.sign_in.failed", "stranger", author.pk),
        ("accounts.sign_in.failed", "stranger", None),
    ]
    assert "wrong-field" not in str(list(Entry.objects.values()))


def test_signing_out_takes_a_post(author, client_of):
    client = client_of(author)

    assert (client.get("/sign-out/").status_code, client.post("/sign-out/").status_code) == (405, 302)


def test_nobody_signs_up(client):
    assert [client.get(path).status_code for path in ("/signup/", "/accounts/signup/", "/password/reset/")] == [404] * 3


def test_door_account_without_an_end_is_refused_by_the_database():
    with pytest.raises(Exception, match="accounts_door_ends_by_itself"):
        make_user("door", expires_at=None)


def test_behind_the_proxy_guesses_count_per_visitor_not_per_proxy(author, settings):
    settings.BEHIND_HTTPS = True
    for number in range(25):
        attacker = Client(headers={"X-Forwarded-For": "203.0.113.9"})
        post(attacker, f"somebody{number}@payom.test", "wrong")

    assert is_in(sign_in(author, client=Client(headers={"X-Forwarded-For": "198.51.100.7"})))


def test_visitor_cannot_choose_the_address_that_guesses_count_for(author, settings):
    settings.BEHIND_HTTPS = True
    for number in range(25):
        attacker = Client(headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})
        post(attacker, f"somebody{number}@payom.test", "wrong")
    again = Client(headers={"X-Forwarded-For": "198.51.100.99, 203.0.113.9"})

    assert not is_in(sign_in(author, client=again))


def test_entrance_speaks_the_language_that_is_asked_for_and_keeps_to_it():
    client = Client(headers={"Accept-Language": "ru"})
    asked = client.get("/sign-in/?lang=tg&next=/contacts/").content.decode()
    later = client.get("/sign-in/").content.decode()

    assert ['<html lang="tg"' in page for page in (asked, later)] == [True, True]
    assert 'name="next" value="/contacts/"' in asked


def test_unknown_language_is_not_kept():
    client = Client(headers={"Accept-Language": "ru"})
    page = client.get("/sign-in/?lang=xx").content.decode()

    assert ('<html lang="ru"' in page, "django_language" in client.cookies) == (True, False)
