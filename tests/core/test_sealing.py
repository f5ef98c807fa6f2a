import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from core import addresses, sealing
from core.sealing import CannotUnseal, blind, is_current, reseal, seal, unseal

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(WORDS)
def test_what_is_sealed_can_be_unsealed(text):
    assert unseal(seal(text)) == text


@given(WORDS.filter(lambda text: len(text) > 3))
def test_a_token_shows_nothing_of_its_text(text):
    token = seal(text)

    assert (text in token, token == seal(text)) == (False, False)


@given(WORDS)
def test_anything_else_is_refused(text):
    with pytest.raises(CannotUnseal):
        unseal(text)


def test_a_changed_token_is_refused():
    token = seal("marzia@navid.test")

    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(CannotUnseal):
            unseal(token[:place] + other + token[place + 1 :])


def test_the_first_key_writes_and_all_read(settings):
    settings.SEAL_KEYS = [OLD]
    token = seal("marzia@navid.test")
    settings.SEAL_KEYS = [NEW, OLD]

    assert (unseal(token), is_current(token), is_current(seal("x"))) == ("marzia@navid.test", False, True)


def test_a_resealed_token_needs_the_old_key_no_more(settings):
    settings.SEAL_KEYS = [OLD]
    token = seal("marzia@navid.test")
    settings.SEAL_KEYS = [NEW, OLD]
    renewed = reseal(token)
    settings.SEAL_KEYS = [NEW]

    assert (unseal(renewed), is_current(renewed)) == ("marzia@navid.test", True)
    for forgotten in (unseal, reseal):
        with pytest.raises(CannotUnseal):
            forgotten(token)


def test_a_key_of_the_wrong_form_is_said_plainly(settings):
    settings.SEAL_KEYS = ["a password"]

    with pytest.raises(ImproperlyConfigured, match="SEAL_KEYS"):
        seal("x")


def test_the_key_file_is_made_once_and_readable_by_its_owner_only(settings, tmp_path):
    settings.SEAL_KEYS, settings.SEAL_KEYS_PATH = [], tmp_path / "var" / "seal_keys"
    token = seal("x")

    assert (unseal(token), len(sealing.keys())) == ("x", 1)
    assert settings.SEAL_KEYS_PATH.stat().st_mode & 0o077 == 0
    assert [path.name for path in settings.SEAL_KEYS_PATH.parent.iterdir()] == ["seal_keys"]


def test_a_new_key_in_the_file_is_used_at_once_and_the_old_one_can_go(settings, tmp_path):
    settings.SEAL_KEYS, settings.SEAL_KEYS_PATH = [], tmp_path / "seal_keys"
    token = seal("x")
    sealing.add_key()
    renewed = reseal(token)
    sealing.drop_old_keys()

    assert (unseal(renewed), len(sealing.keys())) == ("x", 1)
    assert settings.SEAL_KEYS_PATH.stat().st_mode & 0o077 == 0
    with pytest.raises(CannotUnseal):
        unseal(token)


@given(WORDS, WORDS)
def test_blind_indices_are_equal_exactly_where_keys_are(one, other):
    assert (blind(one) == blind(other)) == (addresses.key(one) == addresses.key(other))


def test_a_blind_index_says_nothing_without_its_key(settings):
    settings.BLIND_KEY = "one"
    before = blind("Marzia@Navid.test")
    settings.BLIND_KEY = "two"

    assert (len(before), before == blind("marzia@navid.test")) == (64, False)
