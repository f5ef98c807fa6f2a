"""A role for everybody in place of Django's groups and superusers."""

from django.db import migrations, models

ROLES = [
    ("head", "Head"), ("editor", "Editor"), ("administrator", "Administrator"),
    ("member", "Member representative"), ("viewer", "Viewer"), ("door", "Door"),
]


def give_roles(apps, schema_editor):
    """Superusers keep their power; everybody else could write and import, as an editor can."""
    users = apps.get_model("accounts", "User").objects
    users.filter(is_superuser=True).update(role="head", also_administers=True)
    users.filter(is_superuser=False).update(role="editor")


def make_superusers(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(also_administers=True).update(is_superuser=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user", "role", models.CharField(choices=ROLES, default="viewer", max_length=16, verbose_name="role")
        ),
        migrations.AddField(
            "user",
            "also_administers",
            models.BooleanField(default=False, verbose_name="also looks after accounts and settings"),
        ),
        migrations.AddField(
            "user",
            "may_export",
            models.BooleanField(default=False, verbose_name="may take contacts out as a file"),
        ),
        migrations.AddField(
            "user", "expires_at", models.DateTimeField(blank=True, null=True, verbose_name="until")
        ),
        migrations.AddField(
            "user", "link_sent_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.RunPython(give_roles, make_superusers),
        migrations.RemoveField("user", "groups"),
        migrations.RemoveField("user", "is_superuser"),
        migrations.RemoveField("user", "user_permissions"),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(role__in=["head", "editor", "administrator", "member", "viewer", "door"]),
                name="accounts_user_role",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=~models.Q(role="door") | models.Q(expires_at__isnull=False),
                name="accounts_door_ends_by_itself",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(also_administers=False) | models.Q(role__in=["head", "editor"]),
                name="accounts_staff_also_administer",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(may_export=False) | models.Q(role__in=["head", "editor"]),
                name="accounts_staff_export",
            ),
        ),
    ]
