"""What a person does not want from us. The stop list of addresses is another one: see suppression."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right

from ..states import Channel, Scope
from .contact import Contact
from .labels import Topic
from .sealable import SealableText, never_both


class StopRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules of visible contacts. Of one that is gone nobody knows how carefully it was kept: not for viewers."""
        seen = Q(contact__in=Contact.objects.visible_to(user).order_by().values("pk"))
        if user.may(Right.CONTACTS_INTERNAL):
            seen |= Q(contact=None)
        return self.filter(seen)

    def in_force(self, on=None):
        """Rules that hold on a day, today unless another is given."""
        on = on or timezone.localdate()
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), lifted_at=None)

    def like(self, scope: str, topic: Topic | None, channel: str):
        """Rules about the same thing, however long they last."""
        return self.filter(scope=scope, topic=topic, channel=channel)

    def that_last_until(self, day: date | None):
        """Rules that end no sooner; None is for ever."""
        return self.filter(until_on=None) if day is None else self.filter(Q(until_on=None) | Q(until_on__gte=day))

    def remembered(self):
        """What is in force of whoever is a contact no more."""
        return self.in_force().filter(contact=None)

    def own(self):
        """What the person chose themselves, on the page behind a letter's link."""
        return self.filter(by_person=True)

    def channels(self) -> set[str]:
        """The ways of reaching that these rules close; who wants nothing at all is reached in no way."""
        scopes = set(self.filter(scope__in=[Scope.EVERYTHING, Scope.CHANNEL]).values_list("scope", "channel"))
        if any(scope == Scope.EVERYTHING for scope, _channel in scopes):
            return set(Channel.values)
        return {channel for _scope, channel in scopes}


class StopRule(SealableText):
    """Something a person does not want, with the reason in `text`. Anybody who edits adds one, only a manager lifts.

    It survives its contact: then `contact` is empty, and `keys` find whoever comes with one of the addresses again.
    """

    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="stop_rules")
    scope = models.CharField(_("what not"), max_length=12, choices=Scope)
    topic = models.ForeignKey(Topic, models.PROTECT, verbose_name=_("topic"), null=True, blank=True, related_name="+")
    channel = models.CharField(_("way of reaching"), max_length=10, choices=Channel, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Chosen on the page behind a letter's link: then the person alone takes it back there.
    by_person = models.BooleanField(_("the person said so"), default=False)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = StopRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop rule")
        verbose_name_plural = _("stop rules")
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="crm_stop_scope"),
            models.CheckConstraint(
                condition=Q(scope=Scope.TOPIC, topic__isnull=False) | ~Q(scope=Scope.TOPIC) & Q(topic=None),
                name="crm_stop_topic",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.CHANNEL, channel__in=Channel.values) | ~Q(scope=Scope.CHANNEL) & Q(channel=""),
                name="crm_stop_channel",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False),
                name="crm_stop_lifted_has_a_time",
            ),
            never_both("stop_reason"),
        ]

    def __str__(self):
        return self.get_scope_display()

    @property
    def words(self) -> str:
        """What is not wanted, in the one way in which every page says it."""
        if self.scope == Scope.TOPIC:
            return _t("Nothing about “%(topic)s”") % {"topic": self.topic}
        if self.scope == Scope.CHANNEL:
            return _t("Not by this way: %(channel)s") % {"channel": self.get_channel_display()}
        return _t("Nothing at all") if self.scope == Scope.EVERYTHING else self.get_scope_display()


class StopRuleKey(models.Model):
    """The blind index of an address or telephone of whoever a stop rule is about, kept when the contact is not."""

    rule = models.ForeignKey(StopRule, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("key of a stop rule")
        verbose_name_plural = _("keys of stop rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "key"], name="crm_stop_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="crm_stop_key_is_there"),
        ]

    def __str__(self):
        return f"{self.rule_id}"
