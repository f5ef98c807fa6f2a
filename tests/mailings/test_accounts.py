"""Sending accounts: who sees what of them, and what a change of the sender takes back."""

import re

import pytest
from django.db import connection

from accounts.actions.lockdown import lock_down
from accounts.models import User
from audit.models import Entry
from mailings import actions
from mailings.forms.accounts import AccountForm
from mailings.models import Mailing, SendingAccount
from mailings.pipeline.tryout import try_accounts
from mailings.states import MailingStatus, WrongState
from tests.factories.accounts import PASSWORD, make_user, sign_in
from tests.factories.mailings import make_approved, make_draft, make_reader, person
from tests.factories.sending import limit, make_account, make_started_over

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Рассылки",
    "from_address": "news@group.test",
    "service": "smtp",
    "host": "smtp.example.org",
    "port": "587",
    "security": "starttls",
    "connections": "4",
    "per_connection": "100",
}


def approved_over(account):
    mailing = make_draft()
    actions.choose_account(mailing, account, by=mailing.author)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    return Mailing.objects.get(pk=mailing.pk)


@pytest.fixture
def readers():
    make_reader("reader@navid.test")


@pytest.fixture
def admin_client():
    """An administrator who has just proved who they are."""
    client = sign_in(make_user("administrator", email="boss@payom.test"))
    client.post("/confirm/", {"password": PASSWORD})
    return client


def test_the_environment_s_account_is_there_from_the_first_look_and_is_one():
    looks = [SendingAccount.environment(), SendingAccount.environment()]

    assert list(SendingAccount.objects.filter(is_environment=True)) == looks[:1]


def test_choosing_an_account_takes_the_approval_back(readers):
    mailing = make_approved()
    actions.choose_account(mailing, make_account(), by=mailing.author)
    mailing.refresh_from_db()

    assert (mailing.status, mailing.account.name) == (MailingStatus.DRAFT, "Рассылки")


def test_choosing_what_is_chosen_takes_nothing_back(readers):
    mailing = make_approved()
    actions.choose_account(mailing, SendingAccount.environment(), by=mailing.author)
    mailing.refresh_from_db()

    assert mailing.status == MailingStatus.APPROVED


def test_another_sender_takes_back_what_waits_over_it(readers):
    account = make_account()
    mailing = approved_over(account)
    account.from_name_ru = "Другое имя"
    actions.save_account(account, by=person("admin@payom.test"))
    mailing.refresh_from_db()

    assert mailing.status == MailingStatus.DRAFT


def test_another_limit_takes_nothing_back(readers):
    account = make_account()
    mailing = approved_over(account)
    account.per_hour = 10
    actions.save_account(account, by=person("admin@payom.test"))
    mailing.refresh_from_db()

    assert (mailing.status, mailing.is_as_approved) == (MailingStatus.APPROVED, True)


def test_what_is_approved_over_the_environment_s_account_stays_approved_with_limits(readers):
    mailing = make_approved()
    limit(per_hour=5)

    assert Mailing.objects.get(pk=mailing.pk).is_as_approved


def test_sender_of_a_mailing_on_its_way_is_not_changed(readers):
    account = make_account()
    make_started_over(account)
    account.from_address = "other@group.test"

    with pytest.raises(WrongState):
        actions.save_account(account, by=person("admin@payom.test"))


def test_new_mailings_begin_with_the_usual_account():
    make_account(name="Первая", is_usual=True)
    usual = make_account(name="Вторая", is_usual=True)

    assert (make_draft().account, SendingAccount.objects.filter(is_usual=True).count()) == (usual, 1)


def test_account_that_a_mailing_waits_for_is_not_closed(readers):
    account = make_account()
    approved_over(account)

    with pytest.raises(WrongState):
        actions.close_account(account, by=person("admin@payom.test"))


def test_closed_account_is_offered_no_more_and_can_be_opened_again():
    account, mailing, admin = make_account(), make_draft(), person("admin@payom.test")
    actions.close_account(account, by=admin)
    with pytest.raises(WrongState):
        actions.choose_account(mailing, account, by=mailing.author)
    actions.open_account(account, by=admin)
    actions.choose_account(mailing, account, by=mailing.author)

    assert mailing.account == account


def test_the_environment_s_account_is_not_closed():
    with pytest.raises(WrongState):
        actions.close_account(SendingAccount.environment(), by=person("admin@payom.test"))


def test_neither_password_nor_key_is_readable_in_the_database_or_the_journal():
    make_account(secret="canary-password", key="canary-key", dkim_selector="payom")
    rows = [str(row) for row in SendingAccount.objects.values()] + [str(row) for row in Entry.objects.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mailings_sendingaccount")
        rows += [str(row) for row in cursor.fetchall()]

    assert [row for row in rows if "canary" in row] == []


def test_worker_sends_a_test_letter_to_whoever_asked(smtp):
    account, user = make_account(smtp), person("admin@payom.test")
    actions.ask_account_test(account, by=user)
    waited = account.waits_for_test

    taken = try_accounts()
    account.refresh_from_db()

    assert (waited, taken, smtp.recipients, account.test_worked, account.waits_for_test) == (
        True,
        1,
        ["admin@payom.test"],
        True,
        False,
    )


def test_test_letter_is_sent_once(smtp):
    account = make_account(smtp)
    actions.ask_account_test(account, by=person("admin@payom.test"))
    try_accounts()
    try_accounts()

    assert len(smtp.envelopes) == 1


def test_test_that_fails_says_the_server_s_words_without_an_address(smtp):
    smtp.refuse["admin@payom.test"] = "550 5.7.1 Relay denied for <admin@payom.test>"
    account = make_account(smtp)
    actions.ask_account_test(account, by=person("admin@payom.test"))
    try_accounts()
    account.refresh_from_db()

    assert (account.test_worked, account.test_words) == (False, "550 5.7.1 Relay denied for •••")


def test_test_over_a_password_that_cannot_be_opened_says_so(smtp):
    account = make_account(smtp, secret="password")
    SendingAccount.objects.filter(pk=account.pk).update(secret="sealed elsewhere")
    account.refresh_from_db()
    actions.ask_account_test(account, by=person("admin@payom.test"))
    try_accounts()
    account.refresh_from_db()

    assert (account.test_worked, bool(account.test_words)) == (False, True)


def test_nothing_is_tested_while_everything_is_locked_down(smtp):
    account = make_account(smtp)
    actions.ask_account_test(account, by=person("admin@payom.test"))
    head = person("head@payom.test")
    lock_down(by=head, key_holder=head)
    try_accounts()

    assert smtp.envelopes == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "https://smtp.example.org/"}, "host"),
        ({"security": "none"}, "security"),
        ({"from_address": ""}, "from_address"),
        ({"service": "resend"}, "password"),
        ({"service": "postal", "host": "", "password": "x"}, "host"),
        ({"dkim_key_text": "no key"}, "dkim_selector"),
        ({"dkim_selector": "payom", "dkim_key_text": "no key"}, "dkim_key_text"),
        ({"connections": "50"}, "connections"),
        ({"per_hour": "0"}, "per_hour"),
        ({"port": "70000"}, "port"),
    ],
)
def test_form_says_what_is_wrong_where_it_is(changed, field):
    form = AccountForm(GIVEN | changed)

    assert (form.is_valid(), list(form.errors)) == (False, [field])


def test_line_to_this_machine_needs_no_encryption():
    assert AccountForm(GIVEN | {"host": "127.0.0.1", "security": "none"}).is_valid()


def test_password_that_is_kept_goes_to_no_other_server():
    account = make_account(secret="password", host="smtp.example.org", port=587, security="starttls")
    same, other = AccountForm(GIVEN, instance=account), GIVEN | {"host": "smtp.evil.test"}

    assert same.is_valid()
    assert list(AccountForm(other, instance=SendingAccount.objects.get(pk=account.pk)).errors) == ["password"]


def test_page_shows_neither_password_nor_key(admin_client):
    account = make_account(secret="canary-password", key="canary-key", dkim_selector="payom")

    pages = [
        admin_client.get(path).content.decode() for path in ("/mailings/accounts/", f"/mailings/accounts/{account.pk}/")
    ]

    assert [page for page in pages if "canary" in page or account.secret in page] == []


def test_administrator_adds_an_account(admin_client):
    answer = admin_client.post("/mailings/accounts/new/", GIVEN | {"password": " with spaces "})

    assert answer.headers["Location"] == "/mailings/accounts/"
    assert SendingAccount.objects.get(name="Рассылки").route().password == " with spaces "


def test_what_was_typed_stays_where_something_is_wrong(admin_client):
    answer = admin_client.post("/mailings/accounts/new/", GIVEN | {"host": ""})

    assert (answer.status_code, answer.context["form"]["name"].value()) == (422, "Рассылки")


def test_limits_of_the_environment_s_account_are_kept(admin_client):
    account = SendingAccount.environment()

    admin_client.post(
        f"/mailings/accounts/{account.pk}/",
        {"name": account.name, "per_hour": "300", "connections": "2", "per_connection": "50"},
    )

    account.refresh_from_db()
    assert (account.per_hour, account.connections, account.host) == (300, 2, "")


@pytest.mark.parametrize("role", ["editor", "head", "viewer"])
def test_who_does_not_administer_sees_no_accounts(client_of, role):
    account = make_account()
    client = client_of(make_user(role, email="somebody@payom.test"))

    answers = [client.get("/mailings/accounts/"), client.post(f"/mailings/accounts/{account.pk}/test/")]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_editor_chooses_the_account_of_a_mailing(client_of, readers):
    account, mailing = make_account(), make_draft()

    client_of(mailing.author).post(f"/mailings/{mailing.pk}/account/", {"account-account": account.pk})
    mailing.refresh_from_db()

    assert mailing.account == account


def test_where_there_is_one_account_nobody_has_to_choose(client_of, readers):
    mailing = make_draft()
    page = f"/mailings/{mailing.pk}/text/ru/"
    client = client_of(mailing.author)
    alone = client.get(page).context["account_form"]
    make_account()

    assert (alone, client.get(page).context["account_form"] is not None) == (None, True)


def test_desk_says_how_long_the_limit_makes_it_last(client_of):
    for number in range(3):
        make_reader(f"{number}@navid.test")
    limit(per_hour=1)
    mailing = make_draft()

    assert client_of(mailing.author).get(f"/mailings/{mailing.pk}/text/ru/").context["time_needed"] != ""


# Two people change one account


def opened(page):
    return re.search(r'name="opened" value="(\w+)"', page.content.decode())[1]


@pytest.fixture
def other_client():
    client = sign_in(make_user("administrator", email="second@payom.test"))
    client.post("/confirm/", {"password": PASSWORD})
    return client


def test_who_saves_second_is_told_who_was_first_and_keeps_what_was_typed(admin_client, other_client):
    path = f"/mailings/accounts/{make_account().pk}/"
    first, second = opened(admin_client.get(path)), opened(other_client.get(path))
    admin_client.post(path, GIVEN | {"host": "first.example.org", "password": "one", "opened": first})

    answer = other_client.post(path, GIVEN | {"host": "second.example.org", "password": "two", "opened": second})
    text, kept = answer.content.decode(), SendingAccount.objects.get(is_environment=False)
    again = other_client.post(path, GIVEN | {"host": "second.example.org", "password": "two", "opened": opened(answer)})

    assert (answer.status_code, kept.host) == (422, "first.example.org")
    assert (f"{User.objects.get(email='boss@payom.test').name}, " in text, "first.example.org" in text) == (True, True)
    assert 'value="second.example.org"' in text
    assert (again.status_code, SendingAccount.objects.get(pk=kept.pk).host) == (302, "second.example.org")


def test_another_password_alone_is_a_change_too_and_is_shown_to_nobody(admin_client, other_client):
    path = f"/mailings/accounts/{make_account().pk}/"
    first, second = opened(admin_client.get(path)), opened(other_client.get(path))
    admin_client.post(path, GIVEN | {"password": "the-first-secret", "opened": first})

    answer = other_client.post(path, GIVEN | {"password": "the-second-secret", "opened": second})

    assert (answer.status_code, "secret" in answer.content.decode()) == (422, False)


def test_who_saves_twice_in_a_row_is_told_nothing(admin_client):
    path = f"/mailings/accounts/{make_account().pk}/"

    answers = []
    for host in ("one.example.org", "two.example.org"):
        given = {"host": host, "password": "secret", "opened": opened(admin_client.get(path))}
        answers.append(admin_client.post(path, GIVEN | given).status_code)

    assert answers == [302, 302]
