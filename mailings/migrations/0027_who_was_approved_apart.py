import django.db.models.deletion
from django.db import migrations, models


def move_apart(apps, schema_editor):
    mailing, apart = apps.get_model("mailings", "Mailing"), apps.get_model("mailings", "ApprovedList")
    for pk, recipients in mailing.objects.exclude(approved_by=None).values_list("pk", "approved_recipients").iterator(1):
        apart.objects.create(mailing_id=pk, recipients=recipients)


def put_back(apps, schema_editor):
    mailing, apart = apps.get_model("mailings", "Mailing"), apps.get_model("mailings", "ApprovedList")
    for pk, recipients in apart.objects.values_list("mailing", "recipients").iterator(1):
        mailing.objects.exclude(approved_by=None).filter(pk=pk).update(approved_recipients=recipients)


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0026_evidence_of_each_answer'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovedList',
            fields=[
                ('mailing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='mailings.mailing')),
                ('recipients', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'list of approved recipients',
                'verbose_name_plural': 'lists of approved recipients',
            },
        ),
        migrations.RunPython(move_apart, put_back),
    ]
