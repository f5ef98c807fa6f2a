import pytest

from accounts.roles import Role
from tests.factories.exports import exporter
from tests.factories.hooks import SECRET


@pytest.fixture
def own_visits(settings, tmp_path):
    """Visits to links are kept in a folder of this test's."""
    settings.VISITS = tmp_path / "visits"


@pytest.fixture
def boss(client_of):
    """Somebody who sees everybody, may take people out, and has just said the password again."""
    client = client_of(exporter("boss@payom.test", role=Role.HEAD))
    client.post("/confirm/", {"password": "a-long-password"})
    return client


@pytest.fixture
def webhooks(settings):
    """Webhooks are open to who knows the secret."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}
