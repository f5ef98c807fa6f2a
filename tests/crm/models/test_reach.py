"""Ways to reach somebody, as they are kept and read."""

from crm.models import Phone


def test_messengers_are_named_as_they_are_written():
    assert Phone(messengers="whatsapp imo").messenger_names == "WhatsApp, IMO"
