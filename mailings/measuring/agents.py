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


# Parts of names, in small letters; the first that is in a name says what it is. Looked for one by one: that is
# quicker than a pattern, and every click waits for it.
_NAMES = [
    (Agent.GMAIL, ["googleimageproxy", "yahoomailproxy"]),
    (
        Agent.PREVIEW,
        ["telegrambot", "whatsapp", "facebookexternalhit", "facebot", "twitterbot", "slackbot", "vkshare", "viber",
         "skypeuripreview", "linkedinbot", "discordbot", "mail.ru_bot", "embedly", "pinterest"],
    ),
    (
        Agent.SCRIPT,
        ["python-", "aiohttp", "httpx", "curl/", "wget", "go-http", "java/", "libwww", "headless", "phantomjs",
         "okhttp", "scrapy", "node-fetch", "axios", "crawler", "spider", "scanner", "barracuda", "proofpoint",
         "mimecast", "symantec", "safelinks", "urlscan"],
    ),
    (Agent.MAIL, ["outlook", "thunderbird", "msoffice", "the bat", "evolution", "kmail", "lotus"]),
]  # fmt: skip
# A telephone is called CUBOT.
_BOT = re.compile(r"(?<!cu)bot\b")


def agent_of(name: str) -> Agent:
    """The class of a program by what it calls itself."""
    name = name.strip().lower()
    if not name:
        return Agent.UNNAMED
    if name == "mozilla/5.0":
        return Agent.APPLE
    for agent, parts in _NAMES:
        if any(part in name for part in parts):
            return agent
    return Agent.SCRIPT if _BOT.search(name) else Agent.BROWSER
