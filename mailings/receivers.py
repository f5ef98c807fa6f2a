"""What mailings do when something happens in a room below."""

from django.dispatch import receiver

from accounts.signals import locked_down
from core.addresses import codes_alone
from core.sealing import seal
from crm.actions.sealing import sealed

from .models import Delivery, Exclusion, Mailing


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
