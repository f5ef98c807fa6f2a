"""The table of the shared cache, where guesses at a password are counted when there is no Redis."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", "payom_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_devices_letters_and_lockdown")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
