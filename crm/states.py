"""Words of the room: the closed lists that its rows choose from."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sensitivity(TextChoices):
    """From the least to the most careful."""

    OPEN = "open", pgettext_lazy("contact", "Open")
    INTERNAL = "internal", pgettext_lazy("contact", "Internal")
    SEALED = "sealed", pgettext_lazy("contact", "Sealed")


class Region(TextChoices):
    DUSHANBE = "dushanbe", _("Dushanbe")
    DISTRICTS = "districts", _("Districts of republican subordination")
    SUGHD = "sughd", _("Sughd")
    KHATLON = "khatlon", _("Khatlon")
    BADAKHSHAN = "badakhshan", _("Mountainous Badakhshan")
    ABROAD = "abroad", _("Abroad")


class Gender(TextChoices):
    """For the form of address alone."""

    FEMALE = "f", _("woman")
    MALE = "m", _("man")


class Messenger(TextChoices):
    TELEGRAM = "telegram", "Telegram"
    WHATSAPP = "whatsapp", "WhatsApp"
    VIBER = "viber", "Viber"
    IMO = "imo", "IMO"


class Channel(TextChoices):
    """A way in which somebody is reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    TELEGRAM = "telegram", "Telegram"
    WHATSAPP = "whatsapp", "WhatsApp"
    VIBER = "viber", "Viber"
    IMO = "imo", "IMO"


class OrganisationKind(TextChoices):
    AGENCY = "agency", _("News agency")
    NEWSPAPER = "newspaper", _("Newspaper")
    MAGAZINE = "magazine", _("Magazine")
    TV = "tv", _("Television")
    RADIO = "radio", _("Radio")
    ONLINE = "online", _("Online outlet")
    REGIONAL = "regional", _("Regional outlet")
    BUREAU = "bureau", _("Bureau of a foreign outlet")
    EXILE = "exile", _("Outlet in exile")
    ASSOCIATION = "association", _("Association of journalists")
    STATE_BODY = "state_body", _("State body")
    MEMBER = "member", _("Member of the coalition")
    PUBLIC = "public", _("Public organisation")
    INTERNATIONAL = "international", _("International organisation")
    DONOR = "donor", _("Donor")
    VENUE = "venue", _("Venue")


OUTLETS = frozenset(
    {
        OrganisationKind.AGENCY,
        OrganisationKind.NEWSPAPER,
        OrganisationKind.MAGAZINE,
        OrganisationKind.TV,
        OrganisationKind.RADIO,
        OrganisationKind.ONLINE,
        OrganisationKind.REGIONAL,
        OrganisationKind.BUREAU,
        OrganisationKind.EXILE,
        OrganisationKind.ASSOCIATION,
    }
)


class Ownership(TextChoices):
    STATE = "state", pgettext_lazy("owner", "State")
    PRIVATE = "private", pgettext_lazy("owner", "Private")
    PUBLIC = "public", pgettext_lazy("owner", "Public organisation")
    FOREIGN = "foreign", pgettext_lazy("owner", "Foreign")


class Frequency(TextChoices):
    CONTINUOUS = "continuous", _("all day long")
    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    RARER = "rarer", _("less often than monthly")


class Weekday(IntegerChoices):
    """As ISO 8601 counts."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


# What is published in Tajikistan and about it; the first three are ours, too.
PRESS_LANGUAGES = [
    ("tg", _("Tajik")),
    ("ru", _("Russian")),
    ("en", _("English")),
    ("uz", _("Uzbek")),
    ("fa", _("Persian")),
    ("ky", _("Kyrgyz")),
    ("ar", _("Arabic")),
]


class OrganisationStatus(TextChoices):
    ACTIVE = "active", pgettext_lazy("organisation", "Active")
    MERGED = "merged", pgettext_lazy("organisation", "Merged into another")
    CLOSED = "closed", pgettext_lazy("organisation", "Closed")


class Scope(TextChoices):
    """What a person does not want from us."""

    EVERYTHING = "everything", _("Everything")
    BULK = "bulk", _("Mailings to many; letters to one person may go")
    NEWS = "news", _("Statements and reviews")
    GREETINGS = "greetings", _("Greetings")
    INVITATIONS = "invitations", _("Invitations")
    TOPIC = "topic", _("A topic")
    CHANNEL = "channel", _("A way of reaching")


class TouchKind(TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")
    MESSENGER = "messenger", _("Message")
    MOVE = "move", _("Change of post")


class Unreadable(TextChoices):
    """What was typed, or imported, and cannot be read."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    BIRTHDAY = "birthday", _("Birthday")
    BASIS_ON = "basis_on", _("Date of the basis")


class BulkAction(TextChoices):
    """What is done to many contacts at once."""

    TAG = "tag", _("Add a tag")
    UNTAG = "untag", _("Remove a tag")
    TOPIC = "topic", _("Add a topic")
    LIST = "list", _("Add to a list")
    REGION = "region", _("Set the region")
    OWNER = "owner", _("Say who keeps in touch")
    STOP = "stop", _("Add a stop rule")
    ARCHIVE = "archive", _("Put away")
    RESTORE = "restore", _("Bring back")
