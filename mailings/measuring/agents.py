"""What kind of program asks for a link or a picture: a coarse class. Its name is read once and never kept."""

import re
from enum import StrEnum


class Agent(StrEnum):
    BROWSER = "browser"
    MAIL = "mail"
    # Loads a picture on behalf of the reader, when the letter is opened.
    GMAIL = "gmail"
    # Loads every picture of every letter, whether anybody opens it or not.
    APPLE = "apple"
    # Shows what stands behind a link that somebody passed on.
    PREVIEW = "preview"
    SCRIPT = "script"
    UNNAMED = "unnamed"


_PREVIEW = re.compile(
    r"telegrambot|whatsapp|facebookexternalhit|facebot|twitterbot|slackbot|viber|vkshare|skypeuripreview|linkedinbot"
    r"|discordbot|mail\.ru_bot|okhttp|embedly|pinterest",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"python-|aiohttp|httpx|curl/|wget|go-http|java/|libwww|headless|phantomjs|scrapy|node-fetch|axios|postmanruntime"
    r"|(?<!cu)bot\b|bot/|crawler|spider|scanner|barracuda|proofpoint|mimecast|symantec|safelinks|urlscan|monitor",
    re.IGNORECASE,
)
_MAIL = re.compile(r"outlook|thunderbird|msoffice|the bat|evolution|kmail|lotus", re.IGNORECASE)
_PROXY = re.compile(r"googleimageproxy|yahoomailproxy", re.IGNORECASE)


def agent_of(name: str) -> Agent:
    """The class of a program by what it calls itself."""
    name = name.strip()
    if not name:
        return Agent.UNNAMED
    if name == "Mozilla/5.0":
        return Agent.APPLE
    for pattern, agent in (
        (_PROXY, Agent.GMAIL),
        (_PREVIEW, Agent.PREVIEW),
        (_SCRIPT, Agent.SCRIPT),
        (_MAIL, Agent.MAIL),
    ):
        if pattern.search(name):
            return agent
    return Agent.BROWSER
