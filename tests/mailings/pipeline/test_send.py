from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.utils import timezone

from crm.actions.suppression import suppress
from crm.models import Suppression
from mailings import actions
from mailings.models import Delivery, Heartbeat, Mailing
from mailings.pipeline import send, turn
from mailings.pipeline.send import RETRY_AFTER, send_due
from mailings.states import DeliveryStatus, MailingStatus
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_reader, make_started

pytestmark = pytest.mark.django_db


def fates():
    return dict(Delivery.objects.values_list("address", "status"))


def test_each_recipient_gets_one_letter_in_their_language(smtp):
    make_reader("ru@navid.test", languages="ru")
    make_reader("tg@navid.test", languages="tg ru")
    make_started("ru tg")

    send_due()

    assert {envelope.recipients[0]: envelope.message["Subject"] for envelope in smtp.envelopes} == {
        "ru@navid.test": "Тема ru",
        "tg@navid.test": "Тема tg",
    }


def test_no_letter_names_another_recipient(smtp):
    make_reader("one@navid.test", name="Первый")
    make_reader("two@chashma.test", name="Второй")
    make_started()

    send_due()

    first = next(envelope.message for envelope in smtp.envelopes if envelope.recipients == ["one@navid.test"])
    said = [str(first.items()), *(part.get_content() for part in first.walk() if not part.is_multipart())]
    assert [word for word in ("two@", "chashma", "Второй") if word in " ".join(said)] == []


def test_mailing_is_finished_when_every_row_is(smtp):
    make_reader("one@navid.test")
    make_reader("gone@navid.test")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    mailing = make_started()

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, fates()) == (
        MailingStatus.FINISHED,
        {"one@navid.test": DeliveryStatus.SENT, "gone@navid.test": DeliveryStatus.FAILED},
    )


def test_second_run_sends_nothing_twice(smtp):
    make_reader("one@navid.test")
    make_started()

    send_due()
    send_due()

    assert smtp.recipients == ["one@navid.test"]


def test_refusal_keeps_the_server_s_own_words(smtp):
    make_reader("gone@navid.test")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 <gone@navid.test>: no such person"
    make_started()

    send_due()

    assert Delivery.objects.values_list("code", "reply", "bounce_class").get() == (
        550,
        "5.1.1 <gone@navid.test>: no such person",
        "hard",
    )


def test_dead_mailbox_goes_on_the_stop_list_with_the_evidence(smtp):
    make_reader("gone@navid.test")
    smtp.refuse["gone@navid.test"] = "550 5.1.1 No such user"
    make_started()

    send_due()

    assert list(Suppression.objects.values_list("address", "reason", "evidence")) == [
        ("gone@navid.test", "hard_bounce", "550 5.1.1 No such user")
    ]


@pytest.mark.parametrize("answer", ["550 5.7.1 Spam", "552 5.2.2 Full", "554 5.7.26 DMARC", "550 refused"])
def test_other_refusals_stop_nobody(smtp, answer):
    make_reader("reader@navid.test")
    smtp.refuse["reader@navid.test"] = answer
    make_started()

    send_due()

    assert (Suppression.objects.count(), fates()) == (0, {"reader@navid.test": DeliveryStatus.FAILED})


def test_transient_refusal_is_tried_again_at_its_time(smtp):
    make_reader("full@navid.test")
    smtp.refuse["full@navid.test"] = ["452 4.2.2 Over quota"]
    make_started()

    send_due()
    waiting = fates()["full@navid.test"]
    with time_machine.travel(timezone.now() + RETRY_AFTER[0] + timedelta(seconds=1)):
        send_due()

    assert (waiting, fates()["full@navid.test"], smtp.recipients) == (
        DeliveryStatus.DEFERRED,
        DeliveryStatus.SENT,
        ["full@navid.test"],
    )


def test_transient_refusal_does_not_last_for_ever(smtp):
    make_reader("full@navid.test")
    smtp.refuse["full@navid.test"] = "452 4.2.2 Over quota"
    make_started()

    now = timezone.now()
    for wait in [timedelta(0), *RETRY_AFTER]:
        now += wait + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            send_due()

    assert (fates(), smtp.asked["full@navid.test"]) == (
        {"full@navid.test": DeliveryStatus.FAILED},
        len(RETRY_AFTER) + 1,
    )


def test_line_cut_after_the_text_is_shown_and_never_sent_again(smtp):
    make_reader("cut@navid.test")
    smtp.hang_up.add("cut@navid.test")
    make_started()

    send_due()
    send_due()

    assert (fates(), smtp.asked["cut@navid.test"]) == ({"cut@navid.test": DeliveryStatus.UNKNOWN}, 1)


def test_person_may_send_a_letter_of_unknown_outcome_again(smtp):
    make_reader("cut@navid.test")
    smtp.hang_up.add("cut@navid.test")
    mailing = make_started()
    send_due()
    smtp.hang_up.clear()

    actions.decide_unknown(Delivery.objects.get(), send_again=True, by=mailing.author)
    send_due()

    assert (fates(), smtp.asked["cut@navid.test"]) == ({"cut@navid.test": DeliveryStatus.SENT}, 2)


def test_person_may_count_a_letter_of_unknown_outcome_as_sent(smtp):
    make_reader("cut@navid.test")
    smtp.hang_up.add("cut@navid.test")
    mailing = make_started()
    send_due()

    actions.decide_unknown(Delivery.objects.get(), send_again=False, by=mailing.author)

    assert (fates(), smtp.asked["cut@navid.test"]) == ({"cut@navid.test": DeliveryStatus.SENT}, 1)


def test_our_own_fault_pauses_the_mailing_and_marks_nobody(smtp):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = make_started()
    smtp.stop()

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, mailing.pause_kind, fates()) == (
        MailingStatus.PAUSED,
        Mailing.PauseKind.SERVER,
        {"one@navid.test": DeliveryStatus.QUEUED, "two@navid.test": DeliveryStatus.QUEUED},
    )


def test_resumed_mailing_goes_to_those_who_have_not_got_it(smtp):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    smtp.refuse["two@navid.test"] = ["421 4.3.2 Closing"]
    mailing = make_started()
    send_due()
    mailing.refresh_from_db()

    actions.resume(mailing, by=mailing.author)
    send_due()

    assert sorted(smtp.recipients) == ["one@navid.test", "two@navid.test"]


def test_person_who_unsubscribed_after_the_freeze_gets_nothing(smtp):
    make_reader("one@navid.test")
    make_started()
    suppress("one@navid.test", "unsubscribed", by="test")

    send_due()

    assert (smtp.recipients, fates()) == ([], {"one@navid.test": DeliveryStatus.SUPPRESSED})


def test_stopped_mailing_sends_nothing_more(smtp):
    make_reader("one@navid.test")
    mailing = make_started()
    actions.cancel(mailing, by=mailing.author)

    send_due()

    assert (smtp.recipients, fates()) == ([], {"one@navid.test": DeliveryStatus.CANCELLED})


def test_mailing_stopped_in_the_middle_of_a_batch_stops_there(smtp, monkeypatch):
    for number in range(4):
        make_reader(f"reader{number}@navid.test")
    mailing = make_started()
    record = turn._record

    def stop_after_the_first(taken):
        record(taken)
        if taken and Delivery.objects.sent().count() == 1:
            actions.cancel(Mailing.objects.get(pk=mailing.pk), by=mailing.author)

    monkeypatch.setattr(turn, "_record", stop_after_the_first)
    send_due()

    assert len(smtp.recipients) == 1


def test_letter_that_cannot_be_built_pauses_its_mailing_and_no_other(smtp, monkeypatch):
    make_reader("one@navid.test", languages="ru")
    broken, good = make_started(), make_started()
    compiled = send.compile_letter

    def break_one(kind, version, **around):
        if version.mailing_id == broken.pk:
            raise ValueError
        return compiled(kind, version, **around)

    monkeypatch.setattr(send, "compile_letter", break_one)
    send_due()

    assert [Mailing.objects.get(pk=mailing.pk).status for mailing in (broken, good)] == [
        MailingStatus.PAUSED,
        MailingStatus.FINISHED,
    ]


def test_sender_leaves_a_sign_of_life(smtp):
    send_due()

    assert Heartbeat.objects.filter(seen_at__gt=timezone.now() - timedelta(seconds=5)).count() == 1


def test_log_names_no_address(smtp, caplog):
    make_reader("secret-canary@navid.test", name="Канарейка")
    smtp.refuse["secret-canary@navid.test"] = "550 5.1.1 No such user"
    make_started()

    with caplog.at_level("INFO"):
        send_due()

    assert [word for word in ("secret-canary", "Канарейка") if word in caplog.text] == []


@pytest.mark.parametrize("answer", ["554 5.7.1 Relay access denied", "530 5.7.0 Authentication required", "999 what"])
def test_relay_that_refuses_us_pauses_the_mailing_and_marks_nobody(smtp, answer):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    smtp.refuse["@navid.test"] = answer
    mailing = make_started()

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, set(fates().values())) == (MailingStatus.PAUSED, {DeliveryStatus.QUEUED})


def test_mailing_that_everybody_blocks_is_paused_before_the_rest_is_tried(smtp):
    for number in range(send.BLOCKS_BEFORE_PAUSE + 3):
        make_reader(f"reader{number}@navid.test")
    smtp.refuse["@navid.test"] = "550 5.7.26 DMARC"
    mailing = make_started()

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, Delivery.objects.failed().count(), mailing.deliveries.open().count()) == (
        MailingStatus.PAUSED,
        send.BLOCKS_BEFORE_PAUSE,
        3,
    )


def test_letter_deferred_while_its_mailing_is_stopped_stays_stopped(smtp, monkeypatch):
    make_reader("full@navid.test")
    smtp.refuse["full@navid.test"] = "452 4.2.2 Full"
    mailing = make_started()
    record = send._record_other

    def stop_meanwhile(delivery, receipt):
        actions.cancel(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
        record(delivery, receipt)

    monkeypatch.setattr(send, "_record_other", stop_meanwhile)
    send_due()

    assert fates() == {"full@navid.test": DeliveryStatus.CANCELLED}


def test_worker_that_stumbles_gives_back_what_it_had_claimed(smtp, monkeypatch):
    for number in range(3):
        make_reader(f"reader{number}@navid.test")
    make_started()
    monkeypatch.setattr(turn, "_begin", lambda _row: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send_due()

    assert set(fates().values()) == {DeliveryStatus.QUEUED}


def test_without_the_key_of_a_sealed_address_the_mailing_pauses_and_goes_on_with_it(smtp, settings):
    make_contact("Закрытая", sensitivity="sealed", emails=["sealed@navid.test"])
    mailing = make_started()
    right, settings.SEAL_KEYS = settings.SEAL_KEYS, [Fernet.generate_key().decode()]

    send_due()
    mailing.refresh_from_db()
    paused = (mailing.status, mailing.pause_kind, Delivery.objects.get().status, smtp.recipients)
    settings.SEAL_KEYS = right
    actions.resume(mailing, by=mailing.author)
    send_due()

    assert paused == (MailingStatus.PAUSED, "key", DeliveryStatus.QUEUED, [])
    assert smtp.recipients == ["sealed@navid.test"]


@pytest.mark.parametrize("sensitivity", ["open", "sealed"])
def test_words_on_a_paused_mailing_quote_no_address(smtp, sensitivity):
    make_contact("Кто-то", sensitivity=sensitivity, emails=["x@navid.test"])
    smtp.refuse["x@navid.test"] = "550 5.7.1 Relay access denied for <x@navid.test>"
    mailing = make_started()

    send_due()
    mailing.refresh_from_db()

    words = {"open": "550 5.7.1 Relay access denied for •••", "sealed": "550 5.7.1"}
    assert mailing.pause_words == words[sensitivity]
