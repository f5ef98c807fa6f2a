import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

from . import network
from .mail_server import MailServer


def pytest_configure(config):
    network.close()


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def author(db):
    """Writes mailings."""
    return User.objects.create_user("author@payom.test", "a-long-password", name="Мехрона С.")


@pytest.fixture
def head(db):
    """Another person, who may approve what the author wrote."""
    return User.objects.create_user("head@payom.test", "a-long-password", name="Фарангис Н.")


@pytest.fixture
def client_of():
    """`client_of(user)` is a test client signed in as that user."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def smtp(settings):
    """A real SMTP server on this machine, and settings that point at it."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = False, "", ""
    yield server
    server.stop()
