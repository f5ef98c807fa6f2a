"""Somebody works elsewhere now: one step, with history, that can be taken back exactly."""

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions.moves import GIVE, KEEP, RETIRE, Move, delete_position, move, save_position
from crm.actions.steps import CannotTakeBack, take_back
from crm.actions.stops import add_rule, effective, remember
from crm.models import Contact, EmailAddress, Organisation, Position, Touch
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.organisations import HEAD, make_post_at, place, rows

pytestmark = pytest.mark.django_db

WORK, HOME = "subhi@navid.test", "subhi@mail.test"


@pytest.fixture
def subhi():
    contact = make_contact("Ғайрат Субҳӣ", organisation="Навид", emails=[WORK, HOME], phones=["+992930001122"])
    position = contact.positions.get()
    position.started_on, position.title = "2019", "корреспондент"
    position.save()
    Contact.objects.reindex()
    return Contact.objects.get(pk=contact.pk)


def moved(contact, **what):
    return move(contact, Move(**what), by=person(HEAD))


def leave(contact, **what):
    contact = Contact.objects.get(pk=contact.pk)
    return moved(contact, leaves=contact.positions.get(), ended_on="2024-03", **what)


def way(text):
    return EmailAddress.objects.get(address=text)


def career(contact):
    return list(contact.positions.order_by("pk").values_list("organisation__name", "title", "started_on", "ended_on"))


def test_the_old_position_ends_and_the_new_one_begins(subhi):
    leave(subhi, organisation="Радио «Чашма»", title="ведущий", started_on="2024-04")

    assert career(subhi) == [
        ("Навид", "корреспондент", "2019", "2024-03"),
        ("Радио «Чашма»", "ведущий", "2024-04", ""),
    ]


def test_each_address_gets_the_fate_that_was_chosen(subhi):
    leave(subhi, organisation="Чашма", fates={way(WORK): RETIRE, way(HOME): KEEP})

    found = subhi.emails.order_by("pk").values_list("address", "retired_on")
    assert list(found) == [(WORK, timezone.localdate()), (HOME, None)]


def test_a_new_work_address_comes_first_and_belongs_to_the_new_position(subhi):
    leave(subhi, organisation="Чашма", email="g@chashma.test", phone="+992930003344")

    assert [email.address for email in subhi.emails.all()] == ["g@chashma.test", WORK, HOME]
    assert way("g@chashma.test").position.organisation.name == "Чашма"
    assert [phone.number for phone in subhi.phones.all()] == ["+992930003344", "+992930001122"]


def test_an_address_of_earlier_is_used_again(subhi):
    leave(subhi, organisation="Чашма", fates={way(WORK): RETIRE})
    back = subhi.positions.get(ended_on="")
    moved(subhi, leaves=back, ended_on="2025", organisation="Навид", email=WORK)

    assert (way(WORK).retired_on, way(WORK).rank, way(WORK).position.organisation.name) == (None, 0, "Навид")


def test_a_given_address_goes_to_the_post(subhi):
    post = make_post_at("Навид", "Корреспондент «Навида»")
    leave(subhi, organisation="Чашма", fates={way(WORK): GIVE, way(HOME): KEEP}, heir=post)

    assert ([email.address for email in post.emails.all()], [email.address for email in subhi.emails.all()]) == (
        [WORK],
        [HOME],
    )
    assert list(Contact.objects.search(WORK)) == [post]


def test_who_has_a_given_address_already_keeps_one_and_the_giver_s_is_retired(subhi):
    heir = make_contact("Преемник", organisation="Навид", emails=[WORK])
    leave(subhi, organisation="Чашма", fates={subhi.emails.get(address=WORK): GIVE}, heir=heir)

    assert (EmailAddress.objects.filter(contact=heir).count(), subhi.emails.get(address=WORK).retired_on) == (
        1,
        timezone.localdate(),
    )


def test_a_sealed_address_is_not_given_into_the_open():
    contact = make_contact("Закрытая", sensitivity="sealed", organisation="Навид", emails=["s@navid.test"])
    heir = make_contact("Открытый", organisation="Навид")
    leave(contact, fates={contact.emails.get(): GIVE}, heir=heir)

    assert (heir.emails.count(), EmailAddress.objects.get().retired_on) == (0, timezone.localdate())


def test_who_left_for_an_unknown_place_works_nowhere(subhi):
    leave(subhi)

    assert (subhi.position, career(subhi)[0][3]) == (None, "2024-03")


def test_a_second_job_ends_nothing(subhi):
    moved(subhi, organisation="Чашма", title="ведущий")

    assert [position.organisation.name for position in subhi.current_positions] == ["Навид", "Чашма"]


def test_search_finds_the_person_by_the_new_place_alone(subhi):
    leave(subhi, organisation="Чашма")

    assert (list(Contact.objects.search("чашма")), list(Contact.objects.search("навид субхи корреспондент"))) == (
        [subhi],
        [],
    )


def test_the_move_stands_on_the_timeline_and_in_the_journal_without_an_address(subhi):
    leave(subhi, organisation="Чашма", title="ведущий", email="g@chashma.test")

    assert Touch.objects.get().text == "Навид, корреспондент → Чашма, ведущий"
    entry = Entry.objects.filter(action="crm.contact.moved").get()
    assert (entry.subject_id, entry.changes) == (subhi.pk, {"organisation": ["Навид", "Чашма"]})


def test_the_words_about_a_sealed_contact_are_sealed():
    contact = make_contact("Закрытая", sensitivity="sealed", organisation="Навид")
    leave(contact, organisation="Чашма")

    assert (Touch.objects.get().text, Touch.objects.get().reveal()) == ("", "Навид → Чашма")


def test_an_open_form_learns_of_the_move(subhi):
    before = Contact.objects.get(pk=subhi.pk).revision
    leave(subhi, organisation="Чашма")

    assert Contact.objects.get(pk=subhi.pk).revision == before + 1


def test_everything_is_exactly_as_before_once_it_is_taken_back(subhi):
    post = make_post_at("Навид", "Корреспондент «Навида»", emails=["desk@navid.test"])
    Organisation.objects.named("Чашма")
    before = rows()
    step = leave(
        subhi,
        organisation="Чашма",
        email="g@chashma.test",
        phone="+992930003344",
        fates={way(WORK): GIVE, way(HOME): RETIRE, subhi.phones.get(): KEEP},
        heir=post,
    )
    assert rows() != before

    take_back(step, by=person(HEAD))
    assert rows() == before


def test_what_somebody_changed_since_is_not_taken_back(subhi):
    step = leave(subhi, organisation="Чашма")
    Position.objects.filter(pk=subhi.positions.first().pk).update(ended_on="2025")
    before = rows()

    with pytest.raises(CannotTakeBack):
        take_back(step, by=person(HEAD))
    assert rows() == before


def test_what_something_new_hangs_on_is_not_taken_back(subhi):
    step = leave(subhi, organisation="Чашма")
    EmailAddress.objects.create(contact=subhi, address="x@chashma.test", position=subhi.positions.last(), rank=5)
    before = rows()

    with pytest.raises(CannotTakeBack):
        take_back(step, by=person(HEAD))
    assert rows() == before


def test_a_step_is_taken_back_once(subhi):
    step = leave(subhi, organisation="Чашма")
    take_back(step, by=person(HEAD))

    with pytest.raises(CannotTakeBack):
        take_back(step, by=person(HEAD))


def test_no_way_to_reach_anybody_is_kept_for_taking_back(subhi):
    step = leave(subhi, organisation="Чашма", email="g@chashma.test", fates={way(WORK): RETIRE})

    assert "@" not in str(step.record)


def test_a_stop_rule_remembered_by_the_new_address_comes_with_it(subhi):
    erased = make_contact("Стёртый", emails=["g@chashma.test"])
    add_rule(erased, scope="everything", by=person(HEAD))
    remember(erased)
    erased.delete()
    leave(subhi, organisation="Чашма", email="g@chashma.test")

    assert [rule.scope for rule in effective(subhi)] == ["everything"]


def test_a_position_that_ends_takes_its_addresses_out_of_use(subhi):
    position = subhi.positions.get()
    EmailAddress.objects.filter(address=WORK).update(position=position)
    position.ended_on = "2024"
    save_position(position, organisation="Навид", by=person(HEAD))

    assert list(subhi.emails.filter(retired_on=None).values_list("address", flat=True)) == [HOME]


def test_a_post_stays_at_its_organisation(subhi):
    position = subhi.positions.get()
    position.post = make_post_at("Навид")
    save_position(position, organisation="Чашма", by=person(HEAD))

    assert (subhi.positions.get().organisation.name, subhi.positions.get().post) == ("Чашма", None)


def test_a_deleted_position_comes_back_with_its_addresses(subhi):
    EmailAddress.objects.filter(address=WORK).update(position=subhi.positions.get())
    before = rows()
    step = delete_position(subhi.positions.get(), by=person(HEAD))
    assert (subhi.positions.count(), way(WORK).position) == (0, None)

    take_back(step, by=person(HEAD))
    assert rows() == before


def test_a_past_position_is_no_place_of_work(subhi):
    place(subhi, "Кӯҳистон", title="стажёр", started_on="2018", ended_on="2018")

    assert [position.organisation.name for position in Contact.objects.get(pk=subhi.pk).current_positions] == ["Навид"]
