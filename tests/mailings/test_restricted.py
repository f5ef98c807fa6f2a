"""People of organisations banned by a court: left out by default, included only by who may see them."""

from datetime import date

import pytest

from accounts.roles import Role
from core.text import fold
from crm.actions.organisations import restrict
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.audience import resolve
from mailings.states import MailingStatus, Reason, WrongState
from tests.factories.contacts import BANNED, make_contact, make_everybody, make_staff
from tests.factories.mailings import make_approved, make_draft, make_reader

pytestmark = pytest.mark.django_db


def banned_in(audience):
    return [BANNED in person.name for person in audience.recipients].count(True)


def test_people_of_banned_organisations_are_left_out_with_the_reason():
    make_everybody()
    audience = resolve({}, ["ru"])

    assert (banned_in(audience), audience.by_reason()) == (0, [(Reason.RESTRICTED, 3)])


def test_a_rule_may_include_them():
    make_everybody()
    audience = resolve({"restricted": ["include"]}, ["ru"])

    assert (banned_in(audience), audience.by_reason()) == (3, [])


def test_a_rule_with_another_word_is_refused():
    with pytest.raises(ValueError):
        resolve({"restricted": ["only"]}, ["ru"])


@pytest.mark.parametrize(("role", "kept"), [(Role.HEAD, ["include"]), (Role.EDITOR, None)])
def test_only_who_may_see_them_sets_it_on_the_page(role, kept, client_of):
    mailing = make_draft()
    data = {"language": "ru", "audience-restricted": "include"}
    client_of(make_staff(role)).post(f"/mailings/{mailing.pk}/audience/", data)

    assert Mailing.objects.get().audience.get("restricted") == kept


def test_only_who_may_see_them_sets_it_at_all(author):
    mailing = make_draft()

    with pytest.raises(WrongState):
        actions.set_audience(mailing, {"restricted": ["include"]}, by=author)
    assert Mailing.objects.get().audience == {}


@pytest.mark.parametrize("role", [Role.HEAD, Role.EDITOR])
def test_the_rule_says_it_in_words_to_everybody(role, client_of):
    make_reader()
    mailing = make_draft(restricted=["include"])
    page = client_of(make_staff(role)).get(f"/mailings/{mailing.pk}/text/ru/")

    assert len(page.context["rule_labels"]) == 2
    assert ("restricted" in page.context["audience_form"].fields) == (role == Role.HEAD)


def test_the_approval_covers_it(head):
    make_contact("Кто-то", emails=["one@navid.test"])
    mailing = make_approved()
    before = mailing.fingerprint()
    actions.set_audience(mailing, {"restricted": ["include"]}, by=head)
    mailing = Mailing.objects.get()

    assert (mailing.status, mailing.fingerprint() == before) == (MailingStatus.DRAFT, False)


def test_a_ban_between_approval_and_start_leaves_them_out(head):
    for name in ("Один", "Два"):
        make_contact(name, organisation=name, emails=[f"{fold(name)}@navid.test"])
    mailing = make_approved()
    restrict("Два", on=date(2026, 1, 15), note="", by=head)
    actions.start(mailing, by=head)

    assert [list(rows.values_list("name", flat=True)) for rows in (mailing.deliveries, mailing.exclusions)] == [
        ["Один"],
        ["Два"],
    ]
