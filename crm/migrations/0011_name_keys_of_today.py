"""Contacts that are there already get the keys of their names."""

from django.db import migrations

from crm.models.name_key import name_key


def fill(apps, schema_editor):
    contacts = apps.get_model("crm", "Contact").objects
    keys = list(contacts.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        rows = list(contacts.filter(pk__in=keys[start : start + 500]).only("pk", "name"))
        for row in rows:
            row.name_key = name_key(row.name)
        contacts.bulk_update(rows, ["name_key"])


class Migration(migrations.Migration):

    dependencies = [("crm", "0010_name_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
