"""What a mailing does with what people do not want."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from crm.actions.stops import add_rule, lift_rule, remember
from crm.actions.suppression import suppress
from crm.models import EmailAddress, Topic
from mailings.models import Exclusion
from mailings.pipeline.audience import resolve
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.wishes import About
from mailings.states import Reason
from tests.factories.mailings import make_draft, make_reader, make_started, person

pytestmark = pytest.mark.django_db

KINDS = ["statement", "press_release", "review", "invitation", "greeting"]


def reader_who_wants_no(scope, *, address="reader@navid.test", **words):
    reader = make_reader(address)
    add_rule(reader, scope=scope, by=person("author@payom.test"), **words)
    return reader


def reasons(kind="statement", topics=()):
    about = About(kind, frozenset(topic.pk for topic in topics))
    return [one.reason for one in resolve({}, ["ru"], about).left_out]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", ["everything", "bulk"])
def test_person_who_wants_no_mailings_gets_none_of_any_kind(scope, kind):
    reader_who_wants_no(scope)

    assert reasons(kind) == [Reason.NO_MAILINGS]


@pytest.mark.parametrize(
    ("scope", "stopped", "reason"),
    [("greetings", "greeting", Reason.NO_GREETINGS), ("invitations", "invitation", Reason.NO_INVITATIONS)],
)
def test_narrow_rule_stops_its_own_kind_alone(scope, stopped, reason):
    reader_who_wants_no(scope)

    assert {kind: reasons(kind) for kind in KINDS} == dict.fromkeys(KINDS, []) | {stopped: [reason]}


def test_topic_stops_a_mailing_that_has_it_among_others():
    army, health, media = (Topic.objects.named(name) for name in ("Армия", "Здоровье", "СМИ"))
    reader_who_wants_no("topic", topic=army)

    assert [reasons(topics=[army, health]), reasons(topics=[health, media]), reasons()] == [[Reason.NO_TOPIC], [], []]


def test_e_mail_is_a_channel_and_telegram_is_another_one():
    reader_who_wants_no("channel", channel="telegram", address="telegram@navid.test")
    reader_who_wants_no("channel", channel="email")

    assert reasons() == [Reason.NO_EMAIL]


def test_rule_stops_until_its_last_day_and_no_longer():
    today = timezone.localdate()
    reader_who_wants_no("bulk", until_on=today + timedelta(days=3))

    found = []
    for days in (0, 3, 4):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            found.append(reasons())

    assert found == [[Reason.NO_MAILINGS], [Reason.NO_MAILINGS], []]


def test_lifted_rule_stops_nothing():
    reader = reader_who_wants_no("everything")

    lift_rule(reader.stop_rules.get(), by=person("head@payom.test"))

    assert reasons() == []


def test_what_an_erased_person_asked_for_stops_whoever_has_the_address():
    reader = reader_who_wants_no("bulk")
    remember(reader)
    reader.delete()
    # A contact that came past every form and import.
    other = make_reader("other@navid.test")
    EmailAddress.objects.create(contact=other, address="reader@navid.test", rank=1)

    assert reasons() == [Reason.NO_MAILINGS]


def test_colleague_at_a_shared_mailbox_gets_the_letter():
    reader_who_wants_no("bulk", address="info@navid.test")
    make_reader("info@navid.test", name="Коллега")

    audience = resolve({}, ["ru"])

    assert [recipient.name for recipient in audience.recipients] == ["Коллега"]


def test_address_not_used_any_more_is_never_written_to():
    reader = make_reader("old@navid.test")
    reader.emails.update(retired_on=date(2025, 1, 1))
    EmailAddress.objects.create(contact=reader, address="new@navid.test", rank=1)

    assert [recipient.address for recipient in resolve({}, ["ru"]).recipients] == ["new@navid.test"]


def test_person_with_only_old_addresses_has_none():
    make_reader("old@navid.test").emails.update(retired_on=date(2025, 1, 1))

    assert reasons() == [Reason.NO_ADDRESS]


def test_wish_said_at_an_old_address_still_counts():
    reader = make_reader("old@navid.test")
    reader.emails.update(retired_on=date(2025, 1, 1))
    EmailAddress.objects.create(contact=reader, address="new@navid.test", rank=1)
    suppress("old@navid.test", "unsubscribed", by="test")

    assert reasons() == [Reason.UNSUBSCRIBED]


def test_mailing_asks_with_its_own_kind_and_topics():
    army = Topic.objects.named("Армия")
    reader_who_wants_no("topic", topic=army)
    mailing = make_draft()
    mailing.topics.add(army)

    assert [one.reason for one in audience_of(mailing).left_out] == [Reason.NO_TOPIC]


def test_reason_is_frozen_with_the_mailing():
    make_reader("one@navid.test")
    reader_who_wants_no("bulk")

    mailing = make_started()

    assert [exclusion.reason for exclusion in Exclusion.objects.filter(mailing=mailing)] == [Reason.NO_MAILINGS]


@pytest.mark.parametrize("people", [1, 3])
def test_wishes_of_any_number_take_no_more_queries(people, django_assert_num_queries):
    for number in range(people):
        reader = reader_who_wants_no("greetings", address=f"reader{number}@navid.test")
        add_rule(reader, scope="topic", topic=Topic.objects.named("Армия"), by="test")

    with django_assert_num_queries(7):
        resolve({}, ["ru"])
