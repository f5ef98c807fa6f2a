"""What mailings do when something happens in a room below."""

from django.dispatch import receiver
from django.urls import reverse

from accounts.roles import Right
from accounts.signals import locked_down
from core.addresses import codes_alone
from core.sealing import seal
from crm.actions.sealing import sealed
from crm.actions.segments import Use, rule_changed

from . import actions
from .models import Delivery, Exclusion, Mailing
from .states import MailingStatus


@receiver(locked_down)
def stop_everything(sender, **kwargs):
    Mailing.objects.pause_for_lockdown()


@receiver(sealed)
def forget_the_address(sender, contact, **kwargs):
    """A contact was sealed: its rows, and the servers' answers, name its address no more."""
    for delivery in Delivery.objects.filter(contact=contact).exclude(address=""):
        delivery.sealed, delivery.address, delivery.domain = seal(delivery.address), "", ""
        delivery.reply = codes_alone(delivery.reply)
        delivery.save(update_fields=["sealed", "address", "domain", "reply"])
    Exclusion.objects.filter(contact=contact).exclude(address="").update(address="")


@receiver(rule_changed)
def ask_for_approval_again(sender, segments, by, **kwargs):
    actions.reopen_for_segments(segments, by=by)


def that_use(segments: set[int]) -> list[Use]:
    """Mailings to these segments. Until one is over, it needs them."""
    over = {MailingStatus.FINISHED, MailingStatus.CANCELLED}
    return [
        Use(int(key), mailing.title, reverse("mailings:mailing-detail", args=[mailing.pk]), holds, Right.MAILINGS_VIEW)
        for mailing in Mailing.objects.all().naming(segments)
        for holds in [mailing.status not in over]
        for key in sorted(mailing.named_segments & set(map(str, segments)))
    ]
