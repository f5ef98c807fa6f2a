"""Addresses and telephones are compared by blind indices from now on; backwards everything sealed is opened again."""

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
    email, phone, stop = (apps.get_model("crm", name) for name in ("EmailAddress", "Phone", "Suppression"))
    for rows in in_batches(email.objects.all()):
        for row in rows:
            row.key = blind(row.address)
        email.objects.bulk_update(rows, ["key"])
    for rows in in_batches(phone.objects.all()):
        for row in rows:
            row.key = blind(row.number)
        phone.objects.bulk_update(rows, ["key"])
    for rows in in_batches(stop.objects.all()):
        for row in rows:
            row.address, row.key = row.key, blind(row.key)
        stop.objects.bulk_update(rows, ["address", "key"])


def make_readable(apps, schema_editor):
    contact, email, phone, stop = (
        apps.get_model("crm", name) for name in ("Contact", "EmailAddress", "Phone", "Suppression")
    )
    for rows in in_batches(contact.objects.exclude(sealed_note="")):
        for row in rows:
            row.note = unseal(row.sealed_note)
        contact.objects.bulk_update(rows, ["note"])
    known = {}
    for rows in in_batches(email.objects.all()):
        for row in rows:
            row.address = unseal(row.sealed) if row.sealed else row.address
            index, row.key = row.key, addresses.key(row.address)
            known[index] = row.key
        email.objects.bulk_update(rows, ["address", "key"])
    for rows in in_batches(phone.objects.exclude(sealed="")):
        for row in rows:
            row.number = unseal(row.sealed)
        phone.objects.bulk_update(rows, ["number"])
    # The address of a contact that is no more cannot be had from its index: that entry stays as it is, and stops nobody.
    for rows in in_batches(stop.objects.all()):
        for row in rows:
            row.key = addresses.key(row.address) or known.get(row.key, row.key)
        stop.objects.bulk_update(rows, ["key"])


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0002_sealed_contacts"),
    ]

    operations = [migrations.RunPython(make_blind, make_readable)]
