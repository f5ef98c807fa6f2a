"""Every staff page against the table of rights, from the URL configuration, so that a new page is not forgotten."""

from copy import copy

import pytest
from django.test import Client

from accounts.roles import TABLE, Right, Role
from audit.models import Entry
from core.rights import rights_for
from crm.actions.organisations import represent
from crm.models import Organisation
from tests.factories.accounts import make_user

from .addresses import STAFF, VIEWS, everybody, real, undone
from .rows import dump

pytestmark = pytest.mark.django_db

ADDITIONS = {
    "head who administers": ("head", {"also_administers": True}),
    "editor who administers": ("editor", {"also_administers": True}),
    "editor who exports": ("editor", {"may_export": True}),
}
PEOPLE = {**{role.value: (role.value, {}) for role in Role}, **ADDITIONS}
# What somebody may post who changes nothing of the work: their own account, how they see a list, the wish for a file
# of what a report counts, which is written down.
OWN = ("/settings/", "/sign-out/", "/confirm/", "/contacts/columns/", "/events/calendar/")
OWN += ("/mailings/1/report/export/", "/mailings/reports/export/")


# Who has a text open now is no change of it.
ONLY_SEEN = {"/mailings/1/text/x/presence/"}


def signed_in(user) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def ask(client: Client, method: str, address: str) -> int:
    """The status of the answer. Whatever the request changed is taken back, in the browser too."""
    cookies = copy(client.cookies)
    with undone():
        status = getattr(client, method)(address).status_code
    client.cookies = cookies
    return status


@pytest.mark.parametrize("who", PEOPLE)
def test_page_opens_for_exactly_those_who_hold_its_right(who, objects):
    role, additions = PEOPLE[who]
    user = make_user(role, email="somebody@payom.test", **additions)
    client = signed_in(user)
    wrong = []
    for path in STAFF:
        expected = user.may(*rights_for(VIEWS[path]))
        for method in ("get", "post"):
            status = ask(client, method, real(path, objects))
            if (status != 403) != expected or status >= 500:
                wrong.append((method, path, status))

    assert (wrong, len(STAFF) > 50) == ([], True)


def test_every_right_opens_a_page():
    """One that guards nothing would be a promise kept by nobody."""
    asked = {right for path in STAFF for right in rights_for(VIEWS[path])}
    # Asked where records are chosen, not where a page opens.
    inside = {Right.CONTACTS_INTERNAL, Right.CONTACTS_SEALED}

    assert set(Right) - asked - inside == set()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER, Role.DOOR])
def test_who_only_looks_changes_nothing_of_the_work(role, objects):
    client = signed_in(make_user(role))
    opened = [path for path in STAFF if ask(client, "post", real(path, objects)) not in {403, 404, 405}]

    assert [path for path in opened if not path.startswith(OWN)] == []


def test_stranger_of_another_organisation_opens_no_object(objects):
    """Somebody who may look at their own organisation's people, and asks for everything that is not theirs."""
    stranger = make_user("member")
    represent(stranger, Organisation.objects.named("Чужая организация"), by="test")
    client = signed_in(stranger)
    of_objects = [path for path in STAFF if path.startswith(tuple(pattern for pattern, _address in objects))]
    answers = {path: {ask(client, method, real(path, objects)) for method in ("get", "post")} for path in of_objects}
    # The demo's mail catcher shows all its letters to everybody; it is not there on a real installation.
    theirs = {path: found for path, found in answers.items() if not path.startswith(("/demo/", "/guide/"))}
    opened = {path for path, found in theirs.items() if not found <= {403, 404, 405}}

    assert (opened, len(of_objects) > 20, 404 in answers["/contacts/1/"]) == (set(), True, True)


def test_administrator_opens_no_page_with_contacts_or_letters(objects):
    client = signed_in(make_user("administrator"))
    opened = [path for path in STAFF if ask(client, "get", real(path, objects)) == 200]
    of_content = [path for path in opened if path.startswith(("/contacts/", "/mailings/"))]

    # The domain, the server and the accounts name no contact and quote no letter.
    own = {path for path in of_content if path.startswith(("/mailings/domain/", "/mailings/accounts/"))}
    assert set(of_content) - own <= {"/contacts/exports/", "/contacts/representatives/"}


def test_only_the_head_approves_and_sees_everything():
    assert {right for right in Right if {role for role in Role if right in TABLE[role]} == {Role.HEAD}} == {
        Right.CONTACTS_SEALED,
        Right.CONTACTS_RESTRICTED,
        Right.CONTACTS_LIFT,
        Right.CONTACTS_ERASE,
        Right.MAILINGS_APPROVE,
        Right.LOCK_DOWN,
    }


def test_export_comes_with_no_role():
    assert [role for role in Role if Right.CONTACTS_EXPORT in TABLE[role]] == []


def test_every_post_that_changes_something_is_in_the_journal(objects):
    client = signed_in(everybody())
    silent, before, entries = [], dump(), Entry.objects.count()
    for path in set(STAFF) - ONLY_SEEN:
        with undone():
            client.post(real(path, objects))
            if dump() != before and Entry.objects.count() == entries:
                silent.append(path)

    assert silent == []
