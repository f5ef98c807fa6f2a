import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.text import fold

from .models import Delivery, Mailing
from .states import FAILED_DELIVERY, OPEN_DELIVERY, DeliveryStatus, MailingStatus


class MailingFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=MailingStatus, empty_label=_("All"))

    class Meta:
        model = Mailing
        fields = ["status"]


class DeliveryFilter(filters.FilterSet):
    """`state` is a figure of the report: what a person counts, not what a row is called."""

    GROUPS = {
        "sent": [DeliveryStatus.SENT],
        "failed": sorted(FAILED_DELIVERY),
        "waiting": sorted(OPEN_DELIVERY),
        "other": [DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED],
    }

    q = filters.CharFilter(method="search", label=_("Name or e-mail"))
    state = filters.ChoiceFilter(
        method="by_state",
        empty_label=_("All"),
        choices=[
            ("sent", _("Delivered")),
            ("failed", _("Did not arrive")),
            ("waiting", _("On the way")),
            ("other", _("Stopped")),
            ("unsubscribed", _("Unsubscribed")),
        ],
    )
    language = filters.ChoiceFilter(choices=[("ru", _("Russian")), ("tg", _("Tajik")), ("en", _("English"))])
    bounce = filters.CharFilter(field_name="bounce_class")
    domain = filters.CharFilter(method="by_domain")

    class Meta:
        model = Delivery
        fields = ["q", "state", "language", "bounce", "domain"]

    def by_state(self, queryset, name, value):
        if value == "unsubscribed":
            return queryset.filter(unsubscribed_at__isnull=False)
        return queryset.filter(status__in=self.GROUPS[value])

    def by_domain(self, queryset, name, value):
        return queryset.filter(address_key__endswith=f"@{value.casefold()}")

    def search(self, queryset, name, value):
        for word in fold(value).split():
            queryset = queryset.filter(contact__search_text__contains=word)
        return queryset
