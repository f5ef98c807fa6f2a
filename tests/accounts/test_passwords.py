"""What the product says about passwords, in its own words."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from accounts.links import link_for
from tests.factories.accounts import make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short-one", ["Too short: it needs at least 12 characters."]),
        ("qwertyqwerty", ["Everybody knows this password. Think of another."]),
        ("farangis-nazarova", ["Too much like your name or address."]),
        ("press-desk@payom.test", ["Too much like your name or address."]),
        ("three-unrelated-words-2026", []),
    ],
)
def test_password_is_refused_in_our_own_words(password, said):
    user = make_user("editor", name="Farangis Nazarova", email="press-desk@payom.test")
    try:
        validate_password(password, user)
        found = []
    except ValidationError as error:
        found = error.messages

    assert found == said


def test_help_says_what_is_asked():
    assert password_validators_help_texts() == [
        "At least 12 characters.",
        "Not like your name and address.",
        "Not from the list of common passwords.",
    ]


def test_refused_password_is_not_said_to_be_kept(client):
    user = make_user("editor", link_sent_at=timezone.now())
    path = urlsplit(link_for(user)).path
    page = client.post(path, {"password": "short"}, headers={"Accept-Language": "en"}).content.decode()

    assert "The password is not saved. Type it again." in page
    assert "still here" not in page


def test_wrong_password_at_the_confirmation_says_what_to_do():
    user = make_user("editor", language="en")
    client = sign_in(user)
    asked = client.post("/confirm/", {"password": "wrong"}).context["form"].errors["password"]
    empty = client.post("/confirm/", {"password": ""}).context["form"].errors["password"]

    assert (asked, empty) == (["The password does not fit. Type it again."], ["Type the password."])
