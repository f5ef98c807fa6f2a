"""Between the freeze and the letter people still change their minds."""

import pytest
from django.utils import timezone

from crm.actions.organisations import restrict
from crm.actions.stops import add_rule, remember
from crm.actions.suppression import suppress
from crm.models import Contact, Topic
from mailings import actions
from mailings.models import Delivery, Mailing
from mailings.pipeline.claim import claim
from mailings.pipeline.send import _stopped_since, send_due
from mailings.states import DeliveryStatus
from tests.factories.contacts import HEAD, change
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db


def fates():
    return dict(Delivery.objects.values_list("address", "status"))


STOPPED = {"one@navid.test": DeliveryStatus.SUPPRESSED}


def test_rule_made_after_the_freeze_keeps_the_letter_here(smtp):
    reader = make_reader("one@navid.test")
    make_reader("two@navid.test")
    make_started()
    add_rule(reader, scope="bulk", by="test")

    send_due()

    assert (smtp.recipients, fates()) == (["two@navid.test"], STOPPED | {"two@navid.test": DeliveryStatus.SENT})


def test_rule_about_something_else_keeps_nothing(smtp):
    reader = make_reader("one@navid.test")
    make_started()
    add_rule(reader, scope="greetings", by="test")
    add_rule(reader, scope="topic", topic=Topic.objects.named("Армия"), by="test")

    send_due()

    assert smtp.recipients == ["one@navid.test"]


def test_rule_about_a_topic_of_the_mailing_keeps_it_here(smtp):
    topic = Topic.objects.named("Армия")
    reader = make_reader("one@navid.test")
    mailing = make_approved_about(topic)
    actions.start(mailing, by=mailing.author)
    add_rule(reader, scope="topic", topic=topic, by="test")

    send_due()

    assert (smtp.recipients, fates()) == ([], STOPPED)


def make_approved_about(topic):
    mailing = make_draft()
    actions.describe(mailing, title=mailing.title, kind=mailing.kind, topics=[topic], by=mailing.author)
    actions.submit(mailing, by=mailing.author)
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    return mailing


def test_person_erased_after_the_freeze_is_still_asked(smtp):
    reader = make_reader("one@navid.test")
    make_started()
    add_rule(reader, scope="bulk", by="test")
    remember(reader)
    Contact.objects.filter(pk=reader.pk).delete()

    send_due()

    assert (smtp.recipients, fates()) == ([], STOPPED)


def test_address_left_behind_after_the_freeze_gets_nothing(smtp):
    reader = make_reader("one@navid.test")
    make_started()
    reader.emails.update(retired_on=timezone.localdate())

    send_due()

    assert (smtp.recipients, fates()) == ([], STOPPED)


def test_same_mailbox_of_a_colleague_who_still_uses_it_gets_the_letter(smtp):
    make_reader("info@navid.test", name="Кто пишет")
    make_started()
    make_reader("info@navid.test", name="Кто ушёл").emails.update(retired_on=timezone.localdate())

    send_due()

    assert smtp.recipients == ["info@navid.test"]


@pytest.mark.parametrize("people", [1, 3])
def test_asking_takes_seven_queries_a_batch(people, django_assert_num_queries):
    for number in range(people):
        add_rule(make_reader(f"reader{number}@navid.test"), scope="greetings", by="test")
        make_started(city=[])
    batch = claim(50, at=timezone.now())

    with django_assert_num_queries(7):
        _stopped_since(batch)


def test_topics_are_part_of_what_was_approved():
    make_reader("one@navid.test")
    mailing = make_approved()

    mailing.topics.add(Topic.objects.named("Армия"))

    assert not mailing.is_as_approved


def put_away(reader):
    Contact.objects.filter(pk=reader.pk).update(archived_at=timezone.now())


def another_address(reader):
    change(reader, emails=["other@navid.test"])


def banned(reader):
    change(reader, organisation="Запрет")
    restrict("Запрет", on=timezone.localdate(), note="", by=person(HEAD))


def unsubscribed_elsewhere(reader):
    change(reader, emails=["reader@navid.test", "other@navid.test"])
    suppress("other@navid.test", "unsubscribed", by="test")


@pytest.mark.parametrize("happens", [put_away, another_address, banned, unsubscribed_elsewhere])
def test_letter_stays_when_the_card_has_changed_so_since(happens, smtp):
    reader = make_reader()
    make_started()

    happens(reader)
    send_due()

    assert smtp.recipients == []
