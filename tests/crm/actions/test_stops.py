from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Entry
from core.sealing import blind
from crm.actions.stops import add_rule, apply_all_remembered, apply_remembered, effective, lift_rule, remember
from crm.models import Contact, EmailAddress, StopRule, StopRuleKey, Topic
from tests.factories.contacts import HEAD, make_contact
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db

ADDRESS, NUMBER = "subhi@chashma.test", "+992927001122"


def make_person(name="Субҳӣ", *, emails=(ADDRESS,), **fields):
    return make_contact(name, emails=emails, **fields)


def erase(contact):
    remember(contact)
    contact.delete()


def in_words(rules):
    return sorted((rule.scope, rule.until_on) for rule in rules)


def head():
    return person(HEAD)


def editor():
    return person("editor@stops.test")


def test_rule_is_written_with_who_set_it_and_why():
    contact = make_person()

    rule = add_rule(contact, scope="greetings", reason="Траур", by=editor())

    assert (rule.contact, rule.scope, rule.reveal(), rule.set_by) == (contact, "greetings", "Траур", editor())


def test_reason_of_a_sealed_contact_is_sealed():
    contact = make_person(sensitivity="sealed")

    rule = add_rule(contact, scope="bulk", reason="Просила не писать", by=head())
    rule.refresh_from_db()

    assert (rule.text, rule.reveal()) == ("", "Просила не писать")


def test_same_rule_is_not_made_twice():
    contact = make_person()

    first = add_rule(contact, scope="bulk", by=editor())

    assert (add_rule(contact, scope="bulk", by=head()), StopRule.objects.count()) == (first, 1)


@pytest.mark.parametrize("longer", [None, date(2099, 12, 31)])
def test_longer_rule_stands_beside_the_shorter_one(longer):
    contact = make_person()
    add_rule(contact, scope="bulk", until_on=date(2099, 1, 31), by=editor())

    add_rule(contact, scope="bulk", until_on=longer, by=editor())

    assert {rule.until_on for rule in effective(contact)} == {date(2099, 1, 31), longer}


def test_shorter_rule_adds_nothing_to_a_longer_one():
    contact = make_person()
    add_rule(contact, scope="bulk", by=editor())

    add_rule(contact, scope="bulk", until_on=date(2099, 1, 31), by=editor())

    assert in_words(effective(contact)) == [("bulk", None)]


def test_rules_about_two_topics_are_two():
    contact = make_person()
    for name in ("Армия", "Здоровье"):
        add_rule(contact, scope="topic", topic=Topic.objects.named(name), by=editor())

    assert [rule.topic.name for rule in effective(contact)] == ["Здоровье", "Армия"]


def test_rule_holds_on_its_last_day_and_not_the_day_after():
    contact, today = make_person(), timezone.localdate()
    add_rule(contact, scope="bulk", until_on=today, by=editor())

    assert (len(effective(contact)), effective(contact, today + timedelta(days=1))) == (1, [])


def test_editor_cannot_lift():
    rule = add_rule(make_person(), scope="bulk", by=editor())

    with pytest.raises(PermissionDenied):
        lift_rule(rule, by=editor())

    assert StopRule.objects.in_force().count() == 1


def test_head_lifts_and_the_rule_stays_as_a_record():
    contact = make_person()

    lift_rule(add_rule(contact, scope="bulk", by=editor()), by=head())

    assert (effective(contact), StopRule.objects.get().lifted_by) == ([], head())


def test_lifted_rule_can_be_set_again():
    contact = make_person()
    lift_rule(add_rule(contact, scope="bulk", by=editor()), by=head())

    add_rule(contact, scope="bulk", by=editor())

    assert in_words(effective(contact)) == [("bulk", None)]


def test_journal_says_what_was_stopped_and_never_why():
    contact = make_person()

    rule = add_rule(contact, scope="topic", topic=Topic.objects.named("Армия"), reason="Секрет", by=editor())
    lift_rule(rule, by=head())
    entries = Entry.objects.filter(action__startswith="crm.stop.").order_by("pk")

    assert [(entry.action, entry.subject_id, entry.details) for entry in entries] == [
        ("crm.stop.added", contact.pk, {"scope": "topic", "topic": "Армия"}),
        ("crm.stop.lifted", contact.pk, {"scope": "topic", "topic": "Армия"}),
    ]


def test_rule_outlives_its_contact_under_blind_keys():
    contact = make_person(phones=[NUMBER])
    EmailAddress.objects.create(contact=contact, address="old@chashma.test", retired_on=date(2024, 1, 1))
    rule = add_rule(contact, scope="bulk", by=editor())

    erase(contact)
    rule.refresh_from_db()

    assert (rule.contact, set(StopRuleKey.objects.values_list("key", flat=True))) == (
        None,
        {blind(ADDRESS), blind(NUMBER), blind("old@chashma.test")},
    )


def test_remembering_twice_is_remembering_once():
    contact = make_person()
    add_rule(contact, scope="bulk", by=editor())

    remember(contact)
    remember(contact)

    assert StopRuleKey.objects.count() == 1


def test_lifted_rule_is_not_remembered():
    contact = make_person()
    lift_rule(add_rule(contact, scope="bulk", by=editor()), by=head())

    remember(contact)

    assert StopRuleKey.objects.count() == 0


@pytest.mark.parametrize("ways", [{"emails": [ADDRESS]}, {"emails": [], "phones": [NUMBER]}])
def test_whoever_comes_back_by_one_of_the_keys_gets_the_rule_back(ways):
    first = make_person(phones=[NUMBER])
    set_at = add_rule(first, scope="invitations", until_on=date(2099, 5, 1), reason="Сам сказал", by=editor()).set_at
    erase(first)

    again = make_contact("Субҳӣ", **ways)

    assert [
        (rule.scope, rule.until_on, rule.text, rule.set_by, rule.set_at) for rule in again.stop_rules.in_force()
    ] == [("invitations", date(2099, 5, 1), "Сам сказал", editor(), set_at)]


def test_each_of_several_who_share_the_key_gets_a_rule():
    first = make_person()
    add_rule(first, scope="bulk", by=editor())
    erase(first)

    people = [make_person("Один"), make_person("Другая")]

    assert [in_words(effective(one)) for one in people] == [[("bulk", None)], [("bulk", None)]]


def test_shorter_memory_does_not_replace_a_stricter_rule():
    first = make_person()
    add_rule(first, scope="bulk", until_on=date(2099, 1, 1), by=editor())
    erase(first)
    other = make_person("Другая", emails=["other@chashma.test"])
    add_rule(other, scope="bulk", by=editor())

    given = apply_remembered(other, [blind(ADDRESS)], by=editor())

    assert (given, in_words(effective(other))) == (0, [("bulk", None)])


def test_memory_that_ended_does_not_come_back():
    first = make_person()
    rule = add_rule(first, scope="bulk", until_on=timezone.localdate(), by=editor())
    erase(first)
    StopRule.objects.filter(pk=rule.pk).update(until_on=timezone.localdate() - timedelta(days=1))

    assert effective(make_person()) == []


def test_sealed_reason_of_a_memory_is_not_copied_to_an_open_card():
    first = make_person(sensitivity="sealed")
    add_rule(first, scope="bulk", reason="Тайна", by=head())
    erase(first)

    again = make_person()

    assert [(rule.text, rule.sealed_text) for rule in effective(again)] == [("", "")]


def test_lifted_rule_does_not_come_back_from_memory():
    first = make_person()
    add_rule(first, scope="bulk", by=editor())
    erase(first)
    again = make_person()

    lift_rule(again.stop_rules.get(), by=head())
    apply_remembered(again, [blind(ADDRESS)], by=editor())

    assert effective(again) == []


def test_lifting_for_one_leaves_the_rule_of_another_with_the_same_mailbox():
    first = make_person()
    add_rule(first, scope="bulk", by=editor())
    erase(first)
    one, other = make_person("Один"), make_person("Другая")

    lift_rule(one.stop_rules.get(), by=head())

    assert (effective(one), in_words(effective(other))) == ([], [("bulk", None)])


def test_memory_alone_can_be_lifted():
    first = make_person()
    rule = add_rule(first, scope="bulk", by=editor())
    erase(first)
    rule.refresh_from_db()

    lift_rule(rule, by=head())

    assert effective(make_person()) == []


@pytest.mark.parametrize("people", [1, 3])
def test_asking_for_memories_of_many_takes_three_queries_where_there_are_none(people, django_assert_num_queries):
    keys_of = {
        make_person(str(number), emails=[f"{number}@a.test"]).pk: [blind(f"{number}@a.test")]
        for number in range(people)
    }

    with django_assert_num_queries(3):  # the savepoint is two of them
        apply_all_remembered(keys_of, by="test")


def test_contact_is_found_by_nobody_s_key():
    add_rule(make_person(), scope="bulk", by=editor())

    stranger = make_contact("Без адресов")

    assert (effective(stranger), Contact.objects.count()) == ([], 2)
