"""What a reader chooses by a letter's link: it holds at the next claim, and staff's word stays staff's."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from core.signing import make_token
from crm.actions.contacts import TypedWay, save_contact
from crm.actions.stops import add_rule, lift_rule
from crm.actions.suppression import suppress
from crm.models import Contact, StopRule, Suppression, Topic
from mailings.actions import UNDO
from mailings.actions.incoming import complained
from mailings.models import Delivery
from mailings.pipeline.audience import resolve
from mailings.pipeline.render import UNSUBSCRIBE
from mailings.pipeline.send import send_due
from tests.architecture.rows import dump
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db

ALL = ["news", "invitations", "greetings"]


@pytest.fixture
def reader():
    return make_reader("reader@navid.test", languages="ru tg")


@pytest.fixture
def delivery(reader):
    return make_started("ru").deliveries.get()


@pytest.fixture
def link(delivery):
    return f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"


def press(link, action="save", **data):
    return Client(enforce_csrf_checks=True).post(link, {"action": action, "language": "ru", "wanted": ALL} | data)


def page(link):
    return Client().get(link).content.decode()


def rules():
    return [tuple(rule) for rule in StopRule.objects.in_force().order_by("pk").values_list("scope", "by_person")]


def test_switching_a_kind_off_is_a_stop_rule_of_the_persons_own(link):
    press(link, wanted=["news", "invitations"])

    assert rules() == [("greetings", True)]


def test_switching_it_on_again_lifts_it(link):
    press(link, wanted=["news"])
    press(link, wanted=["news", "greetings"])

    assert rules() == [("invitations", True)]


def test_saying_the_same_twice_is_saying_it_once(link):
    press(link, wanted=["news"])
    press(link, wanted=["news"])

    assert StopRule.objects.count() == 2


def test_what_staff_wrote_down_is_shown_and_stays(link, reader):
    add_rule(reader, scope="greetings", reason="Сказал по телефону", by=person("author@payom.test"))

    shown = page(link)
    press(link)

    assert ('value="greetings" disabled' in shown, "Сказал" in shown, rules()) == (True, False, [("greetings", False)])


@pytest.mark.parametrize(("scope", "channel"), [("everything", ""), ("bulk", ""), ("channel", "email")])
def test_wider_word_of_staff_leaves_nothing_to_choose(link, reader, scope, channel):
    add_rule(reader, scope=scope, channel=channel, by=person("author@payom.test"))

    assert page(link).count(" disabled") == 3


def test_staff_do_not_lift_what_the_person_chose(link, reader, client_of):
    press(link, wanted=[])
    head = person("head@payom.test")

    answers = [
        client_of(head).post(f"/contacts/stops/{rule.pk}/lift/").status_code for rule in StopRule.objects.all()
    ] + [client_of(head).post(f"/contacts/{reader.pk}/stops/switch/", {"scope": "greetings", "wants": "1"}).status_code]

    assert (answers, len(rules())) == ([403, 403, 403, 302], 3)


def test_lists_of_staff_say_that_the_person_said_so(link, reader, client_of):
    press(link, wanted=["news", "invitations"])
    client = client_of(person("head@payom.test"))

    pages = [client.get(f"/contacts/{path}").content.decode() for path in ("stop-list/", f"{reader.pk}/")]

    assert [f"/stops/{StopRule.objects.get().pk}/lift/" in one for one in pages] == [False, False]


def test_choice_is_written_down_as_the_recipients(link):
    press(link, wanted=["news", "invitations"], language="tg")

    entries = Entry.objects.filter(by="recipient").order_by("pk").values_list("action", "origin", "changes")
    assert list(entries) == [
        ("crm.stop.added", "", {}),
        ("crm.contact.changed", "", {"languages": ["ru tg", "tg ru"]}),
    ]


def test_language_goes_before_the_others(link, reader):
    press(link, language="en")

    reader.refresh_from_db()
    assert (reader.languages, reader.revision) == ("en ru tg", 1)


def test_unknown_language_is_refused_and_what_was_typed_stays(link, reader):
    answer = press(link, language="xx", wanted=["news"])

    reader.refresh_from_db()
    assert (answer.status_code, reader.languages, rules()) == (422, "ru tg", [])
    assert answer.content.decode().count(" checked") == 1


def test_subject_that_was_not_offered_changes_nothing(link):
    hidden = Topic.objects.named("Закрытая тема")
    answer = press(link, wanted=[*ALL, f"topic-{hidden.pk}"])

    assert (answer.status_code, rules(), "Закрытая" in page(link)) == (422, [], False)


# Topics


def about(delivery, *names):
    delivery.mailing.topics.set([Topic.objects.named(name) for name in names])
    Delivery.objects.filter(pk=delivery.pk).update(status="sent", sent_at=timezone.now())


def test_topics_of_letters_that_came_are_offered_and_refused(link, delivery):
    about(delivery, "Армия", "Суды")
    army = Topic.objects.named("Армия")

    press(link, wanted=[*ALL, f"topic-{Topic.objects.named('Суды').pk}"])

    assert list(StopRule.objects.values_list("scope", "topic", "by_person")) == [("topic", army.pk, True)]


def test_topic_that_was_refused_can_be_wanted_again_later(link, delivery):
    about(delivery, "Армия")
    press(link)
    delivery.mailing.topics.clear()

    press(link, wanted=[*ALL, f"topic-{Topic.objects.named('Армия').pk}"])

    assert rules() == []


# Pause


def test_pause_is_for_thirty_days_unless_a_day_is_chosen(link):
    press(link, "pause")
    month = StopRule.objects.in_force().get().until_on
    day = timezone.localdate() + timedelta(days=7)
    press(link, "pause", until=day.isoformat())

    assert (month, [rule.until_on for rule in StopRule.objects.in_force()]) == (
        timezone.localdate() + timedelta(days=30),
        [day],
    )


def test_pause_ends_at_once_when_the_person_says_so(link):
    press(link, "pause")
    press(link, "resume")

    assert (rules(), 'value="resume"' in page(link)) == ([], False)


def test_pause_keeps_what_else_was_changed_on_the_form(link):
    press(link, "pause", wanted=["news"])

    assert sorted(rules()) == [("bulk", True), ("greetings", True), ("invitations", True)]


@pytest.mark.parametrize("days", [-1, 400])
def test_pause_until_no_sensible_day_is_refused(link, days):
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = press(link, "pause", until=day)

    assert (answer.status_code, rules(), f'value="{day}"' in answer.content.decode()) == (422, [], True)


# It holds at once


@pytest.mark.parametrize(
    ("action", "data"),
    [("save", {"wanted": ["invitations"]}), ("pause", {}), ("unsubscribe", {})],
    ids=["kind", "pause", "everything"],
)
def test_letter_that_waits_does_not_leave_any_more(link, smtp, action, data):
    press(link, action, **data)

    send_due()

    assert (smtp.recipients, Delivery.objects.get().status) == ([], "suppressed")


def test_letter_of_a_kind_that_is_wanted_leaves(link, smtp):
    press(link, wanted=["news"])

    send_due()

    assert smtp.recipients == ["reader@navid.test"]


def test_next_mailing_speaks_the_chosen_language(link):
    press(link, language="tg")

    assert make_started("ru tg").deliveries.get().language == "tg"


# Taking it back


def test_unsubscribing_is_taken_back_within_thirty_days(link):
    press(link, "unsubscribe")
    Suppression.objects.update(at=timezone.now() - UNDO + timedelta(minutes=5))
    offered = 'value="back"' in page(link)
    press(link, "back")

    assert (offered, Suppression.objects.count(), Delivery.objects.get().unsubscribed_at) == (True, 0, None)


def test_old_link_does_not_bring_letters_back(link):
    press(link, "unsubscribe")
    Suppression.objects.update(at=timezone.now() - UNDO - timedelta(minutes=5))
    offered = 'value="back"' in page(link)
    press(link, "back")

    assert (offered, Suppression.objects.count()) == (False, 1)


# From a letter to an earlier address


def move(reader, *emails):
    ways = {"emails": emails, "phones": [], "organisation": "", "title": ""}
    save_contact(Contact.objects.get(pk=reader.pk), ways=ways, by=person("author@payom.test"))


def left_out():
    return [(one.name, one.reason) for one in resolve({}, ["ru"]).left_out]


def test_whoever_unsubscribes_by_an_old_letter_is_written_to_at_no_newer_address(link, reader):
    move(reader, "new@navid.test")
    Client().post(link, {"List-Unsubscribe": "One-Click"})

    assert (left_out(), rules()) == ([("Ҷамшед Холов", "no_email")], [("channel", True)])
    assert StopRule.objects.get().text == "Не хочет писем: так сказано об адресе, которого в карточке больше нет."


def test_address_that_is_put_on_the_card_later_is_none_to_write_to(link, reader):
    move(reader)
    press(link, "unsubscribe")
    move(reader, "new@navid.test")

    assert left_out() == [("Ҷамшед Холов", "no_email")]


def test_letter_that_waits_for_the_newer_address_does_not_leave_any_more(link, reader, smtp):
    Delivery.objects.update(status="sent", sent_at=timezone.now())
    move(reader, "new@navid.test")
    make_started("ru")
    press(link, "unsubscribe")

    send_due()

    assert smtp.recipients == []


def test_complaint_about_an_old_letter_stops_the_newer_address(delivery, reader):
    move(reader, "new@navid.test")
    complained(delivery)

    assert left_out() == [("Ҷамшед Холов", "no_email")]


@pytest.mark.parametrize("by_newer", [False, True], ids=["old letter", "newer letter"])
def test_unsubscribing_by_an_old_letter_is_taken_back_whole(link, reader, by_newer):
    move(reader, "new@navid.test")
    newer = f"/u/{make_token(UNSUBSCRIBE, make_started('ru').deliveries.get().pk)}/"
    press(link, "unsubscribe")
    offered = ['value="back"' in page(one) for one in (link, newer)]
    press(newer if by_newer else link, "back")

    assert (offered, rules(), left_out()) == ([True, True], [], [])


def test_unsubscribing_before_the_address_was_replaced_is_taken_back_whole(link, reader):
    press(link, "unsubscribe")
    move(reader, "new@navid.test")
    stopped = left_out()
    press(link, "back")

    assert (stopped, rules(), left_out()) == ([("Ҷамшед Холов", "no_email")], [], [])


@pytest.mark.parametrize("action", ["back", "pause", "resume", "save"])
def test_no_old_link_brings_letters_to_the_newer_address_back(link, reader, action):
    move(reader, "new@navid.test")
    press(link, "unsubscribe")
    ago = timezone.now() - UNDO - timedelta(minutes=5)
    Suppression.objects.update(at=ago)
    StopRule.objects.update(set_at=ago)

    press(link, action)

    assert ("channel", True) in rules()


def test_what_was_said_before_is_not_taken_back_with_it(link, reader):
    move(reader, "new@navid.test")
    press(link, "unsubscribe")
    StopRule.objects.update(set_at=timezone.now() - UNDO - timedelta(minutes=5))
    press(link, "back")

    assert (Suppression.objects.count(), rules()) == (0, [("channel", True)])


def test_letter_to_a_shared_mailbox_stops_its_reader_and_nobody_else_elsewhere(link, reader):
    make_reader("reader@navid.test", name="Зебо Бодомӣ")
    other = make_reader("new@navid.test", name="Парвиз Назаров")
    move(reader, "new@navid.test")

    press(link, "unsubscribe")

    assert sorted(left_out()) == [("Зебо Бодомӣ", "unsubscribed"), ("Ҷамшед Холов", "no_email")]
    assert [one.contact_id for one in resolve({}, ["ru"]).recipients] == [other.pk]


def test_address_that_is_still_on_the_card_needs_no_rule(link, reader):
    move(reader, "new@navid.test", TypedWay("reader@navid.test", is_retired=True))
    press(link, "unsubscribe")

    assert (left_out(), rules()) == ([("Ҷамшед Холов", "unsubscribed")], [])


# Whoever holds the link


def test_sealed_contact_is_shown_nothing_but_what_they_chose():
    reader = make_reader("canary@tanho.test", name="Канарейка", sensitivity="sealed", city="Хорог")
    delivery = make_started("ru").deliveries.get()
    add_rule(reader, scope="greetings", reason="Под угрозой", by=person("author@payom.test"))
    about(Delivery.objects.get(), "Армия")
    link = f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"
    press(link, wanted=["greetings", "news"])

    shown = page(link)

    assert [word for word in ("canary", "tanho", "Канарейка", "Хорог", "угрозой", "disabled") if word in shown] == []
    assert sorted(rules()) == [("greetings", False), ("invitations", True), ("topic", True)]


def test_sealed_contact_chooses_beside_what_staff_wrote_down():
    reader = make_reader("canary@tanho.test", sensitivity="sealed")
    link = f"/u/{make_token(UNSUBSCRIBE, make_started('ru').deliveries.get().pk)}/"
    add_rule(reader, scope="greetings", by=person("author@payom.test"))

    press(link, wanted=["news", "invitations"])
    own = rules()
    press(link)

    assert (own, rules()) == ([("greetings", False), ("greetings", True)], [("greetings", False)])


def test_who_is_a_contact_no_more_finds_the_way_out_alone(link, reader):
    Contact.objects.get(pk=reader.pk).delete()
    shown = page(link)
    answers = [press(link, action).status_code for action in ("save", "pause", "resume", "copy", "erasure")]
    press(link, "unsubscribe")

    assert ('role="switch"' in shown, 'value="unsubscribe"' in shown, answers) == (False, True, [200] * 5)
    assert (StopRule.objects.count(), Suppression.objects.get().reason) == (0, "unsubscribed")


def test_who_is_on_the_stop_list_is_told_so_and_chooses_nothing(link):
    suppress("reader@navid.test", "complaint", by="test")

    assert ('role="switch"' in page(link), 'value="back"' in page(link)) == (False, False)


@pytest.mark.parametrize(("reason", "days"), [("on_hold", 14), ("hard_bounce", None), ("manual", None)])
def test_whose_address_is_stopped_by_others_still_finds_the_way_out(link, reason, days):
    until = timezone.localdate() + timedelta(days=days) if days else None
    suppress("reader@navid.test", reason, until_on=until, by="test")
    offered = 'value="unsubscribe"' in page(link)
    press(link, "unsubscribe")

    assert (offered, Suppression.objects.get().reason, 'value="back"' in page(link)) == (True, "unsubscribed", True)


@pytest.mark.parametrize("query", ["", "?action=unsubscribe", "?List-Unsubscribe=One-Click", "?wanted=", "?lang=tg"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}],
    ids=["plain", "prerender", "prefetch", "moz"],
)
def test_no_way_of_opening_the_page_changes_anything(link, query, headers):
    before = dump()

    answers = {getattr(Client(), method)(link + query, headers=headers).status_code for method in ("get", "head")}

    assert (answers, dump() == before) == ({200}, True)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(link, method):
    before = dump()

    assert (getattr(Client(), method)(link).status_code, dump() == before) == (405, True)


def test_page_asks_the_database_the_same_whatever_was_chosen(link, delivery, django_assert_num_queries):
    about(delivery, *map(str, range(1000, 1012)))
    press(link, wanted=[])

    with django_assert_num_queries(5):
        Client().get(link)


def test_recipient_alone_lifts_even_in_the_code(link):
    press(link, wanted=["news", "invitations"])

    with pytest.raises(PermissionDenied):
        lift_rule(StopRule.objects.get(), by=person("head@payom.test"))
