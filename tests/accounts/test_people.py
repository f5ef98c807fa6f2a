"""Inviting, changing and closing accounts."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import letters
from accounts.actions import people
from accounts.links import link_for, owner_of
from accounts.models import StaffLetter, User
from accounts.roles import Right
from audit.models import Entry
from tests.factories.accounts import PASSWORD, add_app, is_in, make_user, sign_in

pytestmark = pytest.mark.django_db
NEW = "three-unrelated-words-2026"
FORM = {"email": "new@payom.test", "name": "Новый Человек", "role": "editor", "language": "tg"}


@pytest.fixture
def admin():
    return make_user("administrator")


@pytest.fixture
def head_admin():
    return make_user("head", email="boss@payom.test", also_administers=True)


def desk(user):
    """A browser of somebody who has just proved who they are."""
    client = sign_in(user)
    client.post("/confirm/", {"password": PASSWORD})
    return client


def token_of(user):
    return link_for(User.objects.get(pk=user.pk)).rstrip("/").rpartition("/")[2]


def test_invited_person_gets_a_letter_and_chooses_a_password(admin, smtp, settings):
    desk(admin).post("/people/invite/", FORM)
    letters.send_due()
    letter = smtp.envelopes[0].message.get_content()
    link = re.search(r"http://\S+/join/\S+", letter)[0]
    client = Client()
    client.post(link.removeprefix(settings.SITE_URL), {"password": NEW, "again": NEW})

    assert (is_in(client), User.objects.get(email="new@payom.test").role) == (True, "editor")


def test_looking_at_the_link_changes_nothing(admin):
    user = people.invite(by=admin, **FORM)
    token = token_of(user)
    answers = [Client().get(f"/join/{token}/").status_code for _ in range(3)]

    assert (answers, owner_of(token)) == ([200, 200, 200], user)


def test_link_works_once(admin):
    token = token_of(people.invite(by=admin, **FORM))
    Client().post(f"/join/{token}/", {"password": NEW, "again": NEW})

    assert Client().get(f"/join/{token}/").status_code == 404


def test_newer_link_kills_the_older_one(admin):
    user = people.invite(by=admin, **FORM)
    old = token_of(user)
    people.send_link(user, by=admin)

    assert (owner_of(old), owner_of(token_of(user))) == (None, user)


def test_link_dies_after_three_days(admin, time_machine):
    token = token_of(people.invite(by=admin, **FORM))
    time_machine.move_to(timezone.now() + timedelta(days=3, hours=6))

    assert owner_of(token) is None


def test_link_dies_with_the_account(admin):
    user = people.invite(by=admin, **FORM)
    token = token_of(user)
    people.close(user, by=admin)

    assert Client().post(f"/join/{token}/", {"password": NEW, "again": NEW}).status_code == 404


def test_every_changed_character_of_a_link_is_noticed(admin):
    token = token_of(people.invite(by=admin, **FORM))
    flipped = [token[:i] + ("b" if char == "a" else "a") + token[i + 1 :] for i, char in enumerate(token)]

    assert {owner_of(other) for other in flipped} == {None}


def test_invitation_is_not_in_the_database(admin):
    token = token_of(people.invite(by=admin, **FORM))

    assert token not in str(list(StaffLetter.objects.values()) + list(User.objects.values()))


def test_joining_by_a_link_still_asks_for_the_second_factor(admin):
    user = make_user("editor")
    add_app(user)
    people.send_link(user, by=admin)
    client = Client()
    answer = client.post(f"/join/{token_of(user)}/", {"password": NEW, "again": NEW})

    assert (answer.headers["Location"], is_in(client)) == ("/sign-in/code/", False)


def test_new_password_by_link_signs_everybody_out(admin):
    user = make_user("editor")
    thief = sign_in(user)
    people.send_link(user, by=admin)
    Client().post(f"/join/{token_of(user)}/", {"password": NEW, "again": NEW})

    assert not is_in(thief)


def test_inviting_asks_who_is_there_and_keeps_what_was_typed(admin):
    client = sign_in(admin)
    asked = client.post("/people/invite/", FORM)
    client.post(asked.headers["Location"], {"password": PASSWORD})

    assert (asked.headers["Location"].partition("?")[0], User.objects.filter(email=FORM["email"]).count()) == (
        "/confirm/",
        1,
    )


def test_link_is_shown_only_until_it_is_used(admin):
    user = people.invite(by=admin, **FORM)
    client = desk(admin)
    shown = client.post(f"/people/{user.pk}/show-link/")
    Client().post(f"/join/{token_of(user)}/", {"password": NEW, "again": NEW})
    people.send_link(User.objects.get(pk=user.pk), by=admin)
    refused = client.post(f"/people/{user.pk}/show-link/")

    assert (b"/join/" in shown.content, refused.status_code) == (True, 302)
    assert Entry.objects.filter(action="accounts.link.shown").count() == 1


@pytest.mark.parametrize("change", [{"role": "viewer", "also_administers": False}, {"expires_at": timezone.now()}])
def test_last_administrator_cannot_be_taken_away(head_admin, change):
    other = make_user("head", also_administers=False)
    people_by = User.objects.get(pk=other.pk)

    with pytest.raises(people.NotAllowed):
        people.change(head_admin, by=people_by, **change)
    assert User.objects.with_right(Right.ACCOUNTS).count() == 1


def test_last_administrator_cannot_be_closed(admin):
    with pytest.raises(people.NotAllowed):
        people.close(admin, by=make_user("head"))

    assert User.objects.get(pk=admin.pk).is_active


def test_administrator_who_never_joined_does_not_count(admin):
    people.invite(by=admin, **(FORM | {"role": "administrator"}))

    with pytest.raises(people.NotAllowed):
        people.close(admin, by=make_user("head"))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_close_one_another_at_once():
    first, second = make_user("administrator"), make_user("administrator", email="second@payom.test")
    barrier, refused = threading.Barrier(2), []

    def close(victim, by):
        barrier.wait(10)
        try:
            people.close(victim, by=by)
        except people.NotAllowed:
            refused.append(victim)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=pair) for pair in ((first, second), (second, first))]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]

    assert (len(refused), User.objects.with_right(Right.ACCOUNTS).count()) == (1, 1)


@pytest.mark.parametrize("change", [{"role": "head"}, {"may_export": True}, {"also_administers": True}])
def test_nobody_changes_their_own_rights(change):
    user = make_user("editor", also_administers="also_administers" not in change)
    make_user("administrator")

    with pytest.raises(people.NotAllowed):
        people.change(user, by=user, **change)
    assert User.objects.get(pk=user.pk).role == "editor"


def test_only_a_head_makes_a_head(admin, head_admin):
    user = make_user("editor")
    with pytest.raises(people.NotAllowed):
        people.change(user, by=admin, role="head")
    people.change(user, by=head_admin, role="head")

    assert User.objects.get(pk=user.pk).role == "head"


def test_administrator_cannot_turn_a_heads_letters_to_themselves(admin, head_admin):
    with pytest.raises(people.NotAllowed):
        people.change(head_admin, by=admin, email="mine@payom.test")

    assert User.objects.get(pk=head_admin.pk).email == "boss@payom.test"


def test_new_address_is_told_to_the_former_one(admin):
    user = make_user("editor")
    people.change(user, by=admin, email="moved@payom.test")
    letters.send_due()

    assert [message.to for message in mail.outbox] == [["editor@payom.test"]]


def test_closed_account_is_signed_out_and_can_be_opened_again(admin):
    user = make_user("editor")
    client, manager = sign_in(user), desk(admin)
    manager.post(f"/people/{user.pk}/close/")
    closed = is_in(client)
    manager.post(f"/people/{user.pk}/open/")

    assert (closed, is_in(sign_in(user))) == (False, True)


def test_lost_telephone_is_taken_off_the_account(admin):
    user = make_user("editor")
    add_app(user)
    desk(admin).post(f"/people/{user.pk}/reset-factor/")

    assert (Authenticator.objects.count(), is_in(sign_in(user))) == (0, True)


def test_stolen_laptop_is_signed_out_by_one_button(admin):
    user = make_user("editor")
    laptop = sign_in(user)
    desk(admin).post(f"/people/{user.pk}/sign-out/")

    assert not is_in(laptop)


def test_changes_of_rights_are_in_the_journal_with_before_and_after(admin):
    user = make_user("editor")
    people.change(user, by=admin, role="viewer", job_title="")

    entry = Entry.objects.get(action="accounts.user.changed")
    assert (entry.by, entry.subject_id, entry.changes) == (admin.name, user.pk, {"role": ["editor", "viewer"]})


def test_letter_that_cannot_leave_is_tried_again(admin, settings, smtp, time_machine):
    user = people.invite(by=admin, **FORM)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    letters.send_due()
    settings.EMAIL_PORT = port
    letters.send_due()
    at_once = len(smtp.envelopes)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    letters.send_due()
    letters.send_due()

    assert (at_once, [envelope.recipients for envelope in smtp.envelopes]) == (0, [[user.email]])


def test_letters_say_that_a_machine_wrote_them(admin):
    people.invite(by=admin, **FORM)
    letters.send_due()

    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", StaffLetter.Kind.values)
@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_every_letter_can_be_written_in_every_language(kind, language):
    user = make_user("editor", language=language)
    letter = StaffLetter.objects.create(user=user, kind=kind, facts={"by": "Сергей К.", "device": "Firefox"})
    message = letters.compose(letter)

    assert (bool(message.subject), user.name in message.body, message.to) == (True, True, [user.email])


def test_list_of_people_takes_the_same_queries_whatever_their_number(admin, django_assert_num_queries):
    client = sign_in(admin)
    for role in ("editor", "viewer", "member"):
        make_user(role)

    with django_assert_num_queries(5):
        client.get("/people/")


# An administrator must not be able to make themselves a head


@pytest.mark.parametrize(
    "change", [{"expires_at": timezone.now()}, {"role": "editor"}, {"may_export": True}, {"email": "mine@payom.test"}]
)
def test_administrator_changes_nothing_of_a_head_that_matters(admin, head_admin, change):
    with pytest.raises(people.NotAllowed):
        people.change(head_admin, by=admin, **change)

    assert [user.pk for user in User.objects.with_right(Right.MAILINGS_APPROVE)] == [head_admin.pk]


def test_administrator_closes_no_head(admin, head_admin):
    with pytest.raises(people.NotAllowed):
        people.close(head_admin, by=admin)


def test_administrator_makes_no_head_where_there_is_none(admin):
    with pytest.raises(people.NotAllowed):
        people.invite(by=admin, **(FORM | {"role": "head"}))


def test_administrator_does_not_see_the_link_of_an_invited_head(admin, head_admin):
    invited = people.invite(by=head_admin, **(FORM | {"role": "head"}))

    with pytest.raises(people.NotAllowed):
        people.show_link(invited, by=admin)


def test_last_head_stays(head_admin):
    other = make_user("head", email="other@payom.test", also_administers=True)
    people.close(other, by=head_admin)

    with pytest.raises(people.NotAllowed):
        people.close(head_admin, by=other)


def test_heads_are_told_of_power_that_others_give(admin, head_admin, mailoutbox):
    people.change(make_user("editor"), by=admin, may_export=True)
    letters.send_due()

    assert ["boss@payom.test"] in [message.to for message in mailoutbox]
