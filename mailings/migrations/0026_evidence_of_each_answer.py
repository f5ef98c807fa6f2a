"""A letter may have several answers: one that was taken and came back, or was sent again. The way back needs a ledger
in which each letter has one.
"""

from django.db import migrations, models

from audit import append_only

TABLE = "mailings_evidence"
ONCE = [["id"], ["mailing_id", "number"], ["mailing_id", "delivery"]]
SEVERAL = [["id"], ["mailing_id", "number"]]


def remove(apps, schema_editor):
    append_only.remove(TABLE, schema_editor.connection)


def install(apps, schema_editor):
    append_only.install(TABLE, SEVERAL, schema_editor.connection)


def install_as_before(apps, schema_editor):
    append_only.install(TABLE, ONCE, schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("mailings", "0025_one_index_of_an_address_s_letters")]

    operations = [
        # SQLite makes a table anew whose constraints change, without what guards it.
        migrations.RunPython(remove, install_as_before),
        migrations.RemoveConstraint(model_name="evidence", name="mailings_evidence_once"),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["mailing", "delivery", "number"], name="mailings_evidence_of_letter"),
        ),
        migrations.RunPython(install, remove),
    ]
