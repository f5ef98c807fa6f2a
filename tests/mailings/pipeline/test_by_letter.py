"""Unsubscribing by a letter to an address of ours: its token is believed, the sender's name is not."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.signing import BadToken, make_token
from crm.models import Suppression
from mailings import actions
from mailings.pipeline.by_letter import UNSUBSCRIBE, address_of, number_in
from mailings.pipeline.send import send_due
from tests.factories.mailings import make_reader, make_started


@pytest.fixture
def mailbox(settings):
    settings.MAILBOX_ADDRESS = "Press@coalition.test"


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_address_gives_back_the_number(number):
    with override_settings(MAILBOX_ADDRESS="press@coalition.test"):
        address = address_of(number)

        assert (number_in(address), number_in(address.upper()), len(address.partition("@")[0]) <= 64) == (
            number,
            number,
            True,
        )


def test_without_a_mailbox_there_is_no_address(settings):
    settings.MAILBOX_ADDRESS = ""

    assert address_of(7) == ""


def test_any_character_changed_is_refused(mailbox):
    address = address_of(7)
    local, at, domain = address.partition("@")
    refused = 0
    for place, char in enumerate(local):
        try:
            number_in(local[:place] + ("a" if char != "a" else "b") + local[place + 1 :] + at + domain)
        except BadToken:
            refused += 1

    assert refused == len(local)


@pytest.mark.parametrize(
    "address",
    ["", "press@coalition.test", "press+u-@coalition.test", "press+u-ы@coalition.test", "press+u-aaaa@other.test"],
)
def test_what_is_no_address_of_ours_is_refused(mailbox, address):
    with pytest.raises(BadToken):
        number_in(address)


def test_token_for_another_domain_of_ours_is_refused(mailbox, settings):
    address = address_of(7)
    settings.MAILBOX_ADDRESS = "other@coalition.test"

    with pytest.raises(BadToken):
        number_in(address)


@pytest.mark.django_db
def test_letter_names_the_page_before_the_address(mailbox, smtp):
    make_reader()
    delivery = make_started().deliveries.get()
    send_due()
    message = smtp.envelopes[0].message

    page = f"http://testserver/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"
    assert message.get_all("List-Unsubscribe") == [f"<{page}>, <mailto:{address_of(delivery.pk)}?subject=unsubscribe>"]
    assert message.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]


@pytest.mark.django_db
def test_letter_to_that_address_unsubscribes(mailbox):
    make_reader("reader@navid.test")
    delivery = make_started().deliveries.get()

    assert actions.unsubscribe_by_letter(address_of(delivery.pk))
    assert list(Suppression.objects.values_list("address", "reason")) == [("reader@navid.test", "unsubscribed")]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 2**40])
def test_letter_about_nobody_unsubscribes_nobody(mailbox, number):
    make_reader("reader@navid.test")
    make_started()

    assert (actions.unsubscribe_by_letter(address_of(number)), Suppression.objects.count()) == (False, 0)
