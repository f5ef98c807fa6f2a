"""What mailings do when everything is locked down, and when a contact is sealed: its rows name its address no more."""

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
def seal_rows(sender, contact, **kwargs):
    readable = Delivery.objects.filter(contact=contact).exclude(address="")
    for delivery in readable:
        delivery.sealed, delivery.address, delivery.domain = seal(delivery.address), "", ""
        delivery.reply = codes_alone(delivery.reply)
        delivery.save(update_fields=["sealed", "address", "domain", "reply"])
    Exclusion.objects.filter(contact=contact).exclude(address="").update(address="")
