"""What a person does not want, in words."""

import pytest
from django.utils import translation

from crm.models import StopRule, Topic


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"scope": "everything"}, "Nothing at all"),
        ({"scope": "greetings"}, "Greetings"),
        ({"scope": "topic", "topic": Topic(name="армия")}, "Nothing about “армия”"),
        ({"scope": "channel", "channel": "telegram"}, "Not by this way: Telegram"),
    ],
    ids=["everything", "greetings", "topic", "channel"],
)
def test_a_stop_rule_is_said_in_words(rule, words):
    with translation.override("en"):
        assert StopRule(**rule).words == words
