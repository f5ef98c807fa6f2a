"""From here on the database itself refuses to change an entry, or to delete one before its day."""

from django.db import migrations

from audit import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_every_entry_is_whole")]

    operations = [migrations.RunPython(install, remove)]
