"""Who sees whom: every role, every degree of care, restricted or not, on every page about contacts."""

import pytest

from accounts.roles import Role
from crm.models import Contact
from tests.factories.contacts import BANNED, CHAIKHONA, NAVID, make_contact, make_everybody, make_staff

pytestmark = pytest.mark.django_db

OF_NAVID = {f"open {NAVID}", f"internal {NAVID}"}
OPEN = {f"open {CHAIKHONA}", f"open {NAVID}"}
UNBANNED = {f"{level} {place}" for level in ("open", "internal", "sealed") for place in (CHAIKHONA, NAVID)}
SEEN = {
    Role.HEAD: UNBANNED | {f"{level} {BANNED}" for level in ("open", "internal", "sealed")},
    Role.EDITOR: UNBANNED,
    Role.VIEWER: OPEN,
    Role.MEMBER: OF_NAVID,
    Role.ADMINISTRATOR: set(),
    Role.DOOR: set(),
}
EDITS = {
    Role.HEAD: SEEN[Role.HEAD],
    Role.EDITOR: {name for name in UNBANNED if not name.startswith("sealed")},
}
LISTS = [Role.HEAD, Role.EDITOR, Role.VIEWER, Role.MEMBER]
# Who edits is also offered colleagues and lists; a member none of what we sort people by.
QUERIES = {Role.HEAD: 23, Role.EDITOR: 24, Role.VIEWER: 21, Role.MEMBER: 13}


def opened(client, path):
    """The names of contacts for whom a page of theirs opens."""
    found = {contact.name: client.get(path.format(contact.pk)).status_code for contact in Contact.objects.all()}
    assert set(found.values()) <= {200, 403, 404}
    return {name for name, status in found.items() if status == 200}


@pytest.mark.parametrize("role", Role)
def test_who_is_visible_to_whom(role):
    make_everybody()

    assert {contact.name for contact in Contact.objects.visible_to(make_staff(role))} == SEEN[role]


@pytest.mark.parametrize("role", LISTS)
def test_list_counts_and_cities_are_of_the_visible_only(role, client_of):
    make_everybody()
    for contact in Contact.objects.all():
        Contact.objects.filter(pk=contact.pk).update(city=contact.name)
    page = client_of(make_staff(role)).get("/contacts/")

    assert {contact.name for contact in page.context["object_list"]} == SEEN[role]
    assert page.context["total"]() == len(SEEN[role])
    assert {value for value, _label in page.context["filterset"].form.fields["city"].choices} == SEEN[role]


@pytest.mark.parametrize("role", Role)
def test_record_opens_for_who_sees_the_person(role, client_of):
    make_everybody()

    assert opened(client_of(make_staff(role)), "/contacts/{}/") == SEEN[role]


@pytest.mark.parametrize("role", Role)
def test_edit_form_opens_for_who_may_edit_the_person(role, client_of):
    make_everybody()

    assert opened(client_of(make_staff(role)), "/contacts/{}/edit/") == EDITS.get(role, set())


@pytest.mark.parametrize("role", [Role.HEAD, Role.EDITOR, Role.VIEWER])
def test_mailings_of_a_person_open_for_who_sees_the_person(role, client_of):
    make_everybody()

    assert opened(client_of(make_staff(role)), "/mailings/of-contact/{}/") == SEEN[role]


@pytest.mark.parametrize("role", LISTS)
def test_nobody_tells_the_hidden_from_the_missing(role, client_of):
    make_everybody()
    client = client_of(make_staff(role))
    hidden = Contact.objects.exclude(name__in=SEEN[role]).first()
    if hidden is None:
        return

    pages = [client.get(f"/contacts/{key}/") for key in (hidden.pk, 999_999)]

    assert {page.status_code for page in pages} == {404}
    assert pages[0].content == pages[1].content


@pytest.mark.parametrize("role", LISTS)
def test_search_finds_only_the_visible(role, client_of):
    make_everybody()
    page = client_of(make_staff(role)).get("/contacts/", {"q": "sealed"})

    assert {contact.name for contact in page.context["object_list"]} == {
        name for name in SEEN[role] if name.startswith("sealed")
    }


@pytest.mark.parametrize("role", LISTS)
def test_today_counts_the_visible_only(role, client_of):
    make_everybody()

    assert client_of(make_staff(role)).get("/").context["contacts"] == len(SEEN[role])


def test_a_member_who_represents_nobody_sees_nobody(client_of):
    make_everybody()
    member = make_staff(Role.MEMBER)
    member.representation.delete()

    assert list(client_of(member).get("/contacts/").context["object_list"]) == []


def test_a_contact_at_two_organisations_is_restricted_by_one(client_of):
    make_everybody()
    contact = Contact.objects.get(name=f"open {NAVID}")
    contact.positions.create(organisation=Contact.objects.get(name=f"open {BANNED}").positions.get().organisation)

    assert [contact in Contact.objects.visible_to(make_staff(role)) for role in (Role.HEAD, Role.EDITOR)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("role", LISTS)
@pytest.mark.parametrize("people", [1, 3])
def test_list_takes_the_same_queries_whatever_the_size(role, people, client_of, django_assert_num_queries):
    for number in range(people):
        make_contact(f"Человек {number}", organisation=NAVID, emails=[f"p{number}@navid.test"])
    client = client_of(make_staff(role))

    with django_assert_num_queries(QUERIES[role]):
        client.get("/contacts/")


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        (Role.HEAD, {"/contacts/new/", "/contacts/import/", "/contacts/restricted/"}),
        (Role.EDITOR, {"/contacts/new/", "/contacts/import/"}),
        (Role.VIEWER, set()),
        (Role.MEMBER, set()),
    ],
)
def test_only_buttons_that_the_role_can_press_are_there(role, buttons, client_of):
    make_contact("Кто-то", organisation=NAVID)
    page = client_of(make_staff(role)).get("/contacts/").content.decode()
    known = ["/contacts/new/", "/contacts/import/", "/contacts/restricted/", "/contacts/representatives/"]

    assert {path for path in known if f'"{path}"' in page} == buttons
