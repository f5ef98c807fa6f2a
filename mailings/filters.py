import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Right
from core.sealing import blind
from core.text import search_words
from crm.models import Contact, Position
from crm.states import OrganisationKind, Region

from .measuring.policy import Measured
from .measuring.providers import LABELS as PROVIDERS
from .measuring.providers import provider_of
from .models import Delivery, Event, Handover, Incoming, Mailing, Occasion
from .pipeline.bounces import BounceClass
from .pipeline.breakdown import NOT_KNOWN
from .pipeline.counted import measured
from .states import FAILED_DELIVERY, OPEN_DELIVERY, DeliveryStatus, IncomingKind, MailingStatus, Thing

BOUNCES = {
    BounceClass.HARD: _("The mailbox does not exist"),
    BounceClass.FULL: _("The mailbox is full"),
    BounceClass.BLOCK: _("The server refuses our letters"),
    BounceClass.SOFT: _("The server asks to wait"),
    BounceClass.UNKNOWN: _("Refused"),
}


def _with_words(queryset, column, value):
    """Rows with each of these words in a column, in any letters."""
    for word in search_words(value):
        queryset = queryset.filter(**{f"{column}__contains": word})
    return queryset


class MailingFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=MailingStatus, empty_label=_("All"))

    class Meta:
        model = Mailing
        fields = ["status"]


# What a person narrows the recipients of a mailing by; the others come with the link of a figure.
CHOOSABLE = ("language", "kind", "outlet", "region", "provider", "bounce")


class DeliveryFilter(filters.FilterSet):
    """`state` is a figure of the report: what a person counts, not what a row is called."""

    GROUPS = {
        "sent": [DeliveryStatus.SENT],
        "failed": sorted(FAILED_DELIVERY),
        "waiting": sorted(OPEN_DELIVERY),
        "other": [DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED],
    }
    STATES = {
        "unsubscribed": Q(unsubscribed_at__isnull=False),
        "complained": Q(complained_at__isnull=False),
        "bounced": Q(bounced_at__isnull=False),
        "refused": Q(status=DeliveryStatus.FAILED),
        "unknown": Q(status=DeliveryStatus.UNKNOWN),
        "opened": Q(status=DeliveryStatus.SENT, opened_at__isnull=False),
        "clicked": Q(status=DeliveryStatus.SENT, clicked_at__isnull=False),
        "unopened": Q(status=DeliveryStatus.SENT, measured_as=Measured.PERSON, opened_at__isnull=True),
    }

    q = filters.CharFilter(method="search", label=_("Name or e-mail"))
    state = filters.ChoiceFilter(
        method="by_state",
        empty_label=_("All"),
        label=_("State"),
        choices=[
            ("sent", _("Delivered")),
            ("failed", _("Did not arrive")),
            ("refused", _("Refused")),
            ("unknown", _("Not known whether it arrived")),
            ("bounced", _("Came back")),
            ("waiting", _("On the way")),
            ("other", _("Stopped")),
            ("unsubscribed", _("Unsubscribed")),
            ("complained", _("Called it spam")),
            ("measured", _("Measured")),
            ("opened", _("Opened")),
            ("clicked", _("Followed a link")),
            ("unopened", _("Did not open")),
        ],
    )
    language = filters.ChoiceFilter(empty_label=_("All"), label=_("Language"), choices=settings.LANGUAGES)
    bounce = filters.ChoiceFilter(
        empty_label=_("All"),
        field_name="bounce_class",
        label=_("Reason"),
        choices=[(name.value, label) for name, label in BOUNCES.items()],
    )
    edition = filters.NumberFilter(label=_("Text"), min_value=1, max_value=32_767)
    kind = filters.ChoiceFilter(empty_label=_("All"), label=_("Who"), choices=Contact.Kind)
    region = filters.ChoiceFilter(
        empty_label=_("All"),
        method="by_region",
        label=_("Region"),
        choices=[*Region.choices, (NOT_KNOWN, _("Not known"))],
    )
    outlet = filters.ChoiceFilter(
        empty_label=_("All"),
        method="by_outlet",
        label=_("Kind of outlet"),
        choices=[*OrganisationKind.choices, (NOT_KNOWN, _("Not known"))],
    )
    provider = filters.ChoiceFilter(
        empty_label=_("All"),
        method="by_provider",
        label=_("Service"),
        choices=[pair for pair in PROVIDERS.items() if pair[0]],
    )
    # One service, as the page of what was refused by the dozen names it; of sealed addresses it is not kept.
    domain = filters.CharFilter(label=_("Service"), max_length=255)
    link = filters.NumberFilter(method="by_link", label=_("Link"), min_value=1, max_value=2**63 - 1)

    class Meta:
        model = Delivery
        fields = ["q", "state", "language", "bounce", "kind", "region", "outlet", "provider", "domain", "link"]

    def by_state(self, queryset, name, value):
        if value == "measured":
            # Of the whole mailing, whatever else is asked: how large a group is tells whether it is measured.
            return queryset.filter(measured(self.queryset))
        return queryset.filter(self.STATES[value] if value in self.STATES else Q(status__in=self.GROUPS[value]))

    def by_outlet(self, queryset, name, value):
        """By where the person works today, as the report splits it: by the first of their places."""
        current = Position.objects.current().filter(contact=OuterRef("contact")).order_by("pk")
        kind = Coalesce(Subquery(current.values("organisation__kind")[:1]), Value(""))
        return queryset.annotate(outlet=kind).filter(outlet="" if value == NOT_KNOWN else value)

    def by_region(self, queryset, name, value):
        region = Coalesce(F("contact__region"), Value(""))
        return queryset.annotate(region=region).filter(region="" if value == NOT_KNOWN else value)

    def by_provider(self, queryset, name, value):
        domains = queryset.exclude(domain="").order_by().values_list("domain", flat=True).distinct()
        return queryset.filter(domain__in=[domain for domain in domains if provider_of(domain) == value])

    def by_link(self, queryset, name, value):
        followed = Event.objects.filter(link=value, is_person=True, delivery__isnull=False).order_by()
        return queryset.filter(pk__in=followed.values("delivery"))

    def search(self, queryset, name, value):
        """By what the contact is called now, or by what stood on the letter when it left.

        A sealed address is found only whole, and only for who may see it anyway: a guess that is answered is a look.
        """
        found = Q(contact__isnull=False)
        for word in search_words(value):
            found &= Q(contact__search_text__contains=word)
        found |= Q(name__contains=value) | Q(address__icontains=value)
        if self.request.user.may(Right.CONTACTS_SEALED):
            found |= Q(address_key=blind(value))
        return queryset.filter(found)


class EngagementFilter(filters.FilterSet):
    """Whom the table of who reads and answers shows, and in which order."""

    q = filters.CharFilter(method="by_words", label=_("Name or organisation"))
    kind = filters.ChoiceFilter(empty_label=_("All"), label=_("Who"), choices=Contact.Kind)
    outlet = filters.ChoiceFilter(
        empty_label=_("All"), method="by_outlet", label=_("Kind of outlet"), choices=OrganisationKind
    )
    order = filters.ChoiceFilter(
        method="in_order",
        label=_("Order"),
        empty_label=None,
        null_label=None,
        choices=[
            ("active", _("who reads most comes first")),
            ("quiet", _("who reads least comes first")),
            ("letters", _("who gets most letters comes first")),
        ],
    )

    class Meta:
        model = Contact
        fields = ["q", "kind", "outlet", "order"]

    def by_words(self, queryset, name, value):
        return _with_words(queryset, "search_text", value)

    def by_outlet(self, queryset, name, value):
        places = Position.objects.current().filter(organisation__kind=value).order_by()
        return queryset.filter(pk__in=places.values("contact"))

    def in_order(self, queryset, name, value):
        """The counts are sorted, not the contacts."""
        return queryset


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_contact", label=_("Name or organisation"))
    thing = filters.MultipleChoiceFilter(label=_("What"), choices=Thing, widget=forms.CheckboxSelectMultiple)
    occasion = filters.ModelChoiceFilter(label=_("Occasion"), queryset=Occasion.objects.all(), empty_label=_("All"))
    year = filters.NumberFilter(label=_("Year"))

    class Meta:
        model = Handover
        fields = ["q", "thing", "occasion", "year"]

    def by_contact(self, queryset, name, value):
        return _with_words(queryset, "contact__search_text", value)


# What a person looks for, and which kinds of letters that is.
INCOMING_TABS = {
    "waiting": (pgettext_lazy("incoming", "Nobody has recognised"), []),
    "answers": (pgettext_lazy("incoming", "Answers"), [IncomingKind.REPLY, IncomingKind.CALENDAR]),
    "robots": (pgettext_lazy("incoming", "Automatic answers"), [IncomingKind.AUTO_REPLY]),
    "failed": (pgettext_lazy("incoming", "Did not arrive"), [IncomingKind.BOUNCE, IncomingKind.DELAY]),
    "stopped": (
        pgettext_lazy("incoming", "Complaints and unsubscribing"),
        [IncomingKind.ABUSE, IncomingKind.UNSUBSCRIBE, IncomingKind.NOT_SPAM],
    ),
    "others": (
        pgettext_lazy("incoming", "Others"),
        [IncomingKind.DELIVERED, IncomingKind.DMARC, IncomingKind.FORGED, IncomingKind.POISON],
    ),
}


class IncomingFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, sender or subject"))
    show = filters.ChoiceFilter(
        method="by_tab", label=_("Kind"), choices=[(name, label) for name, (label, _kinds) in INCOMING_TABS.items()]
    )
    mailing = filters.ModelChoiceFilter(
        field_name="delivery__mailing", label=_("Mailing"), queryset=Mailing.objects.all()
    )

    class Meta:
        model = Incoming
        fields = ["q", "show", "mailing"]

    def by_tab(self, queryset, name, value):
        if value == "waiting":
            return queryset.unrecognised()
        return queryset.filter(kind__in=INCOMING_TABS[value][1])

    def search(self, queryset, name, value):
        """A sealed contact's letter is found by the name of the contact alone."""
        of_contact, of_letter = Q(contact__isnull=False), Q()
        for word in search_words(value):
            of_contact &= Q(contact__search_text__contains=word)
            of_letter &= Q(search_text__contains=word)
        return queryset.filter(of_contact | of_letter)
