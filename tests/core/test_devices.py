import pytest

from core.devices import device_words

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1",
         "Safari, iOS"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {CHROME} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Chrome/126.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("no browser says this", ""),
        ("(" * 100_000, ""),
    ],
)  # fmt: skip
def test_a_browser_in_words(user_agent, words):
    assert device_words(user_agent) == words
