import os
from collections.abc import Callable

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from playwright.sync_api import sync_playwright

from accounts.models import User
from audit import append_only, guards
from demo import catcher
from mailings.models import SendingAccount

from . import mta, network
from .browser import chromium
from .mail_server import MailServer

STAYED_OUT = pytest.StashKey[list[str]]()
# pytest-django's fixtures by which a test without its mark asks for a database.
_OF_A_DATABASE = {"db", "transactional_db", "live_server"}

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("payom", deadline=None)
hypothesis.settings.load_profile("payom")


def pytest_configure(config):
    network.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What the migrations leave standing is seen here; then every test begins with what a flush leaves.

    Without that, a test finds the migrations' rows or not, by which test with real transactions ran
    before it. The guards go on SQLite, where Django empties the tables row by row, which they would
    refuse; what they do is seen in tests that put them up again.
    """
    with django_db_blocker.unblock():
        assert guards.stands()
        assert append_only.tables() == ["mailings_evidence"]
        assert list(SendingAccount.objects.values_list("is_environment", flat=True)) == [True]
        if connection.vendor == "sqlite":
            guards.remove_sqlite()
            append_only.remove("mailings_evidence")
        call_command("flush", interactive=False)
        connection.close()


@pytest.fixture(autouse=True)
def fresh_cache():
    """Guesses at passwords are counted in the cache; one test's are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def russian():
    """A request leaves the language of who asked behind in its thread; one test's is not another's."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_catcher():
    """The catcher's folder is one for all tests; a test finds there what it put there itself."""
    catcher.empty()


@pytest.fixture
def author(db):
    """Writes mailings."""
    return User.objects.create_user("author@payom.test", "a-long-password", name="Мехрона С.", role="editor")


@pytest.fixture
def head(db):
    """Another person, who may approve what the author wrote."""
    return User.objects.create_user("head@payom.test", "a-long-password", name="Фарангис Н.", role="head")


@pytest.fixture
def client_of():
    """`client_of(user)` is a test client signed in as that user."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def smtp(settings):
    """A real SMTP server on this machine, and settings that point at it."""
    server = MailServer()
    server.start()
    _send_over(settings, server.port)
    yield server
    server.stop()


def _send_over(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = False, "", ""


@pytest.fixture(scope="session")
def postfix_and_dovecot():
    if why := mta.missing():
        raise RuntimeError(f"{why}: .ci/run installs both")
    with mta.started() as pair:
        yield pair


@pytest.fixture
def post(postfix_and_dovecot, settings):
    """A real postfix and a real dovecot with empty mailboxes, and settings that send and read over them."""
    pair = postfix_and_dovecot
    pair.empty()
    _send_over(settings, pair.smtp_port)
    settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", pair.imap_port, False
    settings.MAILBOX_USER, settings.MAILBOX_PASSWORD = mta.OURS, mta.PASSWORD
    settings.MAIL_BOUNCES_TO, settings.MAIL_AUTHSERV_ID = mta.OURS, mta.AUTHSERV_ID
    return pair


def pytest_collection_modifyitems(config, items):
    _leave_out_spam(config, items)
    _leave_out_what_no_database_changes(config, items)
    _leave_out(config, items, "browser", _no_chromium)
    _leave_out(config, items, "mta", mta.missing)


def _leave_out_spam(config, items):
    """SpamAssassin takes seconds a letter: only who names it (`make check-spam`) asks it."""
    chosen = [item for item in items if item.get_closest_marker("spam")]
    if chosen and "spam" not in config.option.markexpr:
        config.hook.pytest_deselected(items=chosen)
        items[:] = [item for item in items if item not in chosen]


def _leave_out_what_no_database_changes(config, items):
    """On PostgreSQL, nothing is asked again that touches no database: it has said the same beside SQLite."""
    if connection.vendor == "sqlite":
        return
    chosen = [item for item in items if not (_touches_services(item) or _OF_A_DATABASE & set(item.fixturenames))]
    config.hook.pytest_deselected(items=chosen)
    items[:] = [item for item in items if item not in chosen]


def _touches_services(item) -> bool:
    return any(item.get_closest_marker(name) for name in ("django_db", "grown"))


def _leave_out(config, items, marker: str, missing: Callable[[], str]) -> None:
    """What cannot run here stays out, with one line that says so. CI installs what is missing first."""
    chosen = [item for item in items if item.get_closest_marker(marker)]
    if not chosen or os.environ.get("CI") or not (why := missing()):
        return
    config.hook.pytest_deselected(items=chosen)
    items[:] = [item for item in items if item not in chosen]
    config.stash.setdefault(STAYED_OUT, []).append(f"{len(chosen)} tests marked {marker} stayed out: {why}.")


def pytest_sessionfinish(session):
    # Under xdist the processes that collect are not the one that sums up.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["stayed_out"] = session.config.stash.get(STAYED_OUT, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[STAYED_OUT] = getattr(node, "workeroutput", {}).get("stayed_out", [])


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(STAYED_OUT, []):
        terminalreporter.write_line(line)


def _no_chromium() -> str:
    return "" if chromium.find() or chromium.find(_playwrights_own()) else "no Chromium (PAYOM_CHROMIUM names one)"


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
