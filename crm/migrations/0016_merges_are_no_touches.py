from django.db import migrations, models

KINDS = ["call", "meeting", "note", "messenger", "move"]


class Migration(migrations.Migration):
    """A merge is told from its own row; no touch of that kind was ever written."""

    dependencies = [
        ("crm", "0015_proof_and_source_are_sealed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='touch',
            name='crm_touch_kind',
        ),
        migrations.AlterField(
            model_name='touch',
            name='kind',
            field=models.CharField(choices=[('call', 'Call'), ('meeting', 'Meeting'), ('note', 'Note'), ('messenger', 'Message'), ('move', 'Change of post')], max_length=10, verbose_name='what it was'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', KINDS)), name='crm_touch_kind'),
        ),
    ]
