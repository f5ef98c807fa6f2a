import logging
import sys
import threading
import warnings

import pytest
from django.core.mail import mail_admins
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import resolve

from core.logs import Formatter, log_uncaught, redact

WHO, NAME, TOKEN = "canary@navid.test", "Канарейка Желтова", "AbCdEf0123456789_-AbCdEf"
WORDS = f"Key (address)=({WHO}) of {NAME} exists, /u/{TOKEN}/"


def written(message: str = "it failed", *args, error: Exception | None = None, name: str = "payom", **extra) -> str:
    """A record as the product writes it; `error` is raised first, as it would be."""
    caught = None
    if error is not None:
        try:
            raise error
        except Exception:
            caught = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, "/x.py", 1, message, args, caught)
    vars(record).update(extra)
    return Formatter().format(record)


@pytest.fixture
def logger():
    """A logger of its own, and the lines it has written."""

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    lines, handler, logger = [], Keep(), logging.Logger("payom.test")
    handler.setFormatter(Formatter())
    logger.addHandler(handler)
    logger.lines = lines
    return logger


def leaks(text: str) -> list[str]:
    return [word for word in (WHO, "canary", NAME, "Канарейка", TOKEN) if word in text]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("refused a.b+c@navid.test today", "refused [address] today"),
        ("<Ҷамшед.Холов@почта.рф>: no", "<[address]>: no"),
        ("to=a%40navid.test;", "to=[address];"),
        ('"two words"@navid.test', "[address]"),
        ("redis://:secret@127.0.0.1/0 is away", "redis://:[address] is away"),
        ("GET /u/x1/ 500", "GET /u/[…]/ 500"),
        ("GET /join/short?lang=ru 500", "GET /join/[…] 500"),
        (f"/elsewhere/{TOKEN}/", "/elsewhere/[…]/"),
        (f"/o/{TOKEN}.gif", "/o/[…]"),
        ("/l/short/", "/l/[…]/"),
        ("/r/short/calendar/", "/r/[…]/calendar/"),
        ("/calendar/short/", "/calendar/[…]/"),
        (f"token {TOKEN} is old", "token […] is old"),
        ("/contacts/?q=Холов HTTP/1.1", "/contacts/?[…] HTTP/1.1"),
        ("mailing 12 is finished", "mailing 12 is finished"),
        ("/srv/payom/mailings/a_rather_long_name_of_a_file.py", "/srv/payom/mailings/a_rather_long_name_of_a_file.py"),
        ("mailings.tasks.send_due[0f8fad5b-d9cb-469f-a165-70867728950e]",
         "mailings.tasks.send_due[0f8fad5b-d9cb-469f-a165-70867728950e]"),
    ],
)  # fmt: skip
def test_addresses_tokens_and_queries_are_cut_and_nothing_else(said, kept):
    assert redact(said) == kept


def test_long_text_is_cut_in_no_time():
    assert redact("a" * 200_000).count("a") == 200_000


def test_exception_leaves_its_type_and_place_and_no_words():
    text = written(error=IntegrityError(WORDS))

    assert ("django.db.utils.IntegrityError" in text, "test_logs.py:" in text, leaks(text)) == (True, True, [])


def test_exceptions_behind_an_exception_leave_their_types():
    error = ExceptionGroup(NAME, [KeyError(NAME)])
    error.__cause__ = ValueError(WORDS)
    text = written(error=error)

    assert ([kind in text for kind in ("ExceptionGroup", "KeyError", "ValueError")], leaks(text)) == ([True] * 3, [])


@pytest.mark.parametrize("words", ["%s", "%r", "lost: %s"])
def test_exception_as_an_argument_is_its_type(words):
    text = written(words, ValueError(WORDS))

    assert ("ValueError" in text, leaks(text)) == (True, [])


def test_words_of_the_exception_inside_the_message_are_its_type():
    error = ValueError(NAME)

    assert leaks(written(f"lost: {error} {error!r}", error=error)) == []


def test_exception_as_the_message_is_its_type():
    assert written(ValueError(WORDS)).endswith("ERROR payom: ValueError")


def test_traceback_that_another_formatter_left_in_the_record_is_not_used():
    assert leaks(written(error=ValueError(WORDS), exc_text=WORDS)) == []


def test_formatting_leaves_the_record_to_others_as_it_was():
    record = logging.LogRecord("payom", logging.ERROR, "/x.py", 1, "%s", (WHO,), None)
    Formatter().format(record)

    assert (record.msg, record.args, record.exc_text) == ("%s", (WHO,), None)


def test_request_is_named_by_its_pattern():
    request = RequestFactory().get(f"/u/{TOKEN}/?q={NAME}")
    request.resolver_match = resolve(request.path)

    text = written("%s: %s", "Internal Server Error", request.path, request=request, status_code=500)

    assert text.endswith("ERROR payom: 500 GET /u/<str:token>/")


def test_request_for_a_page_that_is_not_there_is_not_quoted():
    request = RequestFactory().get(f"/{NAME}/")

    assert written("%s", request.path, request=request).endswith("ERROR payom: GET (no page of ours)")


def test_celery_says_which_task_and_not_what_it_was_given():
    words = "Task %(name)s[%(id)s] %(description)s: %(exc)s %(args)s"
    facts = {"name": "send", "id": "1", "description": "raised", "exc": f"Error({WORDS!r})", "args": f"({NAME!r},)"}

    assert written(words, facts, name="celery.app.trace").endswith("Task send[1] raised: […] […]")


def test_warning_says_where_and_of_what_kind():
    warning = warnings.formatwarning(NAME, RuntimeWarning, "/srv/x.py", 12, f"say({NAME!r})")

    assert written("%s", warning, name="py.warnings").endswith("py.warnings: /srv/x.py:12: RuntimeWarning")


def test_stack_is_written_without_the_source():
    record = logging.LogRecord("payom", logging.ERROR, "/x.py", 1, "here", (), None)
    record.stack_info = f'Stack:\n  File "/srv/x.py", line 1, in send\n    say({NAME!r})'

    assert Formatter().format(record).endswith('here\n  File "/srv/x.py", line 1, in send')


def test_what_ends_a_thread_or_the_process_is_logged(logger, monkeypatch, capfd):
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    log_uncaught(logger)
    logging.captureWarnings(False)

    thread = threading.Thread(target=lambda: int(WORDS))
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(WORDS), None)

    assert ([line.count("builtins.ValueError") for line in logger.lines], leaks("".join(logger.lines))) == ([1, 1], [])
    assert capfd.readouterr() == ("", "")


def test_nobody_is_mailed_about_a_fault(mailoutbox, settings):
    mail_admins("fault", WORDS)

    assert (mailoutbox, settings.ADMINS, settings.MANAGERS) == ([], [], [])
