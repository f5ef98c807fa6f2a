"""The coarse class of a program."""

import pytest

from mailings.measuring.agents import Agent, agent_of


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("", Agent.UNNAMED),
        ("Mozilla/5.0", Agent.APPLE),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", Agent.GMAIL),
        ("TelegramBot (like TwitterBot)", Agent.PREVIEW),
        ("WhatsApp/2.20.206.24 A", Agent.PREVIEW),
        ("python-requests/2.24.0", Agent.SCRIPT),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/85.0 Safari/537.36", Agent.SCRIPT),
        ("Mozilla/5.0 (Windows NT 10.0; rv:78.0) Gecko/20100101 Thunderbird/78.5.1", Agent.MAIL),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/87.0 Safari/537.36", Agent.BROWSER),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/86.0 Mobile", Agent.BROWSER),
    ],
)
def test_program_is_known_by_what_it_calls_itself(name, agent):
    assert agent_of(name) is agent
