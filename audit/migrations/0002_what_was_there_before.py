"""Kind, record, changes, origin and the day of forgetting for every entry. All entries so far were changes."""

from datetime import UTC, timedelta

import django.utils.timezone
from django.db import migrations, models

KINDS = [
    ("sign_in", "Sign-ins"), ("account", "Accounts"), ("write", "Changes"),
    ("view", "Looks at sealed data"), ("export", "Exports"), ("security", "Security"),
]
KEPT = timedelta(days=3 * 365)


def date_the_end(apps, schema_editor):
    entries = apps.get_model("audit", "Entry").objects
    changed = []
    for entry in entries.order_by("pk").iterator(chunk_size=1000):
        entry.keep_until = entry.at.astimezone(UTC).date() + KEPT
        changed.append(entry)
    entries.bulk_update(changed, ["keep_until"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            "entry",
            {"ordering": ["-pk"], "verbose_name": "audit entry", "verbose_name_plural": "audit entries"},
        ),
        migrations.AlterField(
            "entry",
            "at",
            models.DateTimeField(
                db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="when"
            ),
        ),
        migrations.AddField("entry", "by_id", models.BigIntegerField(db_index=True, null=True)),
        migrations.AddField(
            "entry",
            "kind",
            models.CharField(choices=KINDS, default="write", max_length=10, verbose_name="kind"),
            preserve_default=False,
        ),
        migrations.AddField(
            "entry", "subject_label", models.CharField(blank=True, max_length=200, verbose_name="record")
        ),
        migrations.AddField(
            "entry", "subject_key", models.CharField(blank=True, editable=False, max_length=400)
        ),
        migrations.AddField("entry", "changes", models.JSONField(default=dict, verbose_name="before and after")),
        migrations.AddField("entry", "origin", models.CharField(blank=True, max_length=200, verbose_name="from where")),
        migrations.AddField(
            "entry", "keep_until", models.DateField(db_index=True, null=True, verbose_name="kept until")
        ),
        migrations.RunPython(date_the_end, migrations.RunPython.noop),
    ]
