"""People added by hand, people set aside with a reason, and people chosen by what became of an earlier letter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.actions.suppression import suppress
from crm.actions.touches import add_touch
from crm.models import Contact
from mailings import actions
from mailings.models import Delivery, Mailing, outcomes
from mailings.pipeline.audience import resolve
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.funnel import funnel
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus, Reason, WrongState
from tests.factories.mailings import make_draft, make_reader, make_started, person
from tests.factories.segments import make_list

pytestmark = pytest.mark.django_db


def key(row):
    return [str(row.pk)]


def who(rule):
    return [recipient.name for recipient in resolve(rule, ["ru"]).recipients]


def reasons(rule):
    return {person.name: person.reason for person in resolve(rule, ["ru"]).left_out}


def three():
    return [make_reader(f"{number}@navid.test", name=name) for number, name in enumerate(("Один", "Два", "Три"))]


def test_who_is_added_by_hand_comes_beside_a_segment():
    one, two, _three = three()

    assert who({"segment": key(make_list("Гости", one)), "pick": key(two)}) == ["Один", "Два"]


def test_who_is_added_by_hand_alone_is_the_whole_audience():
    _one, two, _three = three()

    assert who({"pick": key(two)}) == ["Два"]


def test_who_is_added_by_hand_and_unsubscribed_gets_nothing():
    one, *_others = three()
    suppress("0@navid.test", "unsubscribed", by="test")

    assert (who({"pick": key(one)}), reasons({"pick": key(one)})) == ([], {"Один": Reason.UNSUBSCRIBED})


def test_who_is_in_a_segment_left_out_is_named_with_the_reason():
    one, _two, _three = three()

    assert reasons({"not_segment": key(make_list("Кроме", one))}) == {"Один": Reason.NOT_SEGMENT}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (DeliveryStatus.SENT, {"Один": Reason.GOT_BEFORE}),
        (DeliveryStatus.UNKNOWN, {"Один": Reason.GOT_BEFORE}),
        (DeliveryStatus.QUEUED, {"Один": Reason.GOT_BEFORE}),
        (DeliveryStatus.FAILED, {}),
        (DeliveryStatus.CANCELLED, {}),
    ],
)
def test_who_has_or_may_have_an_earlier_mailing_is_left_out(status, expected):
    one, *_others = three()
    earlier = make_started(pick=key(one))
    Delivery.objects.update(status=status, sent_at=timezone.now())

    assert reasons({"not_mailing": key(earlier)}) == expected


def test_a_mailbox_that_got_the_earlier_mailing_is_not_written_to_for_its_other_owner():
    one = make_reader("shared@navid.test", name="Один")
    earlier = make_started(pick=key(one))
    make_reader("shared@navid.test", name="Сосед")

    assert reasons({"not_mailing": key(earlier)}) == {"Один": Reason.GOT_BEFORE, "Сосед": Reason.GOT_BEFORE}


@pytest.mark.parametrize(("days_ago", "expected"), [(3, {"Один": Reason.RECENT}), (8, {})])
def test_who_was_written_to_in_the_last_days_is_left_out(days_ago, expected):
    one, *_others = three()
    make_started(pick=key(one))
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=timezone.now() - timedelta(days=days_ago))

    assert reasons({"recent": ["7"]}) == expected


@pytest.mark.parametrize(("kind", "expected"), [("call", {"Один": Reason.RECENT}), ("note", {})])
def test_who_was_called_lately_is_left_out_and_a_note_is_no_call(kind, expected):
    one, *_others = three()
    add_touch(one, kind=kind, text="Про обзор", at=timezone.now() - timedelta(days=1), by=person("author@payom.test"))

    assert reasons({"recent": ["7"]}) == expected


def test_outcomes_choose_by_what_became_of_a_letter(smtp):
    one, two, _three = three()
    smtp.refuse["1@navid.test"] = "550 5.7.1 policy"
    earlier = make_started(pick=[str(one.pk), str(two.pk)])
    send_due()

    assert [who({"outcome": [f"{earlier.pk}:{code}"]}) for code in ("sent", "failed", "silent")] == [
        ["Один"], ["Два"], ["Один"],
    ]  # fmt: skip


def test_whoever_called_back_or_unsubscribed_has_answered(smtp):
    one, two, _three = three()
    earlier = make_started(pick=[str(one.pk), str(two.pk)])
    send_due()
    later = timezone.now() + timedelta(seconds=1)
    add_touch(one, kind="call", text="Позвонил сам", at=later, by=person("author@payom.test"))
    Delivery.objects.filter(contact=two).update(unsubscribed_at=later)

    assert who({"outcome": [f"{earlier.pk}:silent"]}) == []


def test_a_room_above_may_add_an_outcome(monkeypatch):
    one, *_others = three()
    earlier = make_started(pick=key(one))
    monkeypatch.setattr(outcomes, "_outcomes", dict(outcomes._outcomes))
    outcomes.register(outcomes.Outcome("opened", "x", lambda letters: letters.filter(name="Один")))

    assert who({"outcome": [f"{earlier.pk}:opened"]}) == ["Один"]


@pytest.mark.parametrize("value", ["", "x", "12", "12:", "12:nonsense", ":sent", f"{10**20}:sent"])
def test_an_outcome_that_is_not_one_means_nobody(value):
    three()

    assert who({"outcome": [value]}) == []


def test_the_last_person_added_by_hand_is_not_taken_off_where_then_all_would_get_it():
    one, *_others = three()
    mailing = make_draft(pick=key(one))

    with pytest.raises(WrongState):
        actions.unpick(mailing, one, by=mailing.author)
    assert Mailing.objects.get(pk=mailing.pk).audience == {"pick": key(one)}


def test_another_rule_keeps_who_was_added_by_hand():
    one, two, _three = three()
    mailing = make_draft(pick=key(one))
    actions.set_audience(mailing, {"segment": key(make_list("Гости", two))}, by=mailing.author)

    assert [recipient.name for recipient in audience_of(mailing).recipients] == ["Один", "Два"]


def test_the_sum_goes_from_segments_to_letters():
    one, two, third = three()
    make_reader("", name="Без адреса")
    nobody = Contact.objects.get(name="Без адреса")
    guests, others = make_list("Гости", one, two, nobody), make_list("Другие", two)
    Contact.objects.filter(pk=one.pk).update(city="Хорог")
    rule = {"segment": [str(guests.pk), str(others.pk)], "city": [""], "pick": key(third)}
    found = funnel(rule, resolve(rule, ["ru"]))

    assert (found.sizes, found.in_segments, found.twice, found.unfit, found.added, found.meant, found.letters) == (
        {str(guests.pk): 3, str(others.pk): 1}, 4, 1, 1, 1, 3, 2,
    )  # fmt: skip
    assert found.left_out == [(Reason.NO_ADDRESS, 1)]


@pytest.mark.parametrize("people", [1, 4])
def test_a_rule_with_everything_takes_the_same_queries(people, django_assert_num_queries):
    some = [make_reader(f"{number}@navid.test") for number in range(people)]
    earlier = make_started(pick=[str(one.pk) for one in some])
    segment = make_list("Кроме", some[0])
    rule = {
        "not_segment": key(segment),
        "not_mailing": key(earlier),
        "recent": ["7"],
        "outcome": [f"{earlier.pk}:sent"],
        "pick": [str(one.pk) for one in some],
    }

    with django_assert_num_queries(12):
        resolve(rule, ["ru"])
