"""The loop with accounts, rests and letters that one reader's row breaks."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mailings import actions
from mailings.message import Calendar, Message
from mailings.models import Delivery, Mailing, SendingAccount
from mailings.pipeline import send
from mailings.pipeline.lines import Lines
from mailings.pipeline.providers import Provider
from mailings.pipeline.send import RETRY_AFTER, send_due
from mailings.pipeline.throttle import RESTS
from mailings.pipeline.transport import Transport
from mailings.states import DeliveryStatus, MailingStatus, WrongState
from tests.factories.mailings import make_reader, make_started
from tests.factories.sending import make_account, make_started_over

pytestmark = pytest.mark.django_db


def fates():
    return dict(Delivery.objects.values_list("address", "status"))


def break_the_letter_of(monkeypatch, name):
    real = send.render

    def render(letter, delivery, *, to, calendar=None):
        if delivery.name == name:
            raise KeyError(name)
        return real(letter, delivery, to=to)

    monkeypatch.setattr(send, "render", render)


def test_letter_bears_the_name_of_its_account(smtp, settings):
    settings.MAIL_BOUNCES_TO = ""
    make_reader("reader@navid.test")
    make_started_over(make_account(smtp, from_name_ru="Бюллетень"))

    send_due()

    envelope = smtp.envelopes[0]
    assert (envelope.sender, envelope.message["From"]) == ("news@group.test", "Бюллетень <news@group.test>")


def test_account_s_own_server_takes_its_letters(smtp, settings):
    make_reader("reader@navid.test")
    account, settings.EMAIL_PORT = make_account(smtp), 1
    make_started_over(account)

    send_due()

    assert smtp.recipients == ["reader@navid.test"]


def test_password_of_an_account_is_sealed_and_given_to_its_server(smtp):
    account = make_account(smtp, user="payom", secret="the-password")

    assert ("the-password" in account.secret, account.route().password) == (False, "the-password")


def test_row_that_cannot_be_built_needs_a_look_and_the_others_get_theirs(smtp, monkeypatch):
    make_reader("bad@navid.test", name="Больной")
    make_reader("good@navid.test", name="Здоровый")
    mailing = make_started()
    break_the_letter_of(monkeypatch, "Больной")

    send_due()
    mailing.refresh_from_db()

    assert (fates(), mailing.status) == (
        {"bad@navid.test": DeliveryStatus.LOOK, "good@navid.test": DeliveryStatus.SENT},
        MailingStatus.FINISHED,
    )


@pytest.mark.parametrize(("again", "fate"), [(True, DeliveryStatus.SENT), (False, DeliveryStatus.CANCELLED)])
def test_a_person_decides_on_a_letter_that_could_not_be_built(smtp, monkeypatch, again, fate):
    make_reader("bad@navid.test", name="Больной")
    mailing = make_started()
    with monkeypatch.context() as broken:
        break_the_letter_of(broken, "Больной")
        send_due()

    actions.decide_broken(Delivery.objects.get(), send_again=again, by=mailing.author)
    send_due()
    mailing.refresh_from_db()

    assert (fates(), mailing.status) == ({"bad@navid.test": fate}, MailingStatus.FINISHED)


def test_nobody_decides_twice_on_it(smtp, monkeypatch):
    make_reader("bad@navid.test", name="Больной")
    mailing = make_started()
    break_the_letter_of(monkeypatch, "Больной")
    send_due()
    actions.decide_broken(Delivery.objects.get(), send_again=False, by=mailing.author)

    with pytest.raises(WrongState):
        actions.decide_broken(Delivery.objects.get(), send_again=True, by=mailing.author)


def test_address_the_server_cannot_carry_stops_nobody_and_is_no_refusal(smtp):
    make_reader("good@navid.test")
    mailing = make_started()
    Delivery.objects.create(mailing=mailing, address="зарина@navid.test", address_key="x", language="ru", name="Зарина")
    Mailing.objects.update(frozen_count=2)

    send_due()
    mailing.refresh_from_db()

    assert (
        fates(),
        mailing.status,
        Delivery.objects.filter(status="cannot").values_list("attempts", "reply").get(),
    ) == (
        {"good@navid.test": DeliveryStatus.SENT, "зарина@navid.test": DeliveryStatus.CANNOT},
        MailingStatus.FINISHED,
        (0, "SMTPUTF8"),
    )


def test_service_that_says_later_is_left_alone_and_the_others_go_on(smtp):
    for number in range(3):
        make_reader(f"{number}@slow.test")
    make_reader("reader@navid.test")
    smtp.refuse["@slow.test"] = "451 4.7.1 Too many messages, slow down"
    make_started()

    send_due()
    asked = sum(count for address, count in smtp.asked.items() if address.endswith("@slow.test"))

    assert (asked, smtp.recipients) == (1, ["reader@navid.test"])


def test_service_that_rested_gets_its_letters_then(smtp):
    for number in range(3):
        make_reader(f"{number}@slow.test")
    smtp.refuse["@slow.test"] = ["451 4.7.1 Too many messages, slow down"]
    make_started()

    send_due()
    with time_machine.travel(timezone.now() + RESTS[0] + timedelta(seconds=1)):
        send_due()
        then = len(smtp.envelopes)
    with time_machine.travel(timezone.now() + RETRY_AFTER[0] + timedelta(seconds=1)):
        send_due()

    assert (then, len(smtp.envelopes)) == (2, 3)


def test_a_full_mailbox_is_its_owner_s_and_puts_nobody_to_rest(smtp):
    make_reader("full@slow.test")
    make_reader("reader@slow.test")
    smtp.refuse["full@slow.test"] = "452 4.2.2 Mailbox full"
    make_started()

    send_due()

    assert smtp.recipients == ["reader@slow.test"]


def test_what_the_server_said_is_kept_for_the_next_letter_s_checks(smtp):
    make_reader("reader@navid.test")
    make_started()

    send_due()

    account = SendingAccount.environment()
    assert (account.max_size, account.takes_utf8) == (33_554_432, False)


def test_mailing_whose_sender_was_changed_behind_its_back_stops(smtp):
    make_reader("reader@navid.test")
    account = make_account(smtp)
    mailing = make_started_over(account)
    SendingAccount.objects.filter(pk=account.pk).update(from_address="other@group.test")

    send_due()
    mailing.refresh_from_db()

    assert (mailing.pause_kind, smtp.envelopes) == (Mailing.PauseKind.CHANGED, [])


def test_calendar_parts_go_by_smtp_whatever_the_account(smtp):
    account = make_account(service="resend", secret="key", host="")
    mailing = Mailing(account=account)
    invitation = Calendar("REQUEST", b"BEGIN:VCALENDAR")
    plain = Message("<x@y>", "a@b.test", "a@b.test", "c@d.test", "s", "h", "t")
    with Lines() as lines:
        kinds = [type(lines.of(mailing, one)) for one in (plain, Message(*_of(plain), calendar=invitation))]

    assert kinds == [Provider, Transport]


def _of(message):
    return [getattr(message, name) for name in "message_id envelope_from sender to subject html text".split()]


def test_rows_that_do_not_add_up_pause_the_mailing_for_a_person(smtp):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = make_started()
    mailing.deliveries.first().delete()

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, mailing.pause_kind) == (MailingStatus.PAUSED, Mailing.PauseKind.MISSING)


def test_account_s_password_that_cannot_be_opened_pauses_the_mailing(smtp):
    make_reader("one@navid.test")
    account = make_account(smtp, secret="password")
    mailing = make_started_over(account)
    SendingAccount.objects.filter(pk=account.pk).update(secret="sealed elsewhere")

    send_due()
    mailing.refresh_from_db()

    assert (mailing.status, mailing.pause_kind, set(fates().values())) == (
        MailingStatus.PAUSED,
        Mailing.PauseKind.KEY,
        {DeliveryStatus.QUEUED},
    )
