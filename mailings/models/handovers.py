"""Things that were given into somebody's hand: printed cards, wall calendars, books."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Contact
from crm.models.sealable import SealableText

from ..states import Thing
from .cards import Occasion


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(contact__in=Contact.objects.visible_to(user).order_by().values("pk"))


class Handover(SealableText):
    """What was handed to whom, when and by whom. The note in `text` is kept as the contact is."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="handovers")
    thing = models.CharField(_("what"), max_length=10, choices=Thing, default=Thing.CARD)
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, verbose_name=_("occasion"), null=True, blank=True, related_name="handovers"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    on = models.DateField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who handed it over"), related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing handed over")
        verbose_name_plural = _("things handed over")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(thing__in=Thing.values), name="mailings_handover_thing"),
            models.CheckConstraint(condition=Q(count__range=(1, 500)), name="mailings_handover_count"),
            models.CheckConstraint(condition=Q(text="") | Q(sealed_text=""), name="mailings_handover_plain_or_sealed"),
            # A card is one of an occasion; what else is given need not be.
            models.CheckConstraint(
                condition=~Q(thing="card") | Q(occasion__isnull=False), name="mailings_handed_card_has_an_occasion"
            ),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="mailings_handover_order")]

    def __str__(self):
        return self.get_thing_display()
