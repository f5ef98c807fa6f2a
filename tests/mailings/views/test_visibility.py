"""Lists of a mailing show the people that a role may know of, and say how many there are besides."""

import pytest

from accounts.roles import Role
from crm.models import Contact
from mailings.models import Delivery
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus
from tests.crm.views.test_visibility import SEEN
from tests.factories.contacts import BANNED, CHAIKHONA, make_everybody, make_staff
from tests.factories.mailings import make_draft, make_started

pytestmark = pytest.mark.django_db

READERS = [Role.HEAD, Role.EDITOR, Role.VIEWER]
LETTERS = {name for name in SEEN[Role.HEAD] if BANNED not in name}


def names(page):
    return {delivery.name for delivery in page.context["page_obj"]}


@pytest.mark.parametrize("role", READERS)
def test_deliveries_are_those_of_visible_people(role, client_of):
    make_everybody()
    mailing = make_started()
    page = client_of(make_staff(role)).get(f"/mailings/{mailing.pk}/deliveries/")

    assert (names(page), page.context["hidden"]) == (SEEN[role] & LETTERS, len(LETTERS - SEEN[role]))


def test_the_number_of_hidden_people_does_not_follow_the_search(client_of):
    make_everybody()
    mailing = make_started()
    client = client_of(make_staff(Role.VIEWER))
    pages = [client.get(f"/mailings/{mailing.pk}/deliveries/", {"q": query}) for query in ("sealed", "никого")]

    assert [(names(page), page.context["hidden"]) for page in pages] == [(set(), 4), (set(), 4)]


@pytest.mark.parametrize("role", READERS)
def test_recipients_and_left_out_before_it_leaves(role, client_of):
    make_everybody()
    mailing = make_draft()
    client = client_of(make_staff(role))
    pages = [client.get(f"/mailings/{mailing.pk}/recipients/", {"reason": why}) for why in ("", "restricted")]
    banned = SEEN[Role.HEAD] - LETTERS

    assert [(names(page), page.context["hidden"]) for page in pages] == [
        (SEEN[role] & LETTERS, len(LETTERS - SEEN[role])),
        (SEEN[role] & banned, len(banned - SEEN[role])),
    ]


@pytest.mark.parametrize("role", READERS)
def test_left_out_after_it_left(role, client_of):
    make_everybody()
    mailing = make_started()
    page = client_of(make_staff(role)).get(f"/mailings/{mailing.pk}/left-out/")
    banned = SEEN[Role.HEAD] - LETTERS

    assert ({person.name for person, _label in page.context["page_obj"]}, page.context["hidden"]) == (
        SEEN[role] & banned,
        len(banned - SEEN[role]),
    )


@pytest.mark.parametrize("role", READERS)
def test_preview_is_made_for_visible_people_only(role, client_of):
    make_everybody()
    mailing = make_draft()
    client = client_of(make_staff(role))
    path = f"/mailings/{mailing.pk}/preview/ru/"

    opened = {one.name for one in Contact.objects.all() if client.get(path, {"contact": one.pk}).status_code == 200}

    assert opened == SEEN[role]


def test_only_visible_services_are_named_in_the_report(client_of):
    make_everybody()
    mailing = make_started()
    page = client_of(make_staff(Role.VIEWER)).get(f"/mailings/{mailing.pk}/report/")

    assert sorted((group.key, group.letters) for group in page.context["split"].providers) == [("", 4), ("other", 2)]


def test_words_of_a_server_are_shown_of_visible_people_only(smtp, client_of):
    make_everybody()
    for level in ("internal", "sealed"):
        smtp.refuse[f"{level}@navid.test"] = f"550 5.2.2 {level}@navid.test is full"
    mailing = make_started()
    send_due()
    words = {
        role: [problem.words for problem in client_of(make_staff(role)).get(page).context["problems"]]
        for role, page in ((role, f"/mailings/{mailing.pk}/report/") for role in (Role.EDITOR, Role.VIEWER))
    }

    assert words == {Role.EDITOR: ["5.2.2 ••• is full"], Role.VIEWER: [""]}


def test_nobody_decides_on_a_letter_they_may_not_see(client_of):
    make_everybody()
    head = make_staff(Role.HEAD)
    mailing = make_started(restricted=["include"])
    unknown = mailing.deliveries.filter(name=f"open {BANNED}")
    unknown.update(status=DeliveryStatus.UNKNOWN)
    path = f"/mailings/deliveries/{unknown.get().pk}/decide/"

    answers = [client_of(user).post(path, {"decision": "sent"}).status_code for user in (make_staff(Role.EDITOR), head)]

    assert (answers, unknown.get().status) == ([404, 302], DeliveryStatus.SENT)


@pytest.mark.parametrize(("role", "found"), [(Role.HEAD, {f"sealed {CHAIKHONA}"}), (Role.EDITOR, set())])
def test_a_sealed_address_is_found_whole_and_by_who_may_see_it(role, found, client_of):
    make_everybody()
    mailing = make_started()
    client = client_of(make_staff(role))
    pages = [client.get(f"/mailings/{mailing.pk}/deliveries/", {"q": q}) for q in ("SEALED@joihona.test", "@joihona")]

    assert [{name for name in names(page) if "sealed" in name} for page in pages] == [found, set()]


def test_an_open_address_is_found_by_a_part_of_it(client_of):
    make_everybody()
    mailing = make_started()
    page = client_of(make_staff(Role.VIEWER)).get(f"/mailings/{mailing.pk}/deliveries/", {"q": "Pen@Joihona"})

    assert names(page) == {f"open {CHAIKHONA}"}


def test_rows_of_a_deleted_contact_are_not_for_viewers(client_of):
    make_everybody()
    make_started()
    Contact.objects.all().delete()

    seen = [Delivery.objects.visible_to(make_staff(role)).count() for role in (Role.EDITOR, Role.VIEWER)]

    assert seen == [6, 0]
