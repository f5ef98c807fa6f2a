"""Restricted organisations and member representatives."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.roles import Role
from audit.models import Entry
from crm.actions.organisations import represent, restrict
from crm.models import Contact, Organisation, Representation
from tests.factories.contacts import NAVID, make_contact, make_staff

pytestmark = pytest.mark.django_db


def restricted():
    return list(
        Organisation.objects.exclude(restricted_on=None).values_list("name", "restricted_on", "restricted_note")
    )


def done():
    return list(
        Entry.objects.filter(action__regex="^crm[.](organisation|repres)").order_by("pk").values_list("action", "by")
    )


@pytest.fixture
def administrator():
    return make_staff(Role.ADMINISTRATOR)


def test_a_ban_is_entered_in_any_spelling_of_the_name(head, client_of):
    contact = make_contact("Кто-то", organisation="Радио «Чашма»")
    data = {"name": "радио чашма", "on": "2026-01-15", "note": "Верховный суд, 7-26"}
    page = client_of(head).post("/contacts/restricted/", data, follow=True)

    assert restricted() == [("Радио «Чашма»", date(2026, 1, 15), "Верховный суд, 7-26")]
    assert "Радио «Чашма»" in page.content.decode()
    assert (done(), contact in Contact.objects.visible_to(make_staff(Role.EDITOR))) == (
        [("crm.organisation.restricted", head.name)],
        False,
    )


def test_a_ban_is_lifted(head, client_of):
    contact = make_contact("Кто-то", organisation=NAVID)
    found = restrict(NAVID, on=date(2026, 1, 15), note="суд", by=head)
    client_of(head).post(f"/contacts/restricted/{found.pk}/lift/")

    assert (restricted(), contact in Contact.objects.visible_to(make_staff(Role.EDITOR))) == ([], True)
    assert done()[-1] == ("crm.organisation.restriction_lifted", head.name)


@pytest.mark.parametrize(
    ("field", "value"), [("name", "«»"), ("name", ""), ("on", "вчера"), ("on", ""), ("on", "tomorrow")]
)
def test_a_ban_without_a_name_or_a_past_day_is_refused(head, client_of, field, value):
    value = (timezone.localdate() + timedelta(days=1)).isoformat() if value == "tomorrow" else value
    data = {"name": NAVID, "on": "2026-01-15", "note": ""} | {field: value}
    answer = client_of(head).post("/contacts/restricted/", data)

    assert (answer.status_code, list(answer.context["form"].errors), restricted()) == (422, [field], [])


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_other_roles_neither_see_nor_set_bans(role, head, client_of):
    found = restrict(NAVID, on=date(2026, 1, 15), note="суд", by=head)
    client = client_of(make_staff(role))
    paths = ["/contacts/restricted/", f"/contacts/restricted/{found.pk}/lift/"]

    assert [client.get(paths[0]).status_code, *(client.post(path).status_code for path in paths)] == [403] * 3
    assert len(restricted()) == 1


@pytest.mark.parametrize("bans", [1, 3])
def test_list_of_bans_takes_the_same_queries_whatever_the_size(head, client_of, bans, django_assert_num_queries):
    for number in range(bans):
        restrict(f"Организация {number}", on=date(2026, 1, 15), note="", by=head)
    client = client_of(head)

    with django_assert_num_queries(4):
        client.get("/contacts/restricted/")


def test_an_administrator_says_whom_a_member_represents(administrator, client_of):
    member = make_staff(Role.MEMBER)
    make_contact("Кто-то", organisation="Паноҳ")
    data = {"user": member.pk, "organisation": "панох"}
    page = client_of(administrator).post("/contacts/representatives/", data, follow=True)

    assert (str(Representation.objects.get()), page.status_code) == ("member: Паноҳ", 200)
    assert [contact.name for contact in Contact.objects.visible_to(member)] == ["Кто-то"]
    assert done()[-1] == ("crm.representation.set", administrator.name)


def test_an_empty_name_ends_it(administrator, client_of):
    member = make_staff(Role.MEMBER)
    client_of(administrator).post("/contacts/representatives/", {"user": member.pk, "organisation": " "})

    assert (Representation.objects.count(), done()[-1]) == (0, ("crm.representation.ended", administrator.name))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_nobody_in_another_role_represents_anything(role, administrator, client_of):
    user = make_staff(role)
    answer = client_of(administrator).post("/contacts/representatives/", {"user": user.pk, "organisation": NAVID})

    assert (answer.status_code, Representation.objects.count()) == (422, 0)
    with pytest.raises(ValidationError):
        represent(user, Organisation.objects.named(NAVID), by=administrator)


@pytest.mark.parametrize("role", [Role.HEAD, Role.EDITOR, Role.MEMBER, Role.VIEWER, Role.DOOR])
def test_only_who_looks_after_accounts_sets_it(role, client_of):
    user = make_staff(role)
    answer = client_of(user).post("/contacts/representatives/", {"user": user.pk, "organisation": "Чужая"})

    assert (answer.status_code, Organisation.objects.filter(name="Чужая").exists()) == (403, False)


def test_the_page_counts_whom_each_member_sees_and_names_no_banned_organisation(administrator, head, client_of):
    make_staff(Role.MEMBER)
    for level in ("open", "internal", "sealed"):
        make_contact(level, sensitivity=level, organisation=NAVID)
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    page = client_of(administrator).get("/contacts/representatives/")

    assert [(user.name, people) for user, _form, people in page.context["rows"]] == [("member", 2)]
    assert ("Запрещённая" in page.content.decode(), NAVID in page.content.decode()) == (False, True)


@pytest.mark.parametrize("members", [1, 3])
def test_the_page_takes_the_same_queries_whatever_the_size(
    administrator, client_of, members, django_assert_num_queries
):
    first = make_staff(Role.MEMBER)
    for number in range(members - 1):
        first.pk, first.email = None, f"m{number}@payom.test"
        first.save()
        represent(first, Organisation.objects.named(NAVID), by=administrator)
    client = client_of(administrator)

    with django_assert_num_queries(6):
        client.get("/contacts/representatives/")


@pytest.mark.parametrize("typed", ["Понох", "«»", "запрещенная"])
def test_a_name_that_is_not_there_makes_no_organisation(administrator, head, client_of, typed):
    member = make_staff(Role.MEMBER)
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    before = list(Organisation.objects.order_by("pk").values_list("name", flat=True))
    answer = client_of(administrator).post("/contacts/representatives/", {"user": member.pk, "organisation": typed})

    assert (answer.status_code, list(answer.context["refused"].errors)) == (422, ["organisation"])
    assert f'value="{typed}"' in answer.content.decode()
    assert list(Organisation.objects.order_by("pk").values_list("name", flat=True)) == before
    assert str(Representation.objects.get()) == f"member: {NAVID}"


def test_a_banned_name_is_answered_like_an_unknown_one(administrator, head, client_of):
    member = make_staff(Role.MEMBER)
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    client, path = client_of(administrator), "/contacts/representatives/"
    words = [
        client.post(path, {"user": member.pk, "organisation": name}).context["refused"].errors["organisation"][0]
        for name in ("Запрещённая", "Неизвестная")
    ]

    assert words[0].replace("Запрещённая", "Неизвестная") == words[1]


def test_who_sees_restricted_organisations_may_name_one(head, client_of):
    head.also_administers = True
    head.save()
    member = make_staff(Role.MEMBER)
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=head)
    data = {"user": member.pk, "organisation": "запрещенная"}
    client_of(head).post("/contacts/representatives/", data)

    assert str(Representation.objects.get()) == "member: Запрещённая"


def test_an_unchanged_name_stays_even_once_it_is_banned(administrator, head, client_of):
    member = make_staff(Role.MEMBER)
    restrict(NAVID, on=date(2026, 1, 15), note="", by=head)
    data = {"user": member.pk, "organisation": NAVID}
    answer = client_of(administrator).post("/contacts/representatives/", data)

    assert (answer.status_code, str(Representation.objects.get())) == (302, f"member: {NAVID}")


def test_the_page_of_a_member_says_whom_they_represent(administrator, client_of):
    member, client = make_staff(Role.MEMBER), client_of(administrator)
    shown = [client.get(f"/people/{user.pk}/").context["panels"] for user in (member, make_staff(Role.EDITOR))]
    panel = client.get(f"/contacts/representatives/{member.pk}/", headers={"HX-Request": "true"})

    assert [[panel.url_name for panel in panels] for panels in shown] == [["crm:representation-panel"], []]
    assert NAVID in panel.content.decode()


def test_without_a_script_the_panel_leads_to_the_page(administrator, client_of):
    answer = client_of(administrator).get(f"/contacts/representatives/{make_staff(Role.MEMBER).pk}/")

    assert answer.headers["Location"] == "/contacts/representatives/"


def test_people_lead_to_the_representatives(administrator, client_of):
    assert 'href="/contacts/representatives/"' in client_of(administrator).get("/people/").content.decode()
