"""What mailings do when a contact is sealed: its rows, and the servers' answers, name its address no more."""

from core.addresses import codes_alone
from core.sealing import seal
from crm.actions.sealing import sealed

from .models import Delivery, Exclusion


def connect() -> None:
    sealed.connect(seal_rows, dispatch_uid="mailings.seal_rows")


def seal_rows(sender, contact, **_rest) -> None:
    readable = Delivery.objects.filter(contact=contact).exclude(address="")
    for delivery in readable:
        delivery.sealed, delivery.address, delivery.domain = seal(delivery.address), "", ""
        delivery.reply = codes_alone(delivery.reply)
        delivery.save(update_fields=["sealed", "address", "domain", "reply"])
    Exclusion.objects.filter(contact=contact).exclude(address="").update(address="")
