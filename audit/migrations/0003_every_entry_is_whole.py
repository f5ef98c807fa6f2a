"""What no entry may lack, held by the database."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_what_was_there_before")]

    operations = [
        migrations.AlterField("entry", "keep_until", models.DateField(db_index=True, verbose_name="kept until")),
        migrations.AddIndex("entry", models.Index(fields=["kind", "-id"], name="audit_entry_kind")),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=Q(kind__in=["sign_in", "account", "write", "view", "export", "security"]),
                name="audit_entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(condition=~Q(action="") & ~Q(by=""), name="audit_entry_says_who_and_what"),
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=Q(subject_id__isnull=True) | ~Q(subject_type=""), name="audit_entry_subject_has_a_type"
            ),
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=Q(origin="") | ~Q(by__in=["recipient", "sender", "worker"]),
                name="audit_entry_recipient_leaves_no_trace",
            ),
        ),
    ]
