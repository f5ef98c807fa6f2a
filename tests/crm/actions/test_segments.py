import pytest
from django.core.cache import cache

from audit.models import Entry
from crm.actions.segments import (
    SegmentRefusal,
    add_member,
    delete_segment,
    deleted_segments,
    remove_member,
    restore_segment,
)
from crm.models import Contact, Segment, SegmentMember, Tag, counts, known_counts, of_criterion
from tests.factories.contacts import BANNED, make_contact, make_everybody, make_staff
from tests.factories.mailings import person
from tests.factories.segments import EDITOR, change_rule, make_list, make_segment, people

pytestmark = pytest.mark.django_db


def entries():
    return list(Entry.objects.filter(action__contains="segment").order_by("pk").values_list("action", "subject_label"))


def test_segment_keeps_itself_up_to_date():
    segment = make_segment(city=["Душанбе"])
    make_contact("Здешний", city="Душанбе")
    make_contact("Приезжий", city="Хорог")
    before = people(segment)
    Contact.objects.filter(name="Приезжий").update(city="Душанбе")

    assert (before, people(segment)) == ({"Здешний"}, {"Здешний", "Приезжий"})


def test_making_and_changing_are_in_the_journal_with_names_and_without_typed_words():
    tag = Tag.objects.named("Суды")
    segment = make_segment("Суд", tag=[str(tag.pk)])
    change_rule(segment, q=["Каримов"], kind=["partner"])

    made, changed = Entry.objects.filter(action__startswith="crm.segment.").order_by("pk")

    assert (made.action, made.changes["audience.tag"]) == ("crm.segment.made", [None, ["Суды"]])
    assert changed.changes == {
        "audience.tag": [["Суды"], None],
        "audience.q": [None, {"characters": 7}],
        "audience.kind": [None, ["partner"]],
    }


def test_journal_names_no_banned_organisation():
    make_everybody()
    banned = Contact.objects.get(name=f"open {BANNED}").position.organisation
    make_segment("Там", organisation=[str(banned.pk)])

    assert BANNED not in str(Entry.objects.get(action="crm.segment.made").changes)


@pytest.mark.parametrize("criterion", ["segment", "not_segment"])
def test_rule_that_leads_back_to_itself_is_refused(criterion):
    first = make_segment("Первый", city=["Хорог"])
    second = make_segment("Второй", segment=[str(first.pk)])
    third = make_segment("Третий", not_segment=[str(second.pk)])

    with pytest.raises(SegmentRefusal):
        change_rule(first, **{criterion: [str(third.pk)]})

    assert Segment.objects.get(pk=first.pk).rule == {"city": ["Хорог"]}


def test_rule_that_names_its_own_segment_is_refused():
    segment = make_segment(city=["Хорог"])

    with pytest.raises(SegmentRefusal):
        change_rule(segment, segment=[str(segment.pk)])


def test_two_segments_may_read_the_same_third():
    third = make_segment("Третий", city=["Хорог"])
    first = make_segment("Первый", segment=[str(third.pk)])
    second = make_segment("Второй", segment=[str(third.pk)])

    assert change_rule(second, segment=[str(first.pk), str(third.pk)]).rule["segment"] == [str(first.pk), str(third.pk)]


def test_members_are_on_the_list_once_and_the_journal_tells_who_put_them():
    contact, segment = make_contact("Гулчеҳра"), make_list("Гости")
    results = [add_member(segment, contact, by=person(EDITOR)) for _time in range(2)]

    entry = Entry.objects.get(action="crm.contact.listed")

    assert (results, people(segment)) == ([True, False], {"Гулчеҳра"})
    assert (entry.subject_id, entry.by_id, entry.details) == (contact.pk, person(EDITOR).pk, {"segment": "Гости"})


def test_member_is_taken_off_once():
    contact = make_contact("Гулчеҳра")
    segment = make_list("Гости", contact)
    results = [remove_member(segment, contact, by=person(EDITOR)) for _time in range(2)]

    assert (results, people(segment)) == ([True, False], set())
    assert Entry.objects.filter(action="crm.contact.unlisted", subject_id=contact.pk).count() == 1


@pytest.mark.parametrize("act", [add_member, remove_member])
def test_nobody_is_put_by_hand_into_a_segment_with_a_rule(act):
    contact, segment = make_contact("Гулчеҳра"), make_segment(city=["Хорог"])

    with pytest.raises(SegmentRefusal):
        act(segment, contact, by=person(EDITOR))

    assert not SegmentMember.objects.exists()


def test_deleted_list_comes_back_with_number_people_and_days():
    one, two = make_contact("Один"), make_contact("Два")
    segment = make_list("Гости", one, two)
    before = list(Segment.objects.values()), list(SegmentMember.objects.values("contact", "added_by", "added_at"))
    deleted = delete_segment(segment, by=person(EDITOR))
    there_meanwhile = Segment.objects.exists()
    restore_segment(deleted, by=person(EDITOR))

    after = list(Segment.objects.values()), list(SegmentMember.objects.values("contact", "added_by", "added_at"))

    assert (there_meanwhile, after) == (False, before)
    assert entries() == [
        ("crm.segment.made", "Гости"),
        ("crm.segment.deleted", "Гости"),
        ("crm.segment.restored", "Гости"),
    ]


def test_people_who_are_gone_do_not_come_back_with_the_list():
    one, two = make_contact("Один"), make_contact("Два")
    deleted = delete_segment(make_list("Гости", one, two), by=person(EDITOR))
    one.delete()

    assert people(restore_segment(deleted, by=person(EDITOR))) == {"Два"}


def test_segment_comes_back_once():
    deleted = delete_segment(make_segment(city=["Хорог"]), by=person(EDITOR))
    restore_segment(deleted, by=person(EDITOR))

    with pytest.raises(SegmentRefusal):
        restore_segment(deleted, by=person(EDITOR))

    assert not deleted_segments().exists()


def test_segment_whose_name_was_taken_waits():
    deleted = delete_segment(make_segment("Хорог", city=["Хорог"]), by=person(EDITOR))
    make_segment("Хорог", city=["Куляб"])

    with pytest.raises(SegmentRefusal, match="Хорог"):
        restore_segment(deleted, by=person(EDITOR))

    assert deleted_segments().count() == 1


def test_segment_that_another_reads_is_not_deleted():
    inner = make_segment("Внутренний", city=["Хорог"])
    make_segment("Внешний", segment=[str(inner.pk)])

    with pytest.raises(SegmentRefusal, match="Внешний"):
        delete_segment(inner, by=person(EDITOR))

    assert Segment.objects.filter(pk=inner.pk).exists()


@pytest.mark.parametrize(("role", "number"), [("head", 9), ("editor", 6), ("viewer", 2)])
def test_number_is_of_those_whom_the_person_may_see(role, number):
    make_everybody()
    segment = make_segment("Все", entity=["person"])

    assert counts([segment], by=make_staff(role)) == {segment.pk: number}


def test_number_leaves_out_who_was_put_away():
    make_contact("Здесь", city="Хорог")
    away = make_contact("Убран", city="Хорог")
    Contact.objects.filter(pk=away.pk).update(archived_at=away.created_at)
    segment = make_segment(city=["Хорог"])

    assert counts([segment], by=make_staff("head")) == {segment.pk: 1}


def test_segment_is_counted_in_one_query_and_remembered(django_assert_num_queries):
    user, segment = make_staff("head"), make_segment(city=["Хорог"])
    make_contact("Здесь", city="Хорог")
    with django_assert_num_queries(2):  # which rule it has, and the count
        counts([segment], by=user)

    with django_assert_num_queries(0):
        assert known_counts([segment], by=user) == {segment.pk: 1}


def test_one_persons_number_is_not_shown_to_another_who_sees_less():
    make_everybody()
    segment = make_segment("Все", entity=["person"])
    counts([segment], by=make_staff("head"))

    assert known_counts([segment], by=make_staff("viewer")) == {}


def test_number_of_a_changed_rule_is_counted_anew():
    user, segment = make_staff("head"), make_segment(city=["Хорог"])
    make_contact("Здесь", city="Куляб")
    before = counts([segment], by=user)
    segment = change_rule(segment, city=["Куляб"])

    assert (before, counts([segment], by=user)) == ({segment.pk: 0}, {segment.pk: 1})


def test_number_of_a_list_follows_its_people_at_once(django_capture_on_commit_callbacks):
    user, segment, contact = make_staff("head"), make_list("Гости"), make_contact("Гость")
    before = counts([segment], by=user)
    with django_capture_on_commit_callbacks(execute=True):
        add_member(segment, contact, by=person(EDITOR))

    assert (before, counts([segment], by=user)) == ({segment.pk: 0}, {segment.pk: 1})
    cache.clear()


@pytest.mark.parametrize("depth", [1, 3])
def test_segments_that_name_one_another_twice_are_read_in_one_query(depth, django_assert_num_queries):
    segment = make_segment("Внутри", city=["Хорог"])
    for number in range(depth):
        segment = make_segment(f"{number}", segment=[str(segment.pk)], not_segment=[str(segment.pk)])

    with django_assert_num_queries(1):
        of_criterion("segment", [str(segment.pk)])
