"""Two people open one form of settings: the second is told who was first, and keeps what was typed."""

import pytest

from mailings.models import Holiday
from tests.factories.events import make_venue
from tests.factories.greetings import make_occasion
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


def holiday():
    made = Holiday.objects.create(name="День мира", month=9, day=9)
    return f"/mailings/holidays/{made.pk}/", "name"


def occasion():
    return f"/mailings/greetings/{make_occasion().pk}/edit/", "name_ru"


def venue():
    return f"/events/venues/{make_venue().pk}/", "name"


def shown(client, path):
    """What a browser would send of the form as it stands."""
    form = client.get(path).context["form"]
    fields = {field.html_name: field.value() for field in form}
    given = {name: value for name, value in fields.items() if value not in (None, False)}
    return given | {"opened": form._present}


@pytest.fixture
def two(client_of):
    return [client_of(person(f"{name}@payom.test")) for name in ("first", "second")]


@pytest.mark.parametrize("make", [holiday, occasion, venue])
def test_who_saves_second_is_told_and_nothing_is_overwritten_unseen(make, two):
    path, field = make()
    first, second = (shown(client, path) for client in two)

    saved = two[0].post(path, first | {field: "Что вписал первый"})
    told = two[1].post(path, second | {field: "Что вписал второй"})
    kept = shown(two[0], path)[field]

    assert (saved.status_code, told.status_code, kept) == (302, 422, "Что вписал первый")
    assert told.context["form"][field].value() == "Что вписал второй"
    assert str(person("first@payom.test")) in str(told.context["form"].non_field_errors())


@pytest.mark.parametrize("make", [holiday, occasion, venue])
def test_who_saves_twice_is_told_nothing(make, two):
    path, field = make()

    answers = [
        two[0].post(path, shown(two[0], path) | {field: words}).status_code for words in ("Одно имя", "Другое имя")
    ]

    assert answers == [302, 302]
