import pytest

from events.actions.door import set_keepers
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_held_today
from tests.factories.mailings import person


@pytest.fixture
def event():
    return make_held_today(title="Пресс-конференция")


@pytest.fixture
def keeper(event):
    user = make_user("door")
    set_keepers(event, [user], by=person(HEAD))
    return user


@pytest.fixture
def phone(client_of, keeper):
    return client_of(keeper)
