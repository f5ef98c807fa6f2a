"""A browser and a system in words, from what the browser says about itself. Pure."""

from ua_parser import parse

# Longer than any honest browser's; what is above it is not read.
_MAX = 512
_MOBILE = ("Mobile ", " Mobile", " iOS")


def device_words(user_agent: str) -> str:
    """`Firefox, Windows`; empty for what cannot be told. Brand names are the same in every language."""
    found = parse(user_agent[:_MAX])
    browser = found.user_agent.family if found.user_agent else ""
    for word in _MOBILE:
        browser = browser.replace(word, "")
    system = found.os.family if found.os else ""
    return ", ".join(word[:40] for word in (browser, system) if word)
