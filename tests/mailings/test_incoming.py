"""What follows from a letter that came in."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from crm.actions.suppression import end_holds
from crm.models import Contact, FollowUp, Suppression
from mailings.actions.incoming import complained, take_in
from mailings.message import Outcome, Receipt
from mailings.models import Delivery, Incoming, Mailing
from mailings.pipeline import marks
from mailings.pipeline.claim import claim
from mailings.pipeline.send import send_due
from mailings.pipeline.turn import turn
from tests.factories.contacts import change
from tests.factories.incoming import READER, complaint, make_sent, report, written
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db


def stops():
    return list(Suppression.objects.values_list("reason", flat=True))


def fate(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.bounce_class


# Bounces


def test_dead_mailbox_stops_at_once_with_the_server_s_words(smtp):
    delivery = make_sent(smtp)

    take_in(report(delivery))

    entry = Suppression.objects.get()
    assert (entry.reason, entry.address, entry.evidence) == ("hard_bounce", READER, "550 550 5.1.1 User unknown")
    assert fate(delivery) == ("failed", "hard")


def test_same_report_twice_is_one(smtp):
    delivery = make_sent(smtp)
    first = take_in(report(delivery))
    Suppression.objects.all().delete()

    second = take_in(report(delivery).replace(b"Return-Path: <>\n", b"Return-Path: <>\nReceived: by a relay\n"))

    assert (first.is_news, second.is_news, Incoming.objects.count(), stops()) == (True, False, 1, [])


@pytest.mark.parametrize(
    ("how", "make"),
    [
        ("address", lambda row: report(row)),
        ("header", lambda row: report(returned=f"{marks.HEADER}: {marks.header(row.pk)}")),
        ("number", lambda row: report(returned=f"Message-ID: {marks.message_id(row.pk)}")),
    ],
)
def test_letter_is_recognised_by_each_of_its_marks(smtp, how, make):
    delivery = make_sent(smtp)

    incoming = take_in(make(delivery)).incoming

    assert (incoming.delivery, incoming.matched, stops()) == (delivery, how, ["hard_bounce"])


def test_return_path_is_read_whatever_its_case(smtp):
    delivery = make_sent(smtp)

    take_in(report(to=marks.return_path(delivery.pk).upper()))

    assert stops() == ["hard_bounce"]


def test_report_that_names_only_the_address_changes_nothing(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(report()).incoming

    assert (incoming.delivery, stops(), fate(delivery)) == (None, [], ("sent", ""))


def test_report_with_a_wrong_mark_is_forged(smtp):
    delivery = make_sent(smtp)
    right = marks.return_path(delivery.pk)
    wrong = right.replace("+b-", "+b-" + ("a" if right.partition("+b-")[2][0] != "a" else "b"), 1).replace("@", "@", 1)
    wrong = wrong[: wrong.index("@") - 1] + wrong[wrong.index("@") :]

    incoming = take_in(report(to=wrong)).incoming

    assert (incoming.kind, incoming.delivery, stops(), fate(delivery)) == ("forged", None, [], ("sent", ""))


def test_answer_in_a_thread_that_a_mail_program_of_our_own_began_is_a_letter_like_any_other(smtp):
    reader = make_reader()
    number = "<5f4dcc3b5aa765d61d8327deb882cf99@coalition.test>"

    incoming = take_in(written(In_Reply_To=number, References=number)).incoming

    assert (incoming.kind, incoming.contact, incoming.matched) == ("reply", reader, "sender")


def test_letter_handed_on_to_a_dead_mailbox_does_not_stop_the_one_we_wrote_to(smtp):
    delivery = make_sent(smtp)

    take_in(report(delivery, address="elsewhere@other.test"))

    assert (stops(), fate(delivery)) == ([], ("failed", "hard"))


@pytest.mark.parametrize(
    ("status", "diagnostic", "found"),
    [
        ("5.7.1", "550 5.7.1 User unknown, message refused by policy", "block"),
        ("5.7.26", "550 5.7.26 Unauthenticated email is not accepted", "block"),
        ("5.0.0", "554 This message looks like spam", "block"),
        ("5.2.2", "552 5.2.2 Mailbox full", "full"),
        ("4.4.1", "connection timed out", "soft"),
        ("5.0.0", "", "unknown"),
    ],
)
def test_what_is_not_a_dead_mailbox_stops_nobody(smtp, status, diagnostic, found):
    delivery = make_sent(smtp)

    take_in(report(delivery, status=status, diagnostic=diagnostic))

    assert (stops(), fate(delivery)) == ([], ("failed", found))


@pytest.mark.parametrize(
    ("action", "kind"), [("delayed", "delay"), ("delivered", "delivered"), ("relayed", "delivered")]
)
def test_delay_and_success_leave_the_letter_as_it_is(smtp, action, kind):
    delivery = make_sent(smtp)

    incoming = take_in(report(delivery, action=action)).incoming

    assert (incoming.kind, stops(), fate(delivery)) == (kind, [], ("sent", ""))


def test_success_that_a_server_reports_is_evidence(smtp):
    delivery = make_sent(smtp)

    take_in(report(delivery, action="delivered", status="2.0.0", diagnostic="250 2.0.0 in the mailbox"))

    replies = delivery.mailing.evidence.values_list("code", "reply")
    assert list(replies) == [(250, "2.0.0 OK kept"), (250, "reported by letter: 250 2.0.0 in the mailbox")]


def test_success_about_another_address_is_no_evidence(smtp):
    delivery = make_sent(smtp)

    take_in(report(delivery, address="elsewhere@other.test", action="delivered", status="2.0.0", diagnostic=""))

    assert delivery.mailing.evidence.count() == 0


def test_success_settles_a_letter_of_unknown_outcome(smtp):
    delivery = make_sent(smtp)
    Delivery.objects.update(status="unknown", sent_at=None)

    take_in(report(delivery, action="delivered", status="2.0.0", diagnostic="250 2.0.0 in the mailbox"))

    delivery.refresh_from_db()
    assert (delivery.status, delivery.code, delivery.reply) == ("sent", 250, "250 2.0.0 in the mailbox")
    assert list(delivery.mailing.evidence.values_list("reply", flat=True)) == [
        "reported by letter: 250 2.0.0 in the mailbox"
    ]


@pytest.mark.parametrize(
    ("reported", "then", "stopped"),
    [
        ({}, ("failed", "hard"), ["hard_bounce"]),
        ({"action": "delivered", "status": "2.0.0", "diagnostic": "250 2.0.0 in the mailbox"}, ("sent", ""), []),
    ],
)
def test_report_that_comes_before_its_letter_is_written_down_is_not_lost(smtp, reported, then, stopped):
    make_reader()
    make_started()
    (delivery,) = claim(1, at=timezone.now())
    assert turn([], [delivery]) == [delivery]

    take_in(report(delivery, **reported))
    turn([(delivery, Receipt(Outcome.ACCEPTED, 250, "2.0.0 OK"))], [])

    assert (fate(delivery), stops()) == (then, stopped)
    assert delivery.claim is None


def test_bounce_of_a_sealed_contact_keeps_neither_address_nor_words_nor_file(smtp):
    delivery = make_sent(smtp, sensitivity="sealed")

    incoming = take_in(report(delivery, diagnostic=f"550 5.1.1 {READER} unknown")).incoming

    delivery.refresh_from_db()
    entry = Suppression.objects.get()
    assert (entry.address, entry.evidence, delivery.reply) == ("", "550 5.1.1", "5.1.1")
    assert (incoming.sender, incoming.subject, incoming.text, incoming.file) == ("", "", "", "")


def test_five_letters_refused_because_of_us_pause_the_mailing(smtp):
    for number in range(6):
        make_reader(f"reader{number}@navid.test")
    mailing = make_started()
    send_due()
    Mailing.objects.filter(pk=mailing.pk).update(status="sending", finished_at=None)
    rows = list(mailing.deliveries.all())

    states = []
    for row in rows[:5]:
        take_in(report(row, address=row.address, status="5.7.1", diagnostic="550 5.7.1 spam", number=str(row.pk)))
        states.append(Mailing.objects.get().status)

    assert (states, stops()) == (["sending"] * 4 + ["paused"], [])


# Holds


def soft(number, delivery):
    return take_in(report(delivery, status="4.2.0", diagnostic="try again later", number=f"soft-{number}"))


def letters_to_one_reader(count):
    """Letters of as many mailings to one reader."""
    make_reader()
    for _number in range(count):
        make_started()
        send_due()
    return list(Delivery.objects.order_by("pk"))


def test_third_letter_of_five_that_comes_back_puts_the_address_on_hold(smtp):
    rows = letters_to_one_reader(5)
    seen = []
    for number, row in enumerate([rows[0], rows[2], rows[4]]):
        soft(number, row)
        seen.append(stops())

    entry = Suppression.objects.get()
    assert seen == [[], [], ["on_hold"]]
    assert entry.until_on == timezone.localdate() + timedelta(days=14)


def test_two_that_came_back_and_one_refused_because_of_us_are_no_reason_to_hold(smtp):
    rows = letters_to_one_reader(3)
    soft(0, rows[0])
    soft(1, rows[1])

    take_in(report(rows[2], status="5.7.1", diagnostic="550 5.7.1 spam", number="block"))

    assert stops() == []


def test_letters_of_long_ago_do_not_count(smtp):
    rows = letters_to_one_reader(3)
    Delivery.objects.filter(pk=rows[0].pk).update(sent_at=timezone.now() - timedelta(days=31))

    for number, row in enumerate(rows):
        soft(number, row)

    assert stops() == []


def test_three_that_came_back_among_more_than_the_last_five_do_not_count(smtp):
    rows = letters_to_one_reader(6)

    for number, row in enumerate([rows[0], rows[1], rows[5]]):
        soft(number, row)

    assert stops() == []


def test_hold_ends_by_itself_the_day_after_its_last(smtp):
    rows = letters_to_one_reader(3)
    for number, row in enumerate(rows):
        soft(number, row)
    last = timezone.localdate() + timedelta(days=14)

    ended = [end_holds(last, by="worker"), end_holds(last + timedelta(days=1), by="worker")]

    assert (ended, stops()) == ([0, 1], [])


def test_refusals_at_the_door_count_like_those_that_come_later(smtp):
    rows = letters_to_one_reader(2)
    soft(0, rows[0])
    soft(1, rows[1])
    smtp.refuse[READER] = "552 5.2.2 mailbox full"
    make_started()
    send_due()

    assert stops() == ["on_hold"]


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [("5.7.1", "550 5.7.1 your IP has poor reputation"), ("5.0.0", "554 no")],
    ids=["block", "unknown"],
)
@pytest.mark.parametrize("at_the_door", [True, False], ids=["at the door", "later"])
def test_refusal_that_is_not_about_the_mailbox_puts_nothing_on_hold_again(smtp, status, diagnostic, at_the_door):
    rows = letters_to_one_reader(3)
    for number, row in enumerate(rows):
        soft(number, row)
    Suppression.objects.all().delete()
    if at_the_door:
        smtp.refuse[READER] = diagnostic
    make_started()
    send_due()
    if not at_the_door:
        take_in(report(Delivery.objects.last(), status=status, diagnostic=diagnostic, number="other"))

    assert (Delivery.objects.last().status, stops()) == ("failed", [])


def test_dead_mailbox_takes_the_place_of_a_hold(smtp):
    rows = letters_to_one_reader(4)
    for number, row in enumerate(rows[:3]):
        soft(number, row)

    take_in(report(rows[3]))

    assert list(Suppression.objects.values_list("reason", "until_on")) == [("hard_bounce", None)]


def test_reader_on_hold_is_left_out_with_the_reason(smtp):
    rows = letters_to_one_reader(3)
    for number, row in enumerate(rows):
        soft(number, row)
    make_reader("other@navid.test")

    mailing = make_started()

    assert list(mailing.exclusions.values_list("reason", flat=True)) == ["on_hold"]


# Complaints and unsubscribing


@pytest.mark.parametrize(
    ("kind", "judged", "then"),
    [
        ("abuse", "abuse", ["complaint"]),
        ("fraud", "abuse", ["complaint"]),
        ("not-spam", "not_spam", []),
        ("auth-failure", "dmarc", []),
    ],
)
def test_complaint_stops_the_address_and_what_is_none_does_not(smtp, kind, judged, then):
    delivery = make_sent(smtp)

    incoming = take_in(complaint(delivery, kind)).incoming

    delivery.refresh_from_db()
    assert (incoming.kind, stops(), delivery.complained_at is not None) == (judged, then, bool(then))


@pytest.mark.parametrize(
    ("sent", "complaints", "paused"),
    # Gmail bears three of a thousand; of few letters one complaint says nothing.
    [(400, 1, ("sending", "")), (400, 2, ("paused", "complaints")), (100, 1, ("sending", ""))],
)
def test_mailing_that_too_many_call_spam_waits_for_a_person(smtp, sent, complaints, paused):
    delivery = make_sent(smtp)
    mailing = delivery.mailing
    Mailing.objects.filter(pk=mailing.pk).update(status="sending", finished_at=None)
    row = Delivery.objects.filter(pk=delivery.pk).values().get()
    del row["id"], row["contact_id"]
    copies = Delivery.objects.bulk_create(
        Delivery(**row | {"address": f"r{number}@navid.test", "address_key": str(number)}) for number in range(sent - 1)
    )
    for one in [delivery, *copies][:complaints]:
        complained(Delivery.objects.get(pk=one.pk))
    complained(Delivery.objects.get(pk=delivery.pk))

    assert Mailing.objects.values_list("status", "pause_kind").get(pk=mailing.pk) == paused


def leave_address(delivery):
    return marks.leave_link(delivery.pk).removeprefix("<mailto:").partition("?")[0]


def test_letter_to_the_address_for_leaving_unsubscribes_whoever_sends_it(smtp):
    delivery = make_sent(smtp)

    take_in(written("", sender="private@home.test", subject="unsubscribe", to=leave_address(delivery)))

    delivery.refresh_from_db()
    assert (stops(), delivery.unsubscribed_at is not None) == (["unsubscribed"], True)


def test_letter_that_only_claims_to_come_from_a_reader_unsubscribes_nobody(smtp):
    make_sent(smtp)

    incoming = take_in(written("", subject="unsubscribe")).incoming

    assert (incoming.kind, incoming.delivery, stops()) == ("unsubscribe", None, [])


def test_reader_who_answers_unsubscribe_is_unsubscribed(smtp):
    delivery = make_sent(smtp)

    take_in(written("", subject="Unsubscribe", answers=delivery))

    assert (stops(), tasks(), Incoming.objects.unrecognised().count()) == (["unsubscribed"], [], 0)


def test_who_answers_unsubscribe_from_another_address_is_not_obeyed_and_somebody_decides(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(written("", sender="stranger@other.test", subject="Unsubscribe", answers=delivery)).incoming

    assert (stops(), tasks()) == ([], [("author@payom.test", "Ҷамшед Холов")])
    assert list(Incoming.objects.unrecognised()) == [incoming]


# Answers


def tasks():
    return list(FollowUp.objects.values_list("assignee__email", "contact__name"))


def test_answer_is_kept_with_the_contact_and_given_to_the_author(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(written(answers=delivery)).incoming

    assert (incoming.kind, incoming.contact, incoming.text) == (
        "reply",
        delivery.contact,
        "Спасибо, пришлите полный текст.",
    )
    assert tasks() == [("author@payom.test", "Ҷамшед Холов")]


def test_answer_to_a_letter_about_lost_letters_is_no_report_of_one(smtp):
    delivery = make_sent(smtp)
    text, subject = "Скольким семьям письма не были доставлены?", "Re: Письма из колонии не доставлены родственникам"

    incoming = take_in(written(text, subject=subject, answers=delivery)).incoming

    assert (incoming.kind, fate(delivery)) == ("reply", ("sent", ""))
    assert tasks() == [("author@payom.test", "Ҷамшед Холов")]


def test_answer_goes_to_whoever_keeps_in_touch_with_the_contact(smtp):
    delivery = make_sent(smtp)
    Contact.objects.update(owner=person("owner@payom.test"))

    take_in(written(answers=delivery))

    assert tasks() == [("owner@payom.test", "Ҷамшед Холов")]


def test_answer_of_a_sealed_contact_is_kept_under_the_seal(smtp):
    delivery = make_sent(smtp, sensitivity="sealed")

    incoming = take_in(written("Не называйте меня.", answers=delivery)).incoming

    assert (incoming.sender, incoming.subject, incoming.text, incoming.file) == ("", "", "", "")
    assert incoming.reveal() == "Re: Тема\n\nНе называйте меня."


def kept(incoming):
    return incoming.contact, incoming.sender, incoming.subject, incoming.text, incoming.file, incoming.reveal()


@pytest.mark.parametrize(
    ("to", "kind"),
    [("press@coalition.test", "unsubscribe"), ("press+b-aaaaaaaaaaaaaaaaaaaaaaaaaaaa@coalition.test", "forged")],
)
def test_letter_from_the_address_of_a_sealed_contact_is_under_the_seal_whatever_it_is(to, kind):
    reader = make_reader(sensitivity="sealed")

    incoming = take_in(written("Не называйте меня.", subject="Отписаться", to=to)).incoming

    assert incoming.kind == kind
    assert kept(incoming) == (reader, "", "", "", "", "Отписаться\n\nНе называйте меня.")


def test_answer_of_a_sealed_contact_to_a_letter_of_somebody_else_is_under_the_seal(smtp):
    delivery = make_sent(smtp)
    sealed = make_reader("secret@home.test", name="Другой Человек", sensitivity="sealed")

    incoming = take_in(written("Не называйте меня.", sender="secret@home.test", answers=delivery)).incoming

    assert (incoming.kind, incoming.delivery) == ("reply", delivery)
    assert kept(incoming) == (sealed, "", "", "", "", "Re: Тема\n\nНе называйте меня.")


@pytest.mark.django_db(transaction=True)
def test_sealing_a_contact_seals_what_they_wrote_and_removes_the_letter(smtp):
    delivery = make_sent(smtp)
    name = take_in(written(answers=delivery)).incoming.file

    change(delivery.contact, sensitivity="sealed")

    incoming = Incoming.objects.get()
    assert (incoming.sender, incoming.text, default_storage.exists(name)) == ("", "", False)
    assert incoming.reveal() == "Re: Тема\n\nСпасибо, пришлите полный текст."


def test_letter_of_a_known_sender_that_answers_nothing_is_shown_and_no_task(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(written(subject="Вопрос")).incoming

    assert (incoming.contact, incoming.delivery, incoming.matched, tasks()) == (delivery.contact, None, "sender", [])


def test_automatic_answer_is_nobody_s_task(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(written("Я в отпуске до 5 января.", answers=delivery, Auto_Submitted="auto-replied")).incoming

    assert (incoming.kind, incoming.proposal, tasks(), len(smtp.envelopes)) == ("auto_reply", "away", [], 1)


def test_automatic_answer_that_somebody_left_proposes_to_write_down_the_move(smtp):
    delivery = make_sent(smtp)

    incoming = take_in(
        written("Холов больше не работает в редакции.", answers=delivery, Auto_Submitted="auto-replied")
    ).incoming

    assert (incoming.proposal, tasks()) == ("left", [("author@payom.test", "Ҷамшед Холов")])
