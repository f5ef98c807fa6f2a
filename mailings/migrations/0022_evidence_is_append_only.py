"""From here on the database itself refuses to change or to delete a row of evidence."""

from django.db import migrations

from audit import append_only

TABLE = "mailings_evidence"
SAME = [["id"], ["mailing_id", "number"], ["mailing_id", "delivery"]]


def install(apps, schema_editor):
    append_only.install(TABLE, SAME, schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(TABLE, schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("mailings", "0021_find_letters_by_address")]

    operations = [migrations.RunPython(install, remove)]
