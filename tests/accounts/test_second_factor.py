"""The second step, what demands it, and what happens when it changes."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.letters import compose
from accounts.models import Device, RolePolicy, StaffLetter
from core.sealing import add_key, holders, reseal, unseal
from tests.factories.accounts import PASSWORD, add_app, add_spare_codes, code_of, is_in, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user("editor")


def second_step(client, code, **more):
    return client.post("/sign-in/code/", {"code": code, **more})


def test_password_alone_does_not_open_an_account_with_a_second_factor(person):
    add_app(person)
    client = sign_in(person)

    assert (is_in(client), client.get("/sign-in/code/").status_code) == (False, 200)


@pytest.mark.parametrize("gap", ["", " ", "-", "\u00a0"])
def test_code_of_the_app_opens_it_with_or_without_a_gap(person, gap):
    code = code_of(add_app(person))
    client = sign_in(person)
    second_step(client, f" {code[:3]}{gap}{code[3:]} ")

    assert is_in(client)


def test_code_works_once(person):
    secret = add_app(person)
    second_step(sign_in(person), code_of(secret))
    again = sign_in(person)
    second_step(again, code_of(secret))

    assert not is_in(again)


def test_spare_code_opens_it_once(person):
    add_app(person)
    code = add_spare_codes(person)[0]
    first, second = sign_in(person), sign_in(person)
    second_step(first, code)
    second_step(second, code)

    assert (is_in(first), is_in(second)) == (True, False)


def test_spare_code_may_be_typed_as_it_is_printed(person):
    add_app(person)
    code = add_spare_codes(person)[0]
    client = sign_in(person)
    second_step(client, f"{code[:4]} {code[4:]}")

    assert is_in(client)


def test_file_of_spare_codes_says_what_it_is(person):
    add_app(person)
    codes = add_spare_codes(person)
    client = sign_in(person)
    second_step(client, codes[0])
    lines = client.get("/settings/security/codes/file/").content.decode().splitlines()

    assert lines[1:] == ["", *[f"{code[:4]} {code[4:]}" for code in codes[1:]]]
    assert len(lines[0].split()) > 5


@pytest.mark.parametrize(("kinds", "shown"), [("app", (True, False)), ("key", (False, True)), ("both", (True, True))])
def test_second_step_offers_what_the_person_has(person, kinds, shown, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _user: [])
    if kinds in {"app", "both"}:
        add_app(person)
    if kinds in {"key", "both"}:
        Authenticator.objects.create(user=person, type="webauthn", data={"name": "telephone"})
    page = sign_in(person).get("/sign-in/code/")

    assert (page.context["has_app"], page.context["has_key"]) == shown
    assert ('id="use-key"' in page.content.decode()) == shown[1]


def test_guessed_codes_are_slowed_down_but_not_on_a_known_device(person):
    secret = add_app(person)
    own = sign_in(person)
    second_step(own, code_of(secret))
    own.post("/sign-out/")
    thief = sign_in(person)
    for _ in range(6):
        second_step(thief, "000000")
    second_step(thief, code_of(secret, steps=1))
    sign_in(person, client=own)
    second_step(own, code_of(secret, steps=1))

    assert (is_in(thief), is_in(own)) == (False, True)


def test_trusted_device_is_not_asked_again(person):
    secret = add_app(person)
    client = sign_in(person)
    second_step(client, code_of(secret), trust="1")
    client.post("/sign-out/")

    assert is_in(sign_in(person, client=client))


def test_trust_ends_when_the_device_is_signed_out_from_elsewhere(person):
    secret = add_app(person)
    laptop = sign_in(person)
    second_step(laptop, code_of(secret), trust="1")
    person.sessions.all().end()

    assert not is_in(sign_in(person, client=laptop))


def test_role_that_demands_it_opens_nothing_before_it_is_set(person):
    RolePolicy.objects.create(role="editor", second_factor=True)
    client = sign_in(person)
    led = {client.get(path).headers.get("Location") for path in ("/", "/contacts/", "/mailings/", "/settings/")}

    assert (led, client.get("/settings/security/").status_code) == ({"/settings/security/"}, 200)


def test_page_that_a_rule_forces_offers_only_to_sign_out(person):
    client = sign_in(person)
    free = client.get("/settings/security/").content.decode()
    RolePolicy.objects.create(role="editor", second_factor=True)
    pages = [client.get(f"/settings/security/{path}").content.decode() for path in ("", "app/", "keys/new/")]

    assert 'href="/mailings/"' in free
    assert ['href="/mailings/"' in page for page in pages] == [False, False, False]
    assert ['action="/sign-out/"' in page for page in pages] == [True, True, True]


def test_setting_it_opens_the_rest_and_shows_spare_codes(person):
    RolePolicy.objects.create(role="editor", second_factor=True)
    client = sign_in(person)
    page = client.get("/settings/security/app/")
    answer = client.post("/settings/security/app/", {"code": code_of(page.context["form"].secret)}, follow=True)

    assert (answer.redirect_chain[-1][0], len(answer.context["unused_codes"])) == ("/settings/security/codes/", 10)
    assert client.get("/contacts/").status_code == 200


def test_wrong_first_code_turns_nothing_on_and_keeps_the_secret(person):
    client = sign_in(person)
    secret = client.get("/settings/security/app/").context["form"].secret
    answer = client.post("/settings/security/app/", {"code": "000000"})

    assert (answer.context["form"].secret, Authenticator.objects.count()) == (secret, 0)


def test_changing_it_signs_the_other_devices_out_and_tells_the_owner(person, django_capture_on_commit_callbacks):
    other, client = sign_in(person), sign_in(person)
    page = client.get("/settings/security/app/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/settings/security/app/", {"code": code_of(page.context["form"].secret)})

    letter = StaffLetter.objects.get(kind="factor_changed")
    assert (is_in(other), is_in(client), letter.facts) == (False, True, {"what": "added", "factor": "totp"})


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"what": "added", "factor": "totp"}, "Added: the app with codes."),
        ({"what": "removed", "factor": "webauthn"}, "Removed: a passkey."),
        ({"by": "Сергей К."}, "The administrator (Сергей К.) removed it. Set a new one at the next sign-in."),
        ({}, "If this was not you, call the administrator at once: they can close the account and sign it out."),
    ],
)
def test_letter_says_what_changed(facts, said):
    letter = StaffLetter.objects.create(user=make_user("viewer", language="en"), kind="factor_changed", facts=facts)

    assert compose(letter).body.split("\n\n")[2] == said


def test_removing_it_asks_who_is_there_when_the_sign_in_was_long_ago(person, time_machine):
    secret = add_app(person)
    client = sign_in(person)
    second_step(client, code_of(secret))
    time_machine.move_to(timezone.now() + timedelta(minutes=10))

    answer = client.post("/settings/security/app/remove/")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/confirm/")


def test_secret_is_not_in_the_database(person):
    secret = add_app(person)
    add_spare_codes(person)
    kept = {row.type: row.data for row in Authenticator.objects.all()}

    assert secret not in str(kept)
    assert unseal(kept["totp"]["secret"]) == secret


def test_secret_survives_the_rotation_of_keys(person, settings, tmp_path):
    settings.SEAL_KEYS_PATH = tmp_path / "seal_keys"
    secret = add_app(person)
    before = Authenticator.objects.get().data["secret"]
    add_key()
    holders()["second factors"](reseal)
    after = Authenticator.objects.get().data["secret"]

    assert (unseal(after), before != after) == (secret, True)


def test_signed_out_halfway_the_password_counts_no_more(person):
    add_app(person)
    client = sign_in(person)
    client.post("/sign-in/leave/")

    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_device_is_remembered_by_a_hash(person):
    client = sign_in(person)

    assert client.cookies["device"].value not in str(list(Device.objects.values()))
    assert (client.cookies["device"]["httponly"], client.cookies["device"]["samesite"]) == (True, "Lax")


def test_login_by_password_in_a_second_browser_is_a_new_device(person):
    sign_in(person)
    sign_in(person, client=Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}))

    letter = StaffLetter.objects.get(kind="new_device")
    assert (letter.user, letter.facts["device"][:7]) == (person, "Firefox")


def test_known_device_brings_no_letter(person):
    client = sign_in(person)
    client.post("/sign-out/")
    sign_in(person, PASSWORD, client=client)

    assert StaffLetter.objects.filter(kind="new_device").count() == 0


def test_trust_of_a_signed_out_device_ends_with_the_password(person):
    secret = add_app(person)
    laptop = sign_in(person)
    second_step(laptop, code_of(secret), trust="1")
    laptop.post("/sign-out/")
    here = sign_in(person)
    second_step(here, code_of(secret, steps=1))
    new = {"current": PASSWORD, "password": "another-long-password-2026", "again": "another-long-password-2026"}
    here.post("/settings/password/", new)

    assert not is_in(sign_in(person, "another-long-password-2026", client=laptop))
