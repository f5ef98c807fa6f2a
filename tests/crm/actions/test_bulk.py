"""One change to many, and back: whatever was there before is there again, and nobody else's work is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.actions.bulk import CannotUndo, change_together, take_back
from crm.models import BulkChange, Contact, Segment, SegmentMember, StopRule, Tag, Topic, counts
from crm.states import BulkAction, Scope
from tests.factories.contacts import make_contact
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

ALL = Contact.objects.all()


@pytest.fixture
def editor(db):
    return person("author@payom.test")


@pytest.fixture
def people(editor):
    """Three contacts, no two alike."""
    first = make_contact("Анвар", region="sughd", owner=editor)
    second = make_contact("Баҳром", region="khatlon")
    third = make_contact("Ганҷина")
    first.tags.add(Tag.objects.named("важное"))
    second.topics.add(Topic.objects.named("армия"))
    Contact.objects.filter(pk=third.pk).update(archived_at=timezone.now() - timedelta(days=9))
    return [first, second, third]


@pytest.fixture
def list_of_people(editor):
    return Segment.objects.create(name="Гости", kind=Segment.Kind.LIST, made_by=editor)


def as_they_are():
    """Everything a bulk change can touch."""
    return (
        list(Contact.objects.order_by("pk").values("pk", "region", "owner", "archived_at")),
        sorted(Contact.tags.through.objects.values_list("contact__name", "tag__name")),
        sorted(Contact.topics.through.objects.values_list("contact__name", "topic__name")),
        sorted(SegmentMember.objects.values_list("contact__name", "segment__name")),
        sorted(StopRule.objects.values_list("contact__name", "scope")),
    )


@pytest.fixture
def change_of(editor, list_of_people):
    """A value for each action that differs from what at least two of the three have."""
    values = {
        BulkAction.TAG: "важное",
        BulkAction.UNTAG: "важное",
        BulkAction.TOPIC: "армия",
        BulkAction.LIST: list_of_people,
        BulkAction.REGION: "sughd",
        BulkAction.OWNER: editor,
        BulkAction.STOP: Scope.GREETINGS,
    }
    return lambda action, contacts=ALL: change_together(contacts.all(), action, values.get(action), by=editor).change


CHANGED = {
    BulkAction.TAG: 2,
    BulkAction.UNTAG: 1,
    BulkAction.TOPIC: 2,
    BulkAction.LIST: 3,
    BulkAction.REGION: 2,
    BulkAction.OWNER: 2,
    BulkAction.STOP: 3,
    BulkAction.ARCHIVE: 2,
    BulkAction.RESTORE: 1,
}


@pytest.mark.parametrize("action", BulkAction)
def test_taking_back_restores_exactly_what_was_before(people, change_of, editor, action):
    before = as_they_are()
    change = change_of(action)
    after = as_they_are()
    restored = take_back(change, by=editor)

    assert (change.count, after != before, restored, as_they_are()) == (CHANGED[action], True, CHANGED[action], before)


@pytest.mark.parametrize("action", BulkAction)
def test_doing_it_again_changes_nobody(people, change_of, action):
    change_of(action)
    after = as_they_are()

    assert (change_of(action), as_they_are(), BulkChange.objects.count()) == (None, after, 1)


@pytest.mark.parametrize("action", BulkAction)
def test_each_change_and_its_undoing_is_one_journal_entry_with_the_number(people, change_of, editor, action):
    take_back(change_of(action), by=editor)

    entries = Entry.objects.filter(action__startswith="crm.contacts.changed").order_by("pk")
    assert [(entry.action, entry.details["done"], entry.details["count"]) for entry in entries] == [
        ("crm.contacts.changed_together", action.value, CHANGED[action]),
        ("crm.contacts.changed_back", action.value, CHANGED[action]),
    ]


def of(contact):
    """Everything a bulk change can touch, of one contact."""
    return (
        Contact.objects.values("region", "owner", "archived_at").get(pk=contact.pk),
        list(contact.tags.all()),
        list(contact.topics.all()),
        list(contact.memberships.values("segment")),
        list(contact.stop_rules.values("scope", "lifted_at")),
    )


MEANWHILE = {
    BulkAction.REGION: lambda contact: Contact.objects.filter(pk=contact.pk).update(region="abroad"),
    BulkAction.OWNER: lambda contact: Contact.objects.filter(pk=contact.pk).update(owner=person("head@x.test")),
    BulkAction.ARCHIVE: lambda contact: Contact.objects.filter(pk=contact.pk).update(archived_at=timezone.now()),
    BulkAction.TAG: lambda contact: contact.tags.clear(),
    BulkAction.TOPIC: lambda contact: contact.topics.clear(),
    BulkAction.LIST: lambda contact: contact.memberships.all().delete(),
    BulkAction.STOP: lambda contact: contact.stop_rules.update(lifted_at=timezone.now()),
}


@pytest.mark.parametrize("action", MEANWHILE)
def test_who_was_changed_since_keeps_the_later_change(editor, change_of, action):
    early, late = make_contact("Анвар"), make_contact("Баҳром")
    before = of(early)
    change = change_of(action)
    MEANWHILE[action](late)
    later = of(late)

    assert (take_back(change, by=editor), of(early), of(late)) == (1, before, later)


def test_who_was_put_on_a_list_anew_by_somebody_else_stays_on_it(editor, change_of, list_of_people):
    contact = make_contact("Анвар")
    change = change_of(BulkAction.LIST)
    contact.memberships.all().delete()
    contact.memberships.create(segment=list_of_people, added_by=person("head@x.test"))

    assert (take_back(change, by=editor), contact.memberships.count()) == (0, 1)


def test_a_tag_comes_in_any_spelling_and_is_made_once(people, change_of, editor):
    change_together(ALL.all(), BulkAction.TAG, "  ВАЖНОЕ ", by=editor)

    assert (Tag.objects.count(), Tag.objects.get().contacts.count()) == (1, 3)


def test_sealed_contacts_are_left_alone_by_an_editor_and_counted(editor):
    make_contact("Открытый")
    make_contact("Скрытый", sensitivity="sealed")
    outcome = change_together(ALL.all(), BulkAction.TAG, "важное", by=editor)

    assert (outcome.sealed, list(Tag.objects.get().contacts.values_list("name", flat=True))) == (1, ["Открытый"])


def test_where_everybody_is_sealed_nothing_at_all_is_written(editor):
    make_contact("Скрытый", sensitivity="sealed")
    outcome = change_together(ALL.all(), BulkAction.TAG, "важное", by=editor)

    assert (outcome.change, outcome.sealed, Tag.objects.count(), BulkChange.objects.count()) == (None, 1, 0, 0)


def test_the_head_changes_sealed_contacts_and_their_reason_is_sealed():
    make_contact("Скрытый", sensitivity="sealed")
    head = person("head@payom.test")
    change_together(ALL.all(), BulkAction.STOP, Scope.BULK, by=head, reason="Боится слежки")

    rule = StopRule.objects.get()
    assert (rule.text, rule.reveal(), rule.set_by) == ("", "Боится слежки", head)


def test_whoever_was_sealed_since_is_not_touched_by_an_editors_undo(editor):
    make_contact("Открытый")
    late = make_contact("Скрытый")
    change = change_together(ALL.all(), BulkAction.REGION, "sughd", by=editor).change
    Contact.objects.filter(pk=late.pk).update(sensitivity="sealed")

    assert (take_back(change, by=editor), Contact.objects.get(pk=late.pk).region) == (1, "sughd")


def test_a_stop_rule_that_ends_does_not_stand_for_one_that_does_not(editor):
    contact = make_contact("Анвар")
    StopRule.objects.create(contact=contact, scope=Scope.BULK, until_on=timezone.localdate() + timedelta(days=3))
    change_together(ALL.all(), BulkAction.STOP, Scope.BULK, by=editor)

    assert sorted(rule.until_on is None for rule in contact.stop_rules.all()) == [False, True]


@pytest.mark.parametrize("action", [BulkAction.TAG, BulkAction.REGION, BulkAction.OWNER, BulkAction.ARCHIVE])
def test_who_has_a_card_open_will_be_told_that_it_changed(people, change_of, action):
    change = change_of(action)
    changed = {int(key) for key in change.before}

    assert {contact.pk for contact in ALL.all() if contact.revision > 0} == changed


def test_a_contact_that_is_gone_meanwhile_is_passed_over(people, change_of, editor):
    change = change_of(BulkAction.UNTAG)
    people[0].delete()

    assert take_back(change, by=editor) == 0


def test_only_its_maker_takes_a_change_back(people, change_of):
    change = change_of(BulkAction.REGION)

    with pytest.raises(CannotUndo):
        take_back(change, by=person("other@payom.test"))


def test_a_change_is_taken_back_once(people, change_of, editor):
    change = change_of(BulkAction.REGION)
    take_back(change, by=editor)

    with pytest.raises(CannotUndo):
        take_back(change, by=editor)


def test_after_an_hour_a_change_stays(people, change_of, editor):
    change = change_of(BulkAction.STOP)
    BulkChange.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))

    with pytest.raises(CannotUndo):
        take_back(change, by=editor)


def test_nothing_of_a_change_taken_back_is_kept(people, change_of, editor):
    take_back(change_of(BulkAction.REGION), by=editor)

    assert BulkChange.objects.get().before == {}


@pytest.mark.parametrize("action", BulkAction)
@pytest.mark.parametrize("count", [2, 40])
def test_queries_do_not_grow_with_contacts(editor, change_of, django_assert_max_num_queries, action, count):
    for number in range(count):
        make_contact(f"Человек {number}")
    if action == BulkAction.UNTAG:
        change_of(BulkAction.TAG)
    if action == BulkAction.RESTORE:
        change_of(BulkAction.ARCHIVE)

    with django_assert_max_num_queries(18):
        change = change_of(action)
    assert change.count == count
    with django_assert_max_num_queries(18):
        take_back(change, by=editor)


def test_each_stop_rule_and_its_taking_back_stands_in_the_history_of_its_contact(people, change_of, editor):
    people[0].stop_rules.create(scope=Scope.GREETINGS)

    take_back(change_of(BulkAction.STOP), by=editor)

    entries = Entry.objects.filter(action__startswith="crm.stop.").order_by("pk")
    assert [(entry.action, entry.subject_id, entry.by_id, entry.details) for entry in entries] == [
        (action, contact.pk, editor.pk, {"scope": "greetings"})
        for action in ("crm.stop.added", "crm.stop.withdrawn")
        for contact in people[1:]
    ]


def test_the_number_of_a_list_is_counted_anew(
    people, change_of, editor, list_of_people, django_capture_on_commit_callbacks
):
    found = [counts([list_of_people], by=editor)]
    with django_capture_on_commit_callbacks(execute=True):
        change = change_of(BulkAction.LIST)
    found.append(counts([list_of_people], by=editor))
    with django_capture_on_commit_callbacks(execute=True):
        take_back(change, by=editor)
    found.append(counts([list_of_people], by=editor))

    # One of the three is put away.
    assert found == [{list_of_people.pk: number} for number in (0, 2, 0)]
