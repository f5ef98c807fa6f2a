"""A new key for everything sealed, while the product runs, stopped and taken up again."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from config.management.commands import rotate_seal_keys
from config.management.commands.rotate_seal_keys import sealed_columns
from core import sealing
from crm.models import Contact, EmailAddress, Phone
from mailings.models import Delivery
from mailings.pipeline.send import send_due
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_started

pytestmark = pytest.mark.django_db

ADDRESS = "marzia@tanho.test"


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    settings.SEAL_KEYS, settings.SEAL_KEYS_PATH = [], tmp_path / "seal_keys"
    return settings.SEAL_KEYS_PATH


@pytest.fixture
def holders(monkeypatch):
    """Nobody but who the test registers."""
    monkeypatch.setattr(sealing, "_holders", {})


def rotate(**options):
    out = StringIO()
    call_command("rotate_seal_keys", stdout=out, **options)
    return out.getvalue()


def make_marzia():
    return make_contact(
        "Марзия", sensitivity="sealed", emails=[ADDRESS], phones=["+992930001122"], note="звонить после семи"
    )


def held():
    """What every sealed column holds now, opened."""
    return [
        sealing.unseal(token)
        for model, column in sealed_columns()
        for token in model.objects.exclude(**{column: ""}).values_list(column, flat=True)
    ]


def test_sealed_columns_are_found_by_themselves():
    found = {(model._meta.label, column) for model, column in sealed_columns()}

    assert found >= {
        ("crm.Contact", "sealed_note"),
        ("crm.EmailAddress", "sealed"),
        ("crm.Phone", "sealed"),
        ("mailings.Delivery", "sealed"),
    }


def test_everything_is_under_the_new_key_and_the_old_one_can_go(key_file):
    make_marzia()
    make_started()
    before, old = held(), key_file.read_text().split()
    said = rotate()
    between = key_file.read_text().split()
    rotate(finish=True)

    assert (held(), "4, of 4" in said) == (before, True)
    assert (between[1:], key_file.read_text().split()) == (old, between[:1])


def test_a_mailing_that_was_waiting_leaves_after_the_old_key_is_gone(smtp):
    make_marzia()
    make_started()
    rotate()
    rotate(finish=True)

    send_due()

    assert smtp.recipients == [ADDRESS]


def test_blind_indices_stay_as_they_are():
    make_marzia()
    before = [list(model.objects.values_list("key", flat=True)) for model in (EmailAddress, Phone)]
    rotate()

    assert [list(model.objects.values_list("key", flat=True)) for model in (EmailAddress, Phone)] == before


def test_stopped_in_the_middle_it_goes_on_with_the_same_key(key_file, holders):
    make_marzia()

    def stumble(_change):
        raise KeyboardInterrupt

    sealing.register_holder("stumbles", stumble)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    keys = key_file.read_text()
    sealing.register_holder("stumbles", lambda change: None)
    said = rotate()

    assert (key_file.read_text(), "0, of 3" in said) == (keys, True)


def test_it_works_in_batches(monkeypatch):
    monkeypatch.setattr(rotate_seal_keys, "BATCH", 2)
    for number in range(5):
        make_contact(f"Человек {number}", sensitivity="sealed", emails=[f"p{number}@tanho.test"])

    assert "5, of 5" in rotate()


def test_what_others_hold_is_sealed_anew_with_it(holders):
    kept = [sealing.seal("totp"), sealing.seal("seed")]

    def holder(change):
        kept[:] = [change(token) for token in kept]

    sealing.register_holder("second factors", holder)
    rotate()

    assert ([sealing.is_current(token) for token in kept], [*map(sealing.unseal, kept)]) == (
        [True, True],
        ["totp", "seed"],
    )


def test_what_is_written_meanwhile_is_not_overwritten(monkeypatch):
    make_marzia()
    real, written = sealing.reseal, {}

    def write_first(token):
        if not written:
            written["token"] = sealing.seal("other")
            Contact.objects.filter(sealed_note=token).update(sealed_note=written["token"])
        return real(token)

    monkeypatch.setattr(sealing, "reseal", write_first)
    rotate()

    assert Contact.objects.get().sealed_note == written["token"]


def test_the_old_key_stays_while_something_needs_it(key_file):
    make_marzia()
    sealing.add_key()

    with pytest.raises(CommandError, match="3"):
        rotate(finish=True)
    assert len(key_file.read_text().split()) == 2


def test_what_opens_with_no_key_is_said_and_left(key_file):
    contact = make_marzia()
    lost = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
    Contact.objects.filter(pk=contact.pk).update(sealed_note=lost)

    with pytest.raises(CommandError, match="none of the keys: 1"):
        rotate()
    assert (Contact.objects.get().sealed_note, EmailAddress.objects.get().reveal()) == (lost, ADDRESS)


def test_keys_of_the_environment_are_turned_by_hand(settings):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.SEAL_KEYS = [old]
    make_marzia()
    with pytest.raises(CommandError, match="SEAL_KEYS"):
        rotate()
    settings.SEAL_KEYS = [new, old]
    rotate()
    rotate(finish=True)
    settings.SEAL_KEYS = [new]

    assert EmailAddress.objects.get().reveal() == ADDRESS
    assert Delivery.objects.count() == 0
