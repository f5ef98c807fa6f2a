"""The button that stops everything, rehearsed with a mailing that is being sent."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import letters
from accounts.actions.lockdown import AlreadyLocked, lift, lock_down
from accounts.actions.people import send_link
from accounts.links import link_for
from accounts.models import Device, Lockdown, Session, User
from audit.models import Entry
from mailings import actions
from mailings.models import Delivery, Mailing, SendingAccount
from mailings.pipeline.send import LOT, send_due
from mailings.states import DeliveryStatus, MailingStatus, WrongState
from tests.factories.accounts import PASSWORD, add_app, code_of, is_in, make_user, sign_in
from tests.factories.mailings import make_reader, make_started

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return make_user("head", name="Фарангис Н.")


@pytest.fixture
def person():
    return make_user("editor")


def press(client, holder, reason="обыск"):
    return client.post("/lockdown/", {"key_holder": holder.pk, "reason": reason})


def test_everybody_is_signed_out_the_one_who_pressed_too(boss, person):
    clients = [sign_in(boss), sign_in(person)]
    answer = press(clients[0], boss)

    assert (answer.status_code, [is_in(client) for client in clients], Session.objects.count()) == (
        200,
        [False, False],
        0,
    )


def test_nobody_signs_in_but_the_key_holder(boss, person):
    press(sign_in(boss), boss)

    assert (is_in(sign_in(person)), is_in(sign_in(boss))) == (False, True)


def test_refusal_does_not_tell_whether_the_password_was_right(boss, person):
    lock_down(by=boss, key_holder=boss)
    pairs = [(person.email, PASSWORD), (person.email, "wrong"), (boss.email, "wrong"), ("nobody@payom.test", "x")]
    said = {
        str(Client().post("/sign-in/", {"login": email, "password": password}).context["form"].non_field_errors())
        for email, password in pairs
    }

    assert len(said) == 1


def test_without_a_key_holder_nobody_signs_in(boss):
    call_command("lockdown")

    assert not is_in(sign_in(boss))


def test_named_key_holder_signs_in(boss, capsys):
    call_command("lockdown", "--key-holder", boss.email)

    assert (is_in(sign_in(boss)), boss.name in capsys.readouterr().out) == (True, True)


def test_unknown_key_holder_locks_nothing(boss):
    with pytest.raises(CommandError):
        call_command("lockdown", "--key-holder", "nobody@payom.test")

    assert Lockdown.objects.count() == 0


def test_lifting_opens_again(boss, person):
    call_command("lockdown")
    call_command("lockdown", "--lift")

    assert (is_in(sign_in(person)), Lockdown.objects.on().exists()) == (True, False)


def test_key_holder_lifts_it_on_the_page_after_proving_who_they_are(boss, person):
    press(sign_in(boss), boss)
    client = sign_in(boss)
    asked = client.post("/lockdown/lift/")
    client.post(asked.headers["Location"], {"password": PASSWORD})

    assert (asked.headers["Location"].partition("?")[0], is_in(sign_in(person))) == ("/confirm/", True)


def test_links_of_invitations_are_closed_too(boss, person):
    send_link(person, by=boss)
    token = link_for(User.objects.get(pk=person.pk)).rstrip("/").rpartition("/")[2]
    lock_down(by=boss, key_holder=boss)

    assert Client().get(f"/join/{token}/").status_code == 404


def test_trusted_devices_are_asked_for_the_code_afterwards(boss, person):
    secret = add_app(person)
    laptop = sign_in(person)
    laptop.post("/sign-in/code/", {"code": code_of(secret), "trust": "1"})
    lock_down(by=boss, key_holder=boss)
    lift(by=boss)

    assert (is_in(sign_in(person, client=laptop)), Device.objects.exclude(trusted_until=None).count()) == (False, 0)


def test_session_that_slips_through_opens_nothing(boss, person):
    """As when somebody's sign-in ends in the same moment: the session exists, and is not let in."""
    lock_down(by=boss, key_holder=boss)
    client = Client()
    client.force_login(person)

    dead = (Session.objects.filter(user=person).count(), is_in(client))
    lift(by=boss)

    assert (dead, is_in(client)) == ((1, False), False)


def test_locking_twice_is_said_and_changes_nothing(boss):
    lock_down(by=boss, key_holder=boss)

    with pytest.raises(AlreadyLocked):
        lock_down(by="command line", key_holder=None)
    assert [lockdown.key_holder for lockdown in Lockdown.objects.all()] == [boss]


def test_database_allows_one_lock_down_at_a_time():
    Lockdown.objects.create(by="one")

    with pytest.raises(IntegrityError), transaction.atomic():
        Lockdown.objects.create(by="two")


def test_it_is_in_the_journal_and_the_heads_are_told(boss, person, mailoutbox):
    lock_down(by=boss, key_holder=boss, reason="обыск")
    letters.send_due()

    entry = Entry.objects.get(action="accounts.locked_down")
    assert (entry.by, entry.kind, entry.details["reason"]) == (boss.name, "security", "обыск")
    assert [message.to for message in mailoutbox] == [[boss.email]]


@pytest.mark.parametrize("role", ["editor", "administrator", "viewer"])
def test_only_a_head_has_the_button(role):
    client = sign_in(make_user(role))

    assert [client.get("/lockdown/").status_code, client.post("/lockdown/").status_code] == [403, 403]


@pytest.mark.parametrize("path", ["/", "/contacts/", "/mailings/", "/settings/", "/people/roles/"])
def test_old_cookie_opens_no_page(boss, person, path):
    client = sign_in(person)
    lock_down(by=boss, key_holder=boss)

    assert client.get(path).status_code == 302


# With a running mailing


@pytest.mark.django_db(transaction=True)
def test_running_mailing_stops_after_the_letters_in_hand(boss, smtp):
    """The server holds a letter; everything is locked down meanwhile; what the connections have in hand is finished,
    and no other leaves.
    """
    for number in range(120):
        make_reader(f"reader{number}@navid.test", name=f"Читатель {number}")
    mailing = make_started()
    smtp.hold(after=3)
    worker = threading.Thread(target=_send, daemon=True)
    worker.start()
    assert smtp.held.wait(30)
    lock_down(by=boss, key_holder=boss)
    smtp.release.set()
    worker.join(30)

    mailing.refresh_from_db()
    waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED).count()
    in_hand = SendingAccount.environment().connections * 2 * LOT
    assert (len(smtp.envelopes) <= 3 + in_hand, len(smtp.envelopes) + waiting) == (True, 120)
    assert (mailing.status, mailing.pause_kind) == ("paused", "lockdown")


def _send():
    try:
        send_due(60)
    finally:
        connection.close()


def test_worker_that_comes_later_sends_nothing(boss, smtp):
    make_reader()
    make_started()
    lock_down(by=boss, key_holder=boss)
    # As if the pause had not reached this mailing.
    Mailing.objects.update(status=MailingStatus.SENDING)

    assert (send_due(), smtp.envelopes) == (0, [])


def test_after_lifting_a_person_resumes_and_nobody_gets_it_twice(boss, smtp):
    make_reader()
    mailing = make_started()
    lock_down(by=boss, key_holder=boss)
    mailing.refresh_from_db()
    with pytest.raises(WrongState):
        actions.resume(mailing, by=boss)
    lift(by=boss)
    sent_by_itself = send_due()
    actions.resume(mailing, by=boss)
    send_due()
    send_due()

    assert (sent_by_itself, len(smtp.envelopes)) == (0, 1)


def test_nothing_new_is_started(boss, smtp):
    make_reader()
    mailing = make_started()
    Mailing.objects.filter(pk=mailing.pk).update(status=MailingStatus.APPROVED, frozen_count=None)
    mailing.refresh_from_db()
    lock_down(by=boss, key_holder=boss)

    with pytest.raises(WrongState):
        actions.start(mailing, by=boss)
