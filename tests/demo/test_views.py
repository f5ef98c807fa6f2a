"""The mail catcher's page shows every letter, with an HTML part or without one."""

from email.message import EmailMessage

import pytest

from demo import catcher
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings, tmp_path, client_of):
    """`shown(text, html)` is the answer that fills the frame of such a letter."""
    settings.VAR = tmp_path

    def answer(text, html=""):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "desk@payom.test", "new@payom.test", "Письмо"
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        return client_of(make_user("viewer")).get(f"/demo/inbox/{catcher.keep(message.as_bytes())}/body/")

    return answer


def test_letter_without_html_shows_its_text_with_links_and_runs_nothing(shown):
    page = shown("Здравствуйте!\n<script>alert(1)</script>\nhttp://payom.test/join/a-b/?x=1&y=2")
    text = page.content.decode().partition("<pre>")[2]

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert '<a href="http://payom.test/join/a-b/?x=1&amp;y=2" rel="nofollow">' in text
    assert "sandbox allow-popups" in page.headers["Content-Security-Policy"]


def test_letter_with_html_shows_that(shown):
    page = shown("Текст", "<html><head></head><body><b>Жирно</b></body></html>").content.decode()

    assert ("<b>Жирно</b>" in page, "<pre>" in page, '<base target="_blank">' in page) == (True, False, True)
