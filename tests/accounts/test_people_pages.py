"""What the pages about people say, and whom a refusal names."""

import pytest
from django.utils.translation import override

from accounts.actions.lockdown import lock_down
from accounts.models import RolePolicy, User
from tests.factories.accounts import add_app, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user("administrator", name="Сергей К.")


@pytest.fixture
def people(admin):
    """A head and an editor who have joined, and a head and an administrator who have not."""
    make_user("head", name="Фарангис Н.")
    make_user("editor", name="Мехрона С.")
    for role in ("head", "administrator"):
        User.objects.create_user(f"late-{role}@payom.test", name=f"Ещё не здесь, {role}", role=role)


@pytest.mark.parametrize(
    ("role", "path", "named"),
    [
        ("viewer", "/lockdown/", ["Фарангис Н."]),
        ("viewer", "/contacts/restricted/", ["Фарангис Н."]),
        ("viewer", "/people/", ["Сергей К."]),
        ("door", "/contacts/", ["Сергей К."]),
    ],
)
def test_a_refusal_names_who_can_help_and_has_joined(people, client_of, role, path, named):
    page = client_of(make_user(role)).get(path)

    assert (page.status_code, [user.name for user in page.context["helpers"]]) == (403, named)


def test_a_refusal_keeps_the_sections_in_reach_and_says_either_right(people, client_of):
    page = client_of(make_user("door", language="en")).get("/contacts/").content.decode()

    assert 'class="nav"' in page
    assert "“See open contacts” or “See the people, events and requests of one&#x27;s own organisation”" in page


def test_a_filter_that_finds_nobody_says_so_and_can_be_dropped(admin, client_of):
    make_user("editor")
    page = client_of(admin).get("/people/?lacking=1")

    assert (page.context["rows"], [chip["without"] for chip in page.context["chips"]]) == ([], ["/people/"])
    assert page.context["is_alone"] is False


@pytest.mark.parametrize("path", ["/people/", "/people/?lacking=1"])
def test_who_works_alone_is_told_that_an_approval_needs_two(admin, client_of, path):
    assert client_of(admin).get(path).context["is_alone"] is True


FACTOR = ["</svg>second factor<", "no second factor yet", "without a second factor"]


@pytest.mark.parametrize(
    ("has", "demanded", "said"), [(True, True, FACTOR[0]), (False, True, FACTOR[1]), (False, False, FACTOR[2])]
)
def test_the_page_of_a_person_says_whether_a_second_factor_is_set(client_of, has, demanded, said):
    user, reader = make_user("editor"), make_user("administrator", language="en")
    RolePolicy.objects.create(role="editor", second_factor=demanded)
    if has:
        add_app(user)
    page = client_of(reader).get(f"/people/{user.pk}/").content.decode()

    assert [words for words in FACTOR if words in page] == [said]


def test_a_role_is_not_said_twice(admin, client_of):
    user = make_user("editor", job_title="Редактор")
    page = client_of(admin).get(f"/people/{user.pk}/").content.decode()

    assert page.count("Редактор") == 1


def test_a_lock_down_is_named_in_the_time_of_the_office(admin, time_machine):
    time_machine.move_to("2026-11-25 19:27:00+00:00")
    with override("ru"):
        assert str(lock_down(by=admin, key_holder=None)) == "26 ноября 2026, 00:27"
