"""Log lines that tell where a fault is and nothing about people: no address, no token, no words of an exception."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from copy import copy

ADDRESS, CUT = "[address]", "[…]"
_FRAMES = 40
_SHORT = 3  # words of an exception that occur in any sentence
_RULES = [
    (re.compile(r'(?:"[^"\n]{1,100}"|[^\s<>,;:("\'=@]{1,100})(?:@|%40)[^\s<>,;:)"\']+', re.IGNORECASE), ADDRESS),
    # A query may hold a search for a name.
    (re.compile(r"(/[^\s?\"']*)\?[^\s\"']*"), rf"\1?{CUT}"),
    (re.compile(r"(?<!/events)(/(?:u|d|w|l|o|r|speak|calendar|take-part|join)/)[^/\s\"'<]+"), rf"\1{CUT}"),
    (re.compile(r"(?<=/)[\w=~%-]{20,}(?![\w.])"), CUT),
    # A token that stands alone mixes figures with small and capital letters.
    (re.compile(r"(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{20,}(?![\w.-])"), CUT),
]
# What Celery says of a task beside these (its arguments, result and exception) is not for a log.
_OF_A_TASK = {"name", "id", "hostname", "description", "runtime"}


class Formatter(logging.Formatter):
    """One line a record, and for an exception its type and frames below: never its words, its locals, source lines."""

    default_msec_format = None

    def __init__(self):
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        # A copy, since others read the record too; without a traceback that another formatter has left in it.
        record = copy(record)
        record.msg, record.args, record.exc_text = redact(_words(record)), None, None
        return super().format(record)

    def formatException(self, exc_info) -> str:
        outermost = exc_info[1].with_traceback(exc_info[1].__traceback__ or exc_info[2])
        return "\n".join(f"  {line}" for error in _chain(outermost) for line in _frames(error))

    def formatStack(self, stack_info: str) -> str:
        return "\n".join(line for line in stack_info.splitlines() if line.lstrip().startswith("File "))


def redact(text: str) -> str:
    """The text without e-mail addresses, queries and tokens. Names it cannot know: those must not be logged at all."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def log_uncaught(logger: logging.Logger) -> None:
    """Log warnings and what ends this process or a thread of it like any fault, instead of printing their words."""

    def say(kind, error, frames=None, *_rest):
        logger.critical("Ended by %s", kind.__name__, exc_info=(kind, error, frames))

    logging.captureWarnings(True)
    sys.excepthook = say
    threading.excepthook = lambda ended: say(*ended)


def _words(record: logging.LogRecord) -> str:
    if hasattr(request := getattr(record, "request", None), "resolver_match"):
        return _about_request(request, record)
    if record.name == "py.warnings":
        return ": ".join(str(record.getMessage()).split(": ")[:2])
    errors = list(_chain(record.exc_info[1])) if record.exc_info else []
    text = _message(record)
    for error in errors:
        for words in (repr(error), str(error)):
            text = text.replace(words, type(error).__name__) if len(words) > _SHORT else text
    return text


def _about_request(request, record: logging.LogRecord) -> str:
    """The pattern of the address instead of the address; what else Django says of a request quotes it."""
    route = f"/{request.resolver_match.route}" if request.resolver_match else "(no page of ours)"
    return f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()


def _message(record: logging.LogRecord) -> str:
    args, words = record.args, record.msg
    if isinstance(words, BaseException):
        return type(words).__name__
    if not args:
        return str(words)
    if isinstance(args, Mapping):
        of_celery = record.name.partition(".")[0] == "celery"
        return str(words) % {
            name: CUT if of_celery and name not in _OF_A_TASK else _bare(arg) for name, arg in args.items()
        }
    return str(words) % tuple(map(_bare, args))


def _bare(arg: object) -> object:
    return type(arg).__name__ if isinstance(arg, BaseException) else arg


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those behind it, the outermost first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        if (error := waiting.pop(0)) is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting.append(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        waiting += getattr(error, "exceptions", ())


def _frames(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    frames = list(traceback.walk_tb(error.__traceback__))
    for frame, line in frames[-_FRAMES:]:
        code = frame.f_code
        yield f"  {code.co_filename}:{line} {getattr(code, 'co_qualname', code.co_name)}"
