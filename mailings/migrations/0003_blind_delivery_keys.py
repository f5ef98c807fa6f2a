"""Deliveries are compared by blind indices from now on; backwards every sealed address is opened again."""

import hashlib

from django.db import migrations

from core import addresses
from core.sealing import blind, unseal

BATCH = 1000


def in_batches(queryset):
    last = 0
    while rows := list(queryset.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def make_blind(apps, schema_editor):
    delivery = apps.get_model("mailings", "Delivery")
    for rows in in_batches(delivery.objects.all()):
        for row in rows:
            row.address_key = blind(row.address)
            row.domain = row.address.rpartition("@")[2].casefold()
        delivery.objects.bulk_update(rows, ["address_key", "domain"])
    exchange_marks(apps, addresses.key, blind)


def make_readable(apps, schema_editor):
    delivery, exclusion, mailing = (apps.get_model("mailings", name) for name in ("Delivery", "Exclusion", "Mailing"))
    for rows in in_batches(delivery.objects.all()):
        for row in rows:
            row.address = unseal(row.sealed) if row.sealed else row.address
            row.address_key = addresses.key(row.address)
        delivery.objects.bulk_update(rows, ["address", "address_key"])
    # What the older tables have no word for.
    exclusion.objects.filter(reason="restricted").update(reason="manual")
    mailing.objects.filter(pause_kind="key").update(pause_kind="letter")
    exchange_marks(apps, blind, addresses.key)


def exchange_marks(apps, before, after):
    """Let approvals that wait for their start stand: each mark of a recipient becomes the mark of the same recipient."""
    waiting = apps.get_model("mailings", "Mailing").objects.filter(status="approved")
    if not waiting:
        return
    known = {}
    for email in apps.get_model("crm", "EmailAddress").objects.iterator():
        address = unseal(email.sealed) if email.sealed else email.address
        for language in ("ru", "tg", "en"):
            known[mark(before(address), language)] = mark(after(address), language)
    for mailing in waiting:
        mailing.approved_recipients = sorted(known.get(one, one) for one in mailing.approved_recipients)
        mailing.save(update_fields=["approved_recipients"])


def mark(key, language):
    return hashlib.sha256(f"{key} {language}".encode()).hexdigest()[:16]


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0002_sealed_deliveries"),
    ]

    operations = [migrations.RunPython(make_blind, make_readable)]
