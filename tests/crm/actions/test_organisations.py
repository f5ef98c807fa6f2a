"""Names, merging and the end of an organisation, and what becomes of its people."""

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions.organisations import close, merge, rename, reopen, save_organisation
from crm.actions.steps import CannotTakeBack, take_back
from crm.models import Contact, EmailAddress, Organisation
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.organisations import HEAD, hold, make_organisation, make_post_at, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def vestnik():
    return make_organisation("Вестник", domains={"vestnik.test": ""})


@pytest.fixture
def holding():
    return make_organisation("Холдинг «Ситора»")


def again(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def merged(organisation, into, *, take_people=True):
    return merge(again(organisation), again(into), on="2024", take_people=take_people, by=person(HEAD))


def closed(organisation, *, end_positions=True, retire_addresses=True):
    choices = {"end_positions": end_positions, "retire_addresses": retire_addresses}
    return close(again(organisation), on="2024", **choices, by=person(HEAD))


def actions():
    return [
        action for action in Entry.objects.order_by("pk").values_list("action", flat=True) if "organisation" in action
    ]


def test_a_renamed_organisation_is_found_by_both_names(vestnik):
    contact = make_contact("Кто-то", organisation="Вестник")
    rename(vestnik, "Новый день", until="2023", by=person(HEAD))

    assert (Organisation.objects.named("вестник"), Organisation.objects.named("Новый день")) == (vestnik, vestnik)
    assert [list(Contact.objects.search(name)) for name in ("вестник", "новый день")] == [[contact], [contact]]
    assert list(vestnik.former_names.values_list("name", "until")) == [("Вестник", "2023")]


def test_another_spelling_of_the_name_leaves_no_former_name(vestnik):
    rename(vestnik, "«Вестник»", until="", by=person(HEAD))

    assert (again(vestnik).name, vestnik.former_names.count()) == ("«Вестник»", 0)


def test_a_rename_is_taken_back_exactly(vestnik):
    make_contact("Кто-то", organisation="Вестник")
    before = rows()
    take_back(rename(again(vestnik), "Новый день", until="2023", by=person(HEAD)), by=person(HEAD))

    assert rows() == before


def test_people_and_their_addresses_go_along_into_the_other(vestnik, holding):
    contact = make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test"])
    EmailAddress.objects.update(position=contact.positions.get())
    merged(vestnik, holding)

    found = contact.positions.order_by("pk").values_list("organisation__name", "started_on", "ended_on")
    assert list(found) == [("Вестник", "", "2024"), ("Холдинг «Ситора»", "2024", "")]
    email = EmailAddress.objects.get()
    assert (email.position.organisation, email.retired_on) == (holding, None)
    assert list(Contact.objects.search("ситора")) == [contact]


def test_people_may_stay_where_they_are_written(vestnik, holding):
    contact = make_contact("Кто-то", organisation="Вестник")
    merged(vestnik, holding, take_people=False)

    assert [position.organisation for position in contact.current_positions] == [vestnik]


def test_who_works_at_both_keeps_one_position(vestnik, holding):
    contact = make_contact("Кто-то", organisation="Вестник")
    contact.positions.create(organisation=holding, title="редактор")
    merged(vestnik, holding)

    found = Contact.objects.get(pk=contact.pk).current_positions
    assert [(position.organisation, position.title) for position in found] == [(holding, "редактор")]


def test_the_other_is_found_by_all_names_and_has_the_domains(holding):
    old = make_organisation("Вестник", former_names={"Правда Вахша": "1991"}, domains={"vestnik.test": ""})
    merged(old, holding)

    assert [Organisation.objects.named(name) for name in ("Вестник", "правда вахша")] == [holding, holding]
    assert [domain.name for domain in holding.domains.all()] == ["vestnik.test"]
    assert (again(old).status, again(old).successor, again(old).status_on) == ("merged", holding, "2024")


def test_a_post_goes_along_with_its_holder(vestnik, holding):
    post, holder = make_post_at("Вестник", "Редактор «Вестника»"), make_contact("Кто-то")
    hold(post, holder)
    merged(vestnik, holding)

    assert Contact.objects.get(pk=post.pk).position.organisation == holding
    seat = Contact.objects.get(pk=holder.pk).position
    assert (seat.organisation, seat.post, post.archived_at) == (holding, post, None)


def test_a_merge_is_taken_back_exactly(vestnik, holding):
    contact = make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test"])
    EmailAddress.objects.update(position=contact.positions.get())
    hold(make_post_at("Вестник", emails=["desk@vestnik.test"]), make_contact("Второй"))
    before = rows()
    take_back(merged(vestnik, holding), by=person(HEAD))

    assert rows() == before


@pytest.mark.parametrize("field", ["status", "restricted_on"])
def test_merged_and_banned_organisations_are_not_merged(vestnik, holding, field):
    value = "merged" if field == "status" else timezone.localdate()
    Organisation.objects.filter(pk=holding.pk).update(**{field: value})
    before = rows()

    with pytest.raises(ValueError, match="neither"):
        merged(vestnik, holding)
    assert rows() == before


def test_closing_ends_positions_and_retires_addresses_of_work_alone(vestnik):
    contact = make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test", "k@mail.test"])
    post = make_post_at("Вестник", emails=["desk@mail.test"])
    closed(vestnik)

    retired = EmailAddress.objects.exclude(retired_on=None).order_by("pk").values_list("address", flat=True)
    assert list(retired) == ["k@vestnik.test", "desk@mail.test"]
    assert (contact.positions.get().ended_on, Contact.objects.get(pk=post.pk).archived_at is None) == ("2024", False)
    assert again(vestnik).status == "closed"


def test_closing_leaves_what_it_is_told_to_leave(vestnik):
    contact = make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test"])
    closed(vestnik, end_positions=False, retire_addresses=False)

    assert (contact.positions.get().ended_on, contact.emails.get().retired_on) == ("", None)


def test_who_began_later_than_it_closed_began_and_ended_then(vestnik):
    contact = make_contact("Кто-то", organisation="Вестник")
    contact.positions.update(started_on="2025-02")
    closed(vestnik)

    assert contact.positions.get().ended_on == "2025-02"


def test_closing_is_taken_back_exactly(vestnik):
    make_contact("Кто-то", organisation="Вестник", emails=["k@vestnik.test"], phones=["+992930001122"])
    make_post_at("Вестник", emails=["desk@vestnik.test"])
    before = rows()
    take_back(closed(vestnik), by=person(HEAD))

    assert rows() == before


def test_closing_is_not_taken_back_once_it_opened_again(vestnik):
    step = closed(vestnik)
    reopen(again(vestnik), by=person(HEAD))

    with pytest.raises(CannotTakeBack):
        take_back(step, by=person(HEAD))


def test_a_reopened_organisation_works_and_is_merged_into_nothing(vestnik, holding):
    merged(vestnik, holding)
    reopen(again(vestnik), by=person(HEAD))

    assert (again(vestnik).status, again(vestnik).successor, again(vestnik).status_on) == ("active", None, "")


def test_every_verb_is_in_the_journal(vestnik, holding):
    rename(vestnik, "Новый день", until="", by=person(HEAD))
    step = closed(vestnik)
    take_back(step, by=person(HEAD))
    merged(vestnik, holding)
    reopen(again(vestnik), by=person(HEAD))

    names = ["added", "added", "renamed", "closed", "merged", "reopened"]
    assert actions() == [f"crm.organisation.{name}" for name in names]
    assert Entry.objects.filter(action="crm.step.taken_back").count() == 1


def test_former_names_that_stay_keep_their_row_and_the_others_go(vestnik):
    organisation = make_organisation("Портал", former_names={"Раз": "", "Два": "2019"})
    kept = organisation.former_names.get(name="Два").pk
    names = {"former_names": {"Два": "2020", "Три": ""}, "domains": {}}
    save_organisation(organisation, **names, by=person(HEAD))

    assert list(organisation.former_names.values_list("name", "until")) == [("Два", "2020"), ("Три", "")]
    assert organisation.former_names.get(name="Два").pk == kept


def test_a_new_former_name_finds_the_people(vestnik):
    contact = make_contact("Кто-то", organisation="Вестник")
    save_organisation(vestnik, former_names={"Правда Вахша": ""}, domains={}, by=person(HEAD))

    assert list(Contact.objects.search("правда вахша")) == [contact]


def test_whoever_has_a_card_open_is_told_that_its_organisation_is_no_more(vestnik, holding):
    contact = make_contact("Анна", organisation="Вестник")
    found = [Contact.objects.get(pk=contact.pk).revision]
    merged(vestnik, holding)
    found.append(Contact.objects.get(pk=contact.pk).revision)
    closed(holding)
    found.append(Contact.objects.get(pk=contact.pk).revision)

    assert found == [found[0], found[0] + 1, found[0] + 2]
