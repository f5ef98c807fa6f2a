"""Segments as audiences: who gets a mailing, what an approval stands for, and what is not deleted meanwhile."""

import pytest

from audit.models import Entry
from crm.actions.segments import SegmentRefusal, add_member, delete_segment, remove_member, save_segment, uses_of
from crm.models import Contact, Segment, Topic
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.audience import resolve
from mailings.pipeline.checks import check
from mailings.pipeline.freeze import audience_of
from mailings.states import MailingStatus, WrongState
from tests.factories.contacts import make_everybody, make_staff
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person
from tests.factories.segments import change_rule, make_list, make_segment

pytestmark = pytest.mark.django_db


def key(segment):
    return [str(segment.pk)]


def names(rule):
    return {recipient.name for recipient in resolve(rule, ["ru"]).recipients}


def again(mailing):
    return Mailing.objects.get(pk=mailing.pk)


def test_audience_is_the_people_of_a_segment_without_those_of_another():
    one, two = make_reader("1@navid.test", name="Один"), make_reader("2@navid.test", name="Два")
    make_reader("3@navid.test", name="Три")
    some, others = make_list("Гости", one, two), make_list("Кроме", two)

    assert names({"segment": key(some), "not_segment": key(others)}) == {"Один"}


def test_segments_put_away_contacts_get_nothing():
    reader = make_reader(name="Убран")
    segment = make_list("Гости", reader)
    Contact.objects.update(archived_at=reader.created_at)

    assert names({"segment": key(segment)}) == set()


def test_who_joins_a_list_after_the_approval_stops_the_sending():
    segment = make_list("Гости", make_reader("1@navid.test"))
    mailing = make_approved(segment=key(segment))
    add_member(segment, make_reader("2@navid.test"), by=person("author@payom.test"))

    with pytest.raises(WrongState):
        actions.start(mailing, by=mailing.author)

    assert (again(mailing).status, mailing.deliveries.count()) == (MailingStatus.APPROVED, 0)


def test_who_comes_to_fit_a_segment_after_the_approval_stops_the_sending():
    make_reader("1@navid.test", city="Хорог")
    late = make_reader("2@navid.test", city="Куляб")
    mailing = make_approved(segment=key(make_segment(city=["Хорог"])))
    Contact.objects.filter(pk=late.pk).update(city="Хорог")

    with pytest.raises(WrongState):
        actions.start(mailing, by=mailing.author)


def test_who_leaves_a_list_after_the_approval_is_left_out():
    one, two = make_reader("1@navid.test"), make_reader("2@navid.test")
    segment = make_list("Гости", one, two)
    mailing = make_approved(segment=key(segment))
    remove_member(segment, two, by=person("author@payom.test"))

    assert actions.start(mailing, by=mailing.author) == 1


@pytest.mark.parametrize("criterion", ["segment", "not_segment"])
@pytest.mark.parametrize("status", [MailingStatus.IN_REVIEW, MailingStatus.APPROVED])
def test_changed_rule_of_a_segment_takes_the_approval_back(criterion, status):
    make_reader(city="Хорог")
    segment = make_segment("Хорог", city=["Хорог"] if criterion == "segment" else ["Нигде"])
    mailing = make_draft(**{criterion: key(segment)})
    actions.submit(mailing, by=mailing.author)
    if status == MailingStatus.APPROVED:
        actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    change_rule(segment, city=["Хорог"], kind=["journalist"])

    after = again(mailing)

    assert (after.status, after.approved_by, after.approved_recipients) == (MailingStatus.DRAFT, None, [])
    assert Entry.objects.filter(action="mailings.mailing.reopened", subject_id=mailing.pk).count() == 1


def test_changed_rule_of_a_segment_inside_another_takes_the_approval_back():
    make_reader(city="Хорог")
    inner = make_segment("Внутренний", city=["Хорог"])
    mailing = make_approved(segment=key(make_segment("Внешний", segment=key(inner))))
    change_rule(inner, city=["Хорог", "Куляб"])

    assert again(mailing).status == MailingStatus.DRAFT


def test_who_changes_a_rule_under_approval_is_no_second_pair_of_eyes():
    make_reader(city="Хорог")
    segment = make_segment("Хорог", city=["Хорог"])
    mailing = make_approved(segment=key(segment))
    segment.rule = {"city": ["Хорог", "Куляб"]}
    save_segment(segment, by=person("head@payom.test"))

    assert person("head@payom.test").pk in again(mailing).hands


def test_another_name_or_colour_leaves_the_approval_as_it_is():
    make_reader(city="Хорог")
    segment = make_segment("Хорог", city=["Хорог"])
    mailing = make_approved(segment=key(segment))
    segment.name, segment.colour = "Помир", "plum"
    save_segment(segment, by=person("author@payom.test"))

    assert again(mailing).status == MailingStatus.APPROVED


def test_mailing_to_other_people_keeps_its_approval():
    make_reader(city="Хорог")
    segment, other = make_segment("Хорог", city=["Хорог"]), make_segment("Другой", city=["Хорог"])
    mailing = make_approved(segment=key(other))
    change_rule(segment, city=["Куляб"])

    assert again(mailing).status == MailingStatus.APPROVED


def test_mailing_on_its_way_goes_on_when_a_rule_changes():
    make_reader(city="Хорог")
    segment = make_segment("Хорог", city=["Хорог"])
    mailing = make_started(segment=key(segment))
    change_rule(segment, city=["Куляб"])

    after = again(mailing)

    assert (after.status, after.is_as_approved, after.deliveries.count()) == (MailingStatus.SENDING, True, 1)


@pytest.mark.parametrize("make", [make_draft, make_approved, make_started])
@pytest.mark.parametrize("criterion", ["segment", "not_segment"])
def test_segment_of_a_mailing_that_is_not_over_is_not_deleted(make, criterion):
    reader = make_reader()
    segment = make_list("Гости", *([reader] if criterion == "segment" else []))
    make(**{criterion: key(segment)})

    with pytest.raises(SegmentRefusal, match="Заявление"):
        delete_segment(segment, by=person("author@payom.test"))

    assert Segment.objects.filter(pk=segment.pk).exists()


def test_segment_of_a_mailing_that_is_over_is_named_and_may_go():
    segment = make_list("Гости", make_reader())
    mailing = make_started(segment=key(segment))
    actions.cancel(mailing, by=mailing.author)

    uses = uses_of([segment.pk])[segment.pk]
    delete_segment(segment, by=person("author@payom.test"))

    assert [(use.title, use.holds) for use in uses] == [("Заявление", False)]
    assert not Segment.objects.exists()


@pytest.mark.parametrize("criterion", ["segment", "not_segment", "topic"])
def test_what_is_gone_from_an_audience_is_an_error(criterion):
    make_reader()
    mailing = make_draft(**{criterion: ["999999"]})

    errors = [finding for finding in check(mailing, audience_of(mailing)) if finding.level == "error"]

    assert any("999999" not in error.text and "(" in error.text for error in errors)
    with pytest.raises(WrongState):
        actions.submit(mailing, by=mailing.author)


def test_audience_of_a_segment_that_is_gone_is_nobody():
    make_reader()

    assert resolve({"segment": ["999999"]}, ["ru"]).chosen == 0


def test_audience_is_chosen_on_the_page_by_segment_and_topic(client_of):
    reader, topic = make_reader(), Topic.objects.named("Суды")
    segment, mailing = make_list("Гости", reader), make_draft()
    client = client_of(person("author@payom.test"))
    client.post(
        f"/mailings/{mailing.pk}/audience/",
        {"audience-segment": segment.pk, "audience-not_segment": [], "audience-topic": topic.pk},
    )
    page = client.get(f"/mailings/{mailing.pk}/text/ru/")

    assert again(mailing).audience == {"segment": key(segment), "topic": [str(topic.pk)]}
    assert [label.rpartition(": ")[2] for label, _count in page.context["rule_labels"]] == ["Суды", "Гости"]
    assert f"count-segment-{segment.pk}" in page.content.decode()


def test_journal_names_the_segments_of_an_audience():
    make_draft(segment=key(make_list("Гости", make_reader())))

    entry = Entry.objects.filter(action="mailings.audience.set").latest("pk")

    assert entry.changes == {"audience.segment": [None, ["Гости"]]}


def test_page_says_why_somebody_does_not_get_the_mailing(client_of):
    chosen = make_reader("1@navid.test", name="Выбран", city="Хорог")
    without = make_reader("", name="Без адреса", city="Хорог")
    other = make_reader("3@navid.test", name="Другой", city="Куляб")
    mailing = make_draft(segment=key(make_segment("Хорог", city=["Хорог"])))
    client = client_of(person("author@payom.test"))

    pages = [client.get(f"/mailings/{mailing.pk}/why/{one.pk}/").context for one in (chosen, without, other)]

    assert [(bool(page["letter"]), bool(page["reason"]), page["fits"]) for page in pages] == [
        (True, False, True),
        (False, True, True),
        (False, False, False),
    ]


def test_page_says_what_became_of_somebody_when_the_mailing_left(client_of):
    chosen = make_reader("1@navid.test", name="Выбран", city="Хорог")
    without = make_reader("", name="Без адреса", city="Хорог")
    mailing = make_started(city=["Хорог"])
    Contact.objects.update(city="Куляб")
    client = client_of(person("author@payom.test"))

    pages = [client.get(f"/mailings/{mailing.pk}/why/{one.pk}/").context for one in (chosen, without)]

    assert [(bool(page["letter"]), bool(page["reason"]), page["fits"]) for page in pages] == [
        (True, False, False),
        (False, True, False),
    ]


@pytest.mark.parametrize("role", ["head", "editor", "viewer"])
def test_why_is_told_only_of_people_who_are_visible(role, client_of):
    make_everybody()
    mailing, user = make_draft(), make_staff(role)
    client = client_of(user)

    opened = {
        contact.name
        for contact in Contact.objects.all()
        if client.get(f"/mailings/{mailing.pk}/why/{contact.pk}/").status_code == 200
    }
    found = client.get(f"/mailings/{mailing.pk}/recipients/?who=open internal").context["found"]
    seen = Contact.objects.visible_to(user)

    assert opened == set(seen.values_list("name", flat=True))
    assert set(found) <= set(seen)
