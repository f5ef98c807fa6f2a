"""What mailings do when something happens in a room below."""

from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from accounts.signals import locked_down
from core.addresses import codes_alone
from core.sealing import seal
from crm import dossier
from crm.actions import erasure
from crm.actions.sealing import sealed
from crm.actions.segments import Use, rule_changed
from crm.models import Contact, EmailAddress

from . import actions
from .actions.incoming import seal_letters
from .models import Delivery, Exclusion, Handover, Incoming, Mailing, Occasion, OwnDataRequest
from .pipeline import visits
from .states import DeliveryStatus, MailingStatus


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
    visits.erase(Delivery.objects.filter(contact=contact))
    Exclusion.objects.filter(contact=contact).exclude(address="").update(address="")
    for handover in Handover.objects.filter(contact=contact).exclude(text=""):
        handover.contact = contact
        handover.keep(handover.text)
        handover.save(update_fields=["text", "sealed_text"])
    seal_letters(contact, list(contact.emails.values_list("key", flat=True)))


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
    ] + [
        Use(
            one.segment_id,
            str(one),
            reverse("mailings:occasion-list"),
            one.is_active,
            Right.MAILINGS_VIEW,
        )
        for one in Occasion.objects.naming(segments)
    ]


def count_rows(contact: Contact) -> int:
    return Delivery.objects.filter(contact=contact).count() + Exclusion.objects.filter(contact=contact).count()


def forget_the_person(contact: Contact) -> None:
    """Rows of an erased person stay and count, and name nobody. The key stays: with it a letter's own link still works.

    Raises Refused while a letter is on its way or waits for somebody to say whether it left.
    """
    deliveries = Delivery.objects.select_for_update().filter(contact=contact)
    if deliveries.filter(status__in=[DeliveryStatus.CLAIMED, DeliveryStatus.INFLIGHT]).exists():
        raise erasure.Refused(_t("A letter to this person is just leaving. Nothing was erased. Try again in a minute."))
    if deliveries.filter(status=DeliveryStatus.UNKNOWN).exists():
        raise erasure.Refused(
            _t("It is not known whether a letter to this person left. Nothing was erased. Decide that first.")
        )
    OwnDataRequest.objects.filter(delivery__in=deliveries).delete()
    deliveries.claimable().update(status=DeliveryStatus.SUPPRESSED, next_try_at=None)
    deliveries.filter(status=DeliveryStatus.LOOK).update(status=DeliveryStatus.CANCELLED)
    visits.erase(deliveries)
    deliveries.update(contact=None, name="", address="", sealed="", domain="", merge_data={}, reply="")
    _forget_the_holder(contact)
    Exclusion.objects.filter(contact=contact).update(contact=None, name="", address="")
    _forget_what_came(contact)


def _forget_what_came(contact: Contact) -> None:
    """Their letters go with them, files and all; so do those of nobody that came from one of their addresses."""
    keys = EmailAddress.objects.filter(contact=contact).order_by().values("key")
    for incoming in Incoming.objects.filter(Q(contact=contact) | Q(contact=None, sender_key__in=keys)):
        incoming.drop_file()
        incoming.delete()


def _forget_the_holder(contact: Contact) -> None:
    """A letter to a post stays one; who held it, and how it spoke to them, goes. Of several holders the names do."""
    held = Delivery.objects.filter(Q(holder=contact) | Q(holder_name__contains=contact.name))
    held.update(holder=None, holder_name="", merge_data={})


erasure.register(erasure.Holder(_("Rows of mailings"), count_rows, forget_the_person))


@dossier.register
def letters(contact: Contact) -> dossier.Section:
    """Which letters went to a person, when, and what became of them."""
    rows = Delivery.objects.filter(contact=contact).select_related("mailing").order_by("-pk")
    facts = [
        (
            row.mailing.title,
            " · ".join(filter(None, [dossier.day(row.sent_at), row.reveal(), row.get_status_display()])),
        )
        for row in rows
    ]
    return dossier.Section(_t("Letters"), facts)


@dossier.register
def things(contact: Contact) -> dossier.Section:
    """What was handed to a person, and the notes on it."""
    rows = Handover.objects.filter(contact=contact).select_related("occasion")
    facts = [
        (
            row.get_thing_display(),
            " · ".join(filter(None, [dossier.day(row.on), str(row.occasion or ""), str(row.year), row.reveal()])),
        )
        for row in rows
    ]
    return dossier.Section(_t("Handed over"), facts)


@dossier.register
def what_came(contact: Contact) -> dossier.Section:
    """What a person wrote to us, in answer to letters."""
    rows = Incoming.objects.filter(contact=contact)
    return dossier.Section(_t("Came in"), [(f"{dossier.day(row.came_at)}, {row}", row.reveal()) for row in rows])
