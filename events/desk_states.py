"""Words of the press desk: what becomes of a request, by which steps, and the lists that its rows choose from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestStatus(TextChoices):
    NEW = "new", pgettext_lazy("request", "New")
    IN_WORK = "in_work", pgettext_lazy("request", "In work")
    WAITING_REPORTER = "reporter", pgettext_lazy("request", "Waiting for the reporter")
    WAITING_APPROVAL = "approval", pgettext_lazy("request", "Waiting for approval")
    ANSWERED = "answered", pgettext_lazy("request", "Answered")
    CLOSED = "closed", pgettext_lazy("request", "Closed")
    DECLINED = "declined", pgettext_lazy("request", "Declined")
    MISSED = "missed", pgettext_lazy("request", "Missed")
    DUPLICATE = "duplicate", pgettext_lazy("request", "Duplicate")
    SPAM = "spam", pgettext_lazy("request", "Spam")


_S = RequestStatus
# Somebody still waits for us, or we for them.
OPEN = frozenset({_S.NEW, _S.IN_WORK, _S.WAITING_REPORTER, _S.WAITING_APPROVAL, _S.MISSED})
# Where the reporter's clock runs: it is our turn.
TICKING = frozenset({_S.NEW, _S.IN_WORK, _S.WAITING_APPROVAL})


class Step(TextChoices):
    """What moves a request from one state to another."""

    TAKE = "take", pgettext_lazy("request", "Taken into work")
    ASK = "ask", pgettext_lazy("request", "The reporter was asked")
    REPLIED = "replied", pgettext_lazy("request", "The reporter replied")
    SUBMIT = "submit", pgettext_lazy("request", "Answer sent for approval")
    APPROVE = "approve", pgettext_lazy("request", "Answer approved and sent")
    RETURN = "return", pgettext_lazy("request", "Answer returned to its author")
    ANSWER = "answer", pgettext_lazy("request", "Answered")
    DECLINE = "decline", pgettext_lazy("request", "Declined")
    MISS = "miss", pgettext_lazy("request", "The deadline passed without an answer")
    CLOSE = "close", pgettext_lazy("request", "Closed")
    REOPEN = "reopen", pgettext_lazy("request", "Opened again")
    DUPLICATE = "duplicate", pgettext_lazy("request", "Joined with another request")
    SPAM = "spam", pgettext_lazy("request", "Called spam")
    RESTORE = "restore", pgettext_lazy("request", "Brought back")


TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    Step.TAKE: (frozenset({_S.NEW, _S.MISSED}), _S.IN_WORK),
    Step.ASK: (frozenset({_S.IN_WORK}), _S.WAITING_REPORTER),
    Step.REPLIED: (frozenset({_S.WAITING_REPORTER}), _S.IN_WORK),
    Step.SUBMIT: (frozenset({_S.IN_WORK}), _S.WAITING_APPROVAL),
    Step.APPROVE: (frozenset({_S.WAITING_APPROVAL}), _S.ANSWERED),
    Step.RETURN: (frozenset({_S.WAITING_APPROVAL}), _S.IN_WORK),
    Step.ANSWER: (frozenset({_S.IN_WORK}), _S.ANSWERED),
    Step.DECLINE: (frozenset({_S.NEW, _S.IN_WORK, _S.WAITING_REPORTER, _S.MISSED}), _S.DECLINED),
    Step.MISS: (frozenset({_S.NEW, _S.IN_WORK}), _S.MISSED),
    Step.CLOSE: (frozenset({_S.ANSWERED}), _S.CLOSED),
    Step.REOPEN: (frozenset({_S.ANSWERED, _S.CLOSED, _S.DECLINED}), _S.IN_WORK),
    Step.DUPLICATE: (OPEN | {_S.ANSWERED}, _S.DUPLICATE),
    Step.SPAM: (OPEN, _S.SPAM),
    Step.RESTORE: (frozenset({_S.DUPLICATE, _S.SPAM}), _S.NEW),
}


class WrongStep(Exception):
    """The request is not where this could be done. The message is for the person who asked."""


class Source(TextChoices):
    """How a request came."""

    MAIL = "mail", _("By mail")
    FORM = "form", _("From the website")
    PHONE = "phone", _("By telephone")
    TELEGRAM = "telegram", "Telegram"
    WHATSAPP = "whatsapp", "WhatsApp"
    VIBER = "viber", "Viber"
    IMO = "imo", "IMO"
    MEETING = "meeting", _("In person")


# What staff write down; the others come by themselves.
TYPED = [Source.PHONE, Source.TELEGRAM, Source.WHATSAPP, Source.VIBER, Source.IMO, Source.MEETING]


class Wanted(TextChoices):
    """What the reporter asks for."""

    WRITTEN = "written", pgettext_lazy("wanted", "in writing")
    PHONE = "phone", pgettext_lazy("wanted", "by telephone")
    VIDEO = "video", pgettext_lazy("wanted", "video")
    LIVE = "live", pgettext_lazy("wanted", "live")
    FILMING = "filming", pgettext_lazy("wanted", "filming")
    MEETING = "meeting", pgettext_lazy("wanted", "meeting")


class Declined(TextChoices):
    """Why we do not answer. The reporter is not told which."""

    TOPIC = "topic", _("Not our topic")
    UNSAFE = "unsafe", _("Unsafe for somebody")
    CONSENT = "consent", _("No consent of the people concerned")
    CAPACITY = "capacity", _("Nobody can answer in time")
    HOSTILE = "hostile", _("Asked in bad faith")


class Result(TextChoices):
    """What came of an answer."""

    PUBLISHED = "published", pgettext_lazy("result", "Published")
    NOT_USED = "not_used", pgettext_lazy("result", "Not used")
    UNKNOWN = "unknown", pgettext_lazy("result", "Unknown")


class Direction(TextChoices):
    IN = "in", _("From the reporter")
    OUT = "out", _("From us")
    NOTE = "note", _("Note for the staff")


class LetterStatus(TextChoices):
    """What has become of a letter of ours; empty for what is none."""

    QUEUED = "queued", _("Leaves in a moment")
    INFLIGHT = "inflight", _("Is leaving")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Did not arrive")
    UNKNOWN = "unknown", _("Perhaps sent: the line broke")


class Consent(TextChoices):
    """What a speaker says to a question whether they would speak."""

    WAITING = "waiting", pgettext_lazy("speaker", "No answer yet")
    YES = "yes", pgettext_lazy("speaker", "Agrees")
    NO = "no", pgettext_lazy("speaker", "Declines")
    WITHDRAWN = "withdrawn", pgettext_lazy("speaker", "Not needed any more")


class InterviewStatus(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("interview", "Proposed")
    SCHEDULED = "scheduled", pgettext_lazy("interview", "Scheduled")
    DONE = "done", pgettext_lazy("interview", "Took place")
    NO_SHOW = "no_show", pgettext_lazy("interview", "Did not take place")
    CANCELLED = "cancelled", pgettext_lazy("interview", "Cancelled")


# What is only reached with the consent of who speaks.
WITH_CONSENT = frozenset({InterviewStatus.SCHEDULED, InterviewStatus.DONE, InterviewStatus.NO_SHOW})


class Given(TextChoices):
    """The consent of who speaks; a survivor takes it back at any time, and need not say why."""

    ASKED = "asked", pgettext_lazy("consent", "Not given yet")
    GIVEN = "given", pgettext_lazy("consent", "Given")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Taken back")


class Record(TextChoices):
    ON_RECORD = "on", pgettext_lazy("interview", "On the record")
    BACKGROUND = "background", pgettext_lazy("interview", "Background, without a name")
    OFF_RECORD = "off", pgettext_lazy("interview", "Off the record")


class LetterWay(TextChoices):
    """Which book of the register a letter stands in."""

    INCOMING = "in", pgettext_lazy("register", "Incoming")
    OUTGOING = "out", pgettext_lazy("register", "Outgoing")
