"""Ways round what was asked of us, or round a seal, that lead nowhere."""

import pytest

from crm.actions import bulk, moves, repair, steps, stops, suppression
from crm.actions.erasure import erase
from crm.models import Contact, EmailAddress, Position, Unread
from mailings.pipeline.audience import resolve
from tests.factories.contacts import HEAD, change, make_contact
from tests.factories.mailings import person
from tests.factories.organisations import hold, make_post_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return make_contact("Ҷамшед", emails=["own@navid.test"])


def mailed() -> list[str]:
    return [recipient.address for recipient in resolve({}, ["ru"]).recipients]


def test_taking_back_a_change_of_many_leaves_what_was_asked_since(contact):
    by = person("author@payom.test")
    outcome = bulk.change_together(Contact.objects.filter(pk=contact.pk), "stop", "everything", by=by)
    stops.add_rule(contact, scope="everything", by=person("other@payom.test"))

    bulk.take_back(outcome.change, by=by)

    assert mailed() == []


@pytest.mark.parametrize(
    ("reason", "rule"),
    [("unsubscribed", ("channel", True)), ("complaint", ("channel", True)), ("manual", ("bulk", False))],
)
def test_who_wants_nothing_at_an_address_gets_nothing_at_the_one_that_replaces_it(contact, reason, rule):
    """What the person said stays theirs to take back; what staff wrote down, theirs."""
    suppression.suppress("own@navid.test", reason, by="test")

    change(contact, emails=["new@navid.test"])

    assert (mailed(), [(one.scope, one.by_person) for one in contact.stop_rules.all()]) == ([], [rule])


def test_dead_address_that_is_replaced_stops_nobody(contact):
    suppression.suppress("own@navid.test", "hard_bounce", by="test")

    change(contact, emails=["new@navid.test"])

    assert mailed() == ["new@navid.test"]


def test_taking_back_a_move_leaves_what_was_asked_at_the_new_address(contact):
    step = moves.move(contact, moves.Move(organisation="Навид", email="new@navid.test"), by=person(HEAD))
    suppression.suppress("new@navid.test", "unsubscribed", by="test")

    steps.take_back(step, by=person(HEAD))

    assert mailed() == []


def test_who_gives_an_address_away_takes_along_what_they_asked_for_there():
    giver = make_contact("Ҷамшед", organisation="Навид", emails=["work@navid.test", "own@navid.test"])
    heir = make_contact("Нигина", organisation="Навид")
    suppression.suppress("work@navid.test", "unsubscribed", by="test")
    fates = {giver.emails.get(address="work@navid.test"): "give"}

    what = moves.Move(leaves=giver.positions.get(), ended_on="2024", fates=fates, heir=heir)
    moves.move(giver, what, by=person(HEAD))

    assert mailed() == []


def test_repaired_address_brings_what_is_remembered_of_it(contact):
    erase(contact, never_again=True, uploads=False, by=person(HEAD))
    comer = make_contact("Ҷ. Холов", emails=["new@navid.test"])
    unread = Unread.of(comer, "email", "own(navid.test")
    unread.save()

    repair.repair(unread, ["own@navid.test"], by=person(HEAD))
    change(comer, emails=["new@navid.test"])

    assert mailed() == []


def test_address_that_comes_back_to_a_card_sealed_since_is_sealed():
    giver = make_contact("Ҷамшед", organisation="Навид", emails=["work@navid.test"])
    heir = make_contact("Нигина", organisation="Навид")
    what = moves.Move(
        leaves=giver.positions.get(), ended_on="2024", fates={giver.emails.get(): "give"}, heir=heir
    )  # fmt: skip
    step = moves.move(giver, what, by=person(HEAD))
    change(giver, sensitivity="sealed", organisation="")
    Position.objects.filter(contact=giver, organisation__name="Навид").update(ended_on="2024")

    steps.take_back(step, by=person(HEAD))

    email = EmailAddress.objects.get(contact=giver)
    assert (email.address, email.reveal()) == ("", "work@navid.test")


def test_step_that_something_new_stands_in_the_way_of_is_refused_in_words():
    contact = make_contact("Ҷамшед", organisation="Навид")
    what = moves.Move(leaves=contact.positions.get(), ended_on="2024")
    step = moves.move(contact, what, by=person(HEAD))
    Position.objects.create(contact=contact, organisation=what.leaves.organisation)

    with pytest.raises(steps.CannotTakeBack):
        steps.take_back(step, by=person(HEAD))


def test_editor_takes_back_nothing_that_would_change_a_sealed_card():
    holder = make_contact("Тайный", sensitivity="sealed")
    step = hold(make_post_at("МВД"), holder)

    with pytest.raises(steps.CannotTakeBack):
        steps.take_back(step, by=person("author@payom.test"))

    assert Position.objects.filter(contact=holder).count() == 1
