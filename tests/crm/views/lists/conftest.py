"""Who looks at the contact list."""

import pytest

from tests.factories.mailings import person


@pytest.fixture
def editor(db):
    return person("author@payom.test")


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)
