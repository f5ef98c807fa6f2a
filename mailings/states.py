"""Statuses of a mailing and of a delivery, which may follow which, and why somebody is left out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.states import Scope


class MailingStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Being sent")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", pgettext_lazy("mailing", "Sent")
    CANCELLED = "cancelled", pgettext_lazy("mailing", "Stopped")


# Its text is on the desk.
PREPARING = frozenset({MailingStatus.DRAFT, MailingStatus.IN_REVIEW, MailingStatus.APPROVED, MailingStatus.SCHEDULED})

MAILING_TRANSITIONS: dict[str, set[str]] = {
    # One of which a part has left, corrected for the rest, can be stopped at any stage of its second way.
    MailingStatus.DRAFT: {MailingStatus.IN_REVIEW, MailingStatus.CANCELLED},
    MailingStatus.IN_REVIEW: {MailingStatus.DRAFT, MailingStatus.APPROVED, MailingStatus.CANCELLED},
    MailingStatus.APPROVED: {
        MailingStatus.DRAFT,
        MailingStatus.SCHEDULED,
        MailingStatus.SENDING,
        MailingStatus.CANCELLED,
    },
    MailingStatus.SCHEDULED: {MailingStatus.DRAFT, MailingStatus.APPROVED, MailingStatus.SENDING},
    # Back to approved only while it is held and nothing has left.
    MailingStatus.SENDING: {
        MailingStatus.APPROVED,
        MailingStatus.PAUSED,
        MailingStatus.FINISHED,
        MailingStatus.CANCELLED,
    },
    # To draft, so that its text is corrected for those who have not got it.
    MailingStatus.PAUSED: {MailingStatus.SENDING, MailingStatus.CANCELLED, MailingStatus.DRAFT},
    # A person may decide to send a letter of unknown outcome again.
    MailingStatus.FINISHED: {MailingStatus.SENDING},
    MailingStatus.CANCELLED: set(),
}


class DeliveryStatus(TextChoices):
    QUEUED = "queued", _("waiting its turn")
    CLAIMED = "claimed", _("taken by the sender")
    INFLIGHT = "inflight", _("on the wire")
    SENT = "sent", _("accepted by the mail server")
    DEFERRED = "deferred", _("will be tried again")
    FAILED = "failed", _("refused")
    UNKNOWN = "unknown", _("not known whether it arrived")
    SUPPRESSED = "suppressed", _("not to be written to by then")
    CANCELLED = "cancelled", _("mailing was stopped")
    # The server's dialect cannot carry the address: nobody was asked.
    CANNOT = "cannot", _("cannot be sent")
    # The letter of this one person could not be built: somebody looks at it.
    LOOK = "look", _("needs a look")


DELIVERY_TRANSITIONS: dict[str, set[str]] = {
    # Any open row becomes unknown when the database was restored from a backup: it may have left since.
    DeliveryStatus.QUEUED: {
        DeliveryStatus.CLAIMED,
        DeliveryStatus.SUPPRESSED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.UNKNOWN,
    },
    DeliveryStatus.CLAIMED: {
        DeliveryStatus.INFLIGHT,
        DeliveryStatus.QUEUED,
        DeliveryStatus.LOOK,
        DeliveryStatus.SUPPRESSED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.UNKNOWN,
    },
    DeliveryStatus.INFLIGHT: {
        DeliveryStatus.SENT,
        DeliveryStatus.DEFERRED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNKNOWN,
        DeliveryStatus.QUEUED,
        DeliveryStatus.CANNOT,
        # Stopped while its letter was being refused for now: it will not be tried again.
        DeliveryStatus.CANCELLED,
    },
    DeliveryStatus.DEFERRED: {
        DeliveryStatus.CLAIMED,
        DeliveryStatus.SUPPRESSED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.UNKNOWN,
    },
    # A server may take a letter and send it back later.
    DeliveryStatus.SENT: {DeliveryStatus.FAILED},
    # What an incident refused, a person sends once more.
    DeliveryStatus.FAILED: {DeliveryStatus.QUEUED},
    DeliveryStatus.UNKNOWN: {DeliveryStatus.QUEUED, DeliveryStatus.SENT, DeliveryStatus.FAILED},
    DeliveryStatus.SUPPRESSED: set(),
    DeliveryStatus.CANCELLED: set(),
    DeliveryStatus.CANNOT: set(),
    # Looked at and mended, or left as it is.
    DeliveryStatus.LOOK: {DeliveryStatus.QUEUED, DeliveryStatus.CANCELLED},
}

# Rows that still have a way to go: a mailing is finished when it has none of them.
OPEN_DELIVERY = frozenset(
    {DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED, DeliveryStatus.INFLIGHT, DeliveryStatus.DEFERRED}
)
FAILED_DELIVERY = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.CANNOT, DeliveryStatus.LOOK})


class TrialStatus(TextChoices):
    """What becomes of a test letter. After a dead worker nobody knows: it is simply asked for again."""

    QUEUED = "queued", _("waiting its turn")
    INFLIGHT = "inflight", _("on the wire")
    SENT = "sent", _("accepted by the mail server")
    FAILED = "failed", _("refused")


class Reason(TextChoices):
    """Why somebody whom the rule of an audience chose is left out."""

    RESTRICTED = "restricted", _("their organisation is banned by a court")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
    HARD_BOUNCE = "hard_bounce", _("the mailbox does not exist")
    ON_HOLD = "on_hold", _("letters keep coming back; tried again later")
    COMPLAINT = "complaint", _("marked our letter as spam")
    MANUAL = "manual", _("put on the stop list by staff")
    NO_MAILINGS = "no_mailings", _("asked for no mailings")
    NO_EMAIL = "no_email", _("asked for no e-mail")
    NO_NEWS = "no_news", _("asked for no statements and reviews")
    NO_INVITATIONS = "no_invitations", _("asked for no invitations")
    NO_GREETINGS = "no_greetings", _("asked for no greetings")
    NO_TOPIC = "no_topic", _("asked for nothing on this topic")
    NO_ADDRESS = "no_address", _("no e-mail address")
    NO_VERSION = "no_version", _("no text in their languages")
    NO_FIRST_VERSION = "no_first_version", _("no text in their first language")
    SAME_ADDRESS = "same_address", _("shares a mailbox with another recipient")
    NOT_SEGMENT = "not_segment", _("in a segment that is left out")
    GOT_BEFORE = "got_before", _("got an earlier mailing that is named")
    RECENT = "recent", _("was written to or called lately")
    GREETED = "greeted", _("has got the card of this occasion already")


# What a stop rule of each scope is called where it keeps somebody out of a mailing.
REFUSED = {
    Scope.EVERYTHING: Reason.NO_MAILINGS,
    Scope.BULK: Reason.NO_MAILINGS,
    Scope.CHANNEL: Reason.NO_EMAIL,
    Scope.NEWS: Reason.NO_NEWS,
    Scope.INVITATIONS: Reason.NO_INVITATIONS,
    Scope.GREETINGS: Reason.NO_GREETINGS,
    Scope.TOPIC: Reason.NO_TOPIC,
}
# Reasons that are a person's stop rule, lifted on their page.
WISHES = frozenset(REFUSED.values())
# Which scope stops mailings of one kind alone. The wider ones stop every kind.
STOPPED_BY: dict[str, set[str]] = {
    "statement": {Scope.NEWS},
    "press_release": {Scope.NEWS},
    "review": {Scope.NEWS},
    "invitation": {Scope.INVITATIONS},
    "greeting": {Scope.GREETINGS},
}


class Pace(TextChoices):
    """How the letters of a mailing are spread over time."""

    AT_ONCE = "at_once", _("All at once")
    HOURLY = "hourly", _("So many an hour")
    WAVES = "waves", _("In waves, one an hour")
    MORNING = "morning", _("In the morning where the reader is")


class Measures(TextChoices):
    """What of its readers a mailing measures."""

    NOTHING = "", _("Nothing is measured")
    CLICKS = "clicks", _("Clicks on links")
    ALL = "all", _("Clicks on links and opens")


class Missed(TextChoices):
    """Why a scheduled mailing did not start."""

    CHANGED = "changed", _("Text or audience are not what was approved.")
    STRANGERS = "strangers", _("Somebody has joined the audience since the approval.")
    NOBODY = "nobody", _("Nobody would have got it.")
    KEY = "key", _("BLIND_KEY is not the one addresses were kept with.")
    LOCKDOWN = "lockdown", _("Everything was locked down.")
    LATE = "late", _("No sender was running at that time, and it was too late afterwards.")


class Correction(TextChoices):
    """What a mailing is to the one it corrects."""

    ERRATUM = "erratum", _("Correction")
    WITHDRAWAL = "withdrawal", _("Withdrawal")


class WrongState(Exception):
    """The mailing is not in a state that allows this. The message is for the person who asked.

    `why` is for the start that nobody watches: its code stays with the mailing.
    """

    def __init__(self, words: str, why: str = ""):
        super().__init__(words)
        self.why = why


# Greeting cards


class OccasionKind(TextChoices):
    OFFICIAL = "official", _("Public holiday")
    PROFESSIONAL = "professional", _("Professional day")
    RIGHTS = "rights", _("Human-rights day")
    BIRTHDAY = "birthday", _("Birthdays")


class CardDesign(TextChoices):
    """The drawings of mailings.artwork."""

    LIGHTS = "lights", _("Thirty lights")
    SPRING = "spring", _("Sunrise and sprouts")
    WINTER = "winter", _("Winter tree")
    PAGE = "page", _("A voice on paper")


class Thing(TextChoices):
    """What is handed over."""

    CARD = "card", _("Printed card")
    CALENDAR = "calendar", _("Wall calendar")
    BOOK = "book", _("Book")
    OTHER = "other", pgettext_lazy("thing", "Something else")


# Letters that never left.
NOT_LEFT = frozenset(
    {
        DeliveryStatus.FAILED,
        DeliveryStatus.SUPPRESSED,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.CANNOT,
        DeliveryStatus.LOOK,
    }
)


# What comes in


class IncomingKind(TextChoices):
    """What a letter in the group's mailbox is."""

    REPLY = "reply", pgettext_lazy("incoming", "Answer")
    AUTO_REPLY = "auto_reply", pgettext_lazy("incoming", "Automatic answer")
    BOUNCE = "bounce", pgettext_lazy("incoming", "Did not arrive")
    DELAY = "delay", pgettext_lazy("incoming", "Still being tried")
    DELIVERED = "delivered", pgettext_lazy("incoming", "Arrived")
    ABUSE = "abuse", pgettext_lazy("incoming", "Complaint of spam")
    NOT_SPAM = "not_spam", pgettext_lazy("incoming", "Not spam after all")
    DMARC = "dmarc", pgettext_lazy("incoming", "Report on our domain")
    UNSUBSCRIBE = "unsubscribe", pgettext_lazy("incoming", "Unsubscribes")
    CALENDAR = "calendar", pgettext_lazy("incoming", "Answer from a calendar")
    FORGED = "forged", pgettext_lazy("incoming", "Forged")
    POISON = "poison", pgettext_lazy("incoming", "Cannot be read")

    @classmethod
    def of_letters(cls) -> list[str]:
        """What is about a letter of ours, and means nothing as long as nobody knows about which."""
        return [cls.REPLY, cls.BOUNCE, cls.DELAY, cls.ABUSE, cls.UNSUBSCRIBE, cls.CALENDAR]


class Matched(TextChoices):
    """By what a letter of ours was recognised, the surest first."""

    ADDRESS = "address", _("the address it came to")
    HEADER = "header", _("our header in the letter sent back")
    NUMBER = "number", _("the number of our letter")
    # Nobody proved it: nothing but showing it follows.
    SENDER = "sender", _("the sender's address alone")


class Proposal(TextChoices):
    """What an automatic answer says beside that nobody reads now."""

    LEFT = "left", _("works there no more")
    AWAY = "away", _("is away for a while")
